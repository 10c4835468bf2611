import { createDeps, type Deps } from "../functions/operations/deps.ts";
import type { Cloud } from "../local/cloud/cloud.ts";
import { connectInProcess } from "../local/functions/connect.ts";
import { type Config, loadConfig } from "../shared/runtime/config.ts";
import { createPlatformDeps } from "../shared/runtime/deps.ts";
import { createLog } from "../shared/runtime/log.ts";
import { replay } from "../tools/ops/commands/dead-letters/replay.ts";
import type { Stage } from "./stage.ts";

const SETTINGS = [
  "GOOGLE_CLOUD_PROJECT",
  "GOOGLE_CLOUD_REGION",
  "FUNCTION_URL_TEMPLATE",
  "TASKS_SERVICE_ACCOUNT",
  "CLOUD_TASKS_EMULATOR_HOST",
] as const;
const PUBLISH_DEADLINE_MS = 10_000;

/** The part of a log line that tells how a delivery ended. */
interface Handled {
  readonly subscription?: string;
  readonly messageId?: string;
  readonly queue?: string;
  readonly taskId?: string;
  readonly attempt?: number;
}

/** The deliveries that a function answered with a failure: their number, and the number of the last one. */
interface Failures {
  readonly count: number;
  readonly lastAttempt: number;
}

const NO_FAILURES: Failures = { count: 0, lastAttempt: 0 };

/** Everyone who reads the operators' notices. */
export class Operators {
  readonly #stage: Stage;
  /** By subscription and message, or queue and task. */
  readonly #failures = new Map<string, Failures>();

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.watchLog((line) => {
      if (!/"outcome":"(?:again|kept)"/.test(line)) return;
      const { subscription, messageId, queue, taskId, attempt = 0 } = JSON.parse(line) as Handled;
      const key = queue === undefined ? `${subscription}.${messageId}` : `${queue}.${taskId}`;
      const { count } = this.#failures.get(key) ?? NO_FAILURES;
      this.#failures.set(key, { count: count + 1, lastAttempt: attempt });
    });
  }

  /**
   * Replays the messages and tasks of which most attempts had no answer, because their instances were killed or the
   * deliveries lost: that is no defect of a function. What functions themselves answered most times stays open. Returns
   * how many were replayed.
   */
  async replayUnanswered(): Promise<number> {
    const deps = depsOf(this.#stage.cloud);
    let replayed = 0;
    for await (const { id, reason, state } of deps.deadLetters.since(new Date(0))) {
      if (state !== "open") continue;
      const ofMessage = Number(/^Not handled after (\d+) attempts/.exec(reason)?.[1] ?? 0);
      const key = ofMessage > 0 ? id : await taskOf(id, deps);
      const { count, lastAttempt } = this.#failures.get(key) ?? NO_FAILURES;
      if (count >= (ofMessage || lastAttempt) / 2) continue;
      const { isSent } = await replay(id, false, deps);
      if (isSent) replayed += 1;
    }
    return replayed;
  }
}

/** A dead letter's queue and task; an unknown one for a message. */
async function taskOf(id: string, { deadLetters }: Deps): Promise<string> {
  const { functionName, body = "{}" } = (await deadLetters.get(id)) ?? {};
  const { id: taskId } = JSON.parse(body) as { readonly id?: string };
  return `${functionName}.${taskId}`;
}

/** Each open dead letter's function and reason, in the order of their ids. */
export async function openDeadLetters(
  { database }: Pick<Stage, "database">,
  isExpected: (body: string, reason: string) => boolean = () => false,
): Promise<string[]> {
  const { docs } = await database.collection("dead_letters").get();
  return docs.flatMap((deadLetter) => {
    const reason = `${deadLetter.get("function_name")}: ${deadLetter.get("reason")}`;
    const isOpen = deadLetter.get("state") === "open";
    return isOpen && !isExpected(String(deadLetter.get("body")), reason) ? [reason] : [];
  });
}

function depsOf({ settings, clock, databaseOf, pubsub, tasks, fetch }: Cloud): Deps {
  const config = loadConfig(settings, SETTINGS) as Config;
  const connect = connectInProcess(
    { firestore: databaseOf && { databaseOf }, pubsub, tasks },
    fetch,
  )(
    () => 0.5,
    (_operation, call) => call(),
  );
  const connections = connect(config, PUBLISH_DEADLINE_MS);
  const log = createLog(() => undefined);
  return createDeps(createPlatformDeps(config, clock, log, connections), connections.database);
}
