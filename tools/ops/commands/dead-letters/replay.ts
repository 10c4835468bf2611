import type { Deps } from "../../../../functions/operations/deps.ts";
import type { KeptDeadLetter } from "../../../../functions/operations/store/dead-letters.ts";
import { describeError } from "../../../../shared/runtime/errors.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed } from "../../command.ts";
import { deadLetterIds, functionNamed, wholeNumber } from "./arguments.ts";
import { replayIdOf, sendAgain, whyNotSent } from "./send-again.ts";
import { unknownDeadLetter } from "./show.ts";

/** The default limit for one function. */
const MOST_AT_ONCE = 100;

type ReplayDeps = Pick<Deps, "deadLetters" | "publisher" | "tasks" | "clock">;

/** Sends dead letters again, one after the other. One that cannot be sent does not stop the others. */
export const replayDeadLetters = defineCommand({
  name: "dead-letters replay",
  usage: "ID… | --function NAME [--limit N] [--again] [--yes]",
  does: `sends dead letters again, unchanged, each to the function that failed; --function selects its open ones,
           the oldest first, up to ${MOST_AT_ONCE} unless --limit is given; --again includes replayed and discarded ones`,
  options: {
    function: { type: "string" },
    limit: { type: "string" },
    again: { type: "boolean" },
    yes: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const functionName = functionNamed(values.function);
    if ((functionName === undefined) === (positionals.length === 0)) {
      throw new UsageError("Give ids, or a function with --function.");
    }
    const named = deadLetterIds(positionals);
    const limit = wholeNumber("--limit", values.limit) ?? MOST_AT_ONCE;
    const { name, deps } = await context.open([
      ...(["GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_REGION", "FUNCTION_URL_TEMPLATE"] as const),
      ...(["TASKS_SERVICE_ACCOUNT", "CLOUD_TASKS_EMULATOR_HOST"] as const),
    ]);
    const ids = functionName ? await openDeadLettersOf(functionName, limit, deps) : named;
    if (ids.length === 0) {
      say(`${functionName} has no open dead letters.`);
      return exitCodes.fine;
    }
    const question = `Send ${ids.length} messages again, in ${name}?`;
    if (ids.length > 1 && !(await isConfirmed(question, values.yes, context))) {
      say("Nothing was sent.");
      return exitCodes.needsYou;
    }
    let unsent = 0;
    for (const id of ids) {
      const result = await replay(id, values.again ?? false, deps);
      if (!result.isSent) unsent += 1;
      say(`${result.isSent ? "sent    " : "NOT SENT"}  ${id}  ${result.what}`);
    }
    say(
      `${ids.length - unsent} sent, ${unsent} not. Those that fail again appear as open in the list.`,
    );
    return unsent === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});

async function openDeadLettersOf(
  functionName: string,
  limit: number,
  { deadLetters }: Pick<Deps, "deadLetters">,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const deadLetter of deadLetters.since(new Date(0))) {
    if (ids.length === limit) break;
    if (deadLetter.functionName === functionName && deadLetter.state === "open")
      ids.push(deadLetter.id);
  }
  return ids;
}

/** What happened to one dead letter. */
interface Outcome {
  readonly isSent: boolean;
  readonly what: string;
}

/** Sends a dead letter again, with another body if one is given, and marks it. */
export async function replay(
  id: string,
  isAgain: boolean,
  deps: ReplayDeps,
  body?: string,
): Promise<Outcome> {
  try {
    const kept = await deps.deadLetters.get(id);
    const deadLetter = kept && { ...kept, body: body ?? kept.body };
    if (!deadLetter) return { isSent: false, what: unknownDeadLetter(id) };
    const problem = whyNotSent(deadLetter);
    return problem ? { isSent: false, what: problem } : await send(deadLetter, isAgain, deps);
  } catch (error) {
    const what = `It is unchanged: ${describeError(error)} Try again in a minute.`;
    return { isSent: false, what };
  }
}

/**
 * Sends a dead letter again, then marks it. Crash safety: after a crash in between it is still open and can be
 * sent once more; functions are idempotent.
 */
async function send(
  deadLetter: KeptDeadLetter,
  isAgain: boolean,
  deps: ReplayDeps,
): Promise<Outcome> {
  const { id, functionName } = deadLetter;
  const at = deps.clock.now();
  const idOf = (number: number) => replayIdOf(deadLetter, number);
  const start = await deps.deadLetters.beginReplay(id, idOf, at, isAgain);
  if (start.outcome !== "ready") return { isSent: false, what: refusals[start.outcome] };
  await sendAgain(deadLetter, start.number, deps);
  const state = await deps.deadLetters.replayed(id, start.replayId, at);
  const what = state === "open" ? "It has failed again already." : `to ${functionName}`;
  return { isSent: true, what };
}

const refusals = {
  unknown: "It no longer exists.",
  "under-way": "It is being sent at this moment, or a sender crashed: look again in a minute.",
  replayed: "It was already sent again; --again sends it once more.",
  discarded: "It was discarded; --again sends it anyway.",
} as const;
