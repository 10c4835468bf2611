import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { REST } from "@discordjs/rest";
import type { Clock } from "../../shared/runtime/clock.ts";
import { runDoctor } from "../../tools/doctor/run.ts";
import type { Renewal } from "../../tools/setup/arguments.ts";
import { runSetup } from "../../tools/setup/run.ts";
import type { TestCloud } from "../support/cloud.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  /** The findings that are wrong, with their remedies, one per line. */
  readonly wrong: readonly string[];
}

/** Runs `./dev setup` and `./dev doctor` against a cloud, from a separate folder. */
export function commandsOn(cloud: TestCloud) {
  const folder = mkdtempSync(join(tmpdir(), "c500-setup-"));
  // The commands sleep only while waiting for a task: sleeping runs the cloud until no task is due.
  const clock: Clock = { now: () => cloud.clock.now(), sleep: async () => cloud.tasks?.whenIdle() };

  return {
    folder,
    setup: (
      changes: Environment = {},
      terminal: Partial<ReturnType<typeof person>> = {},
      renew?: Renewal,
    ) => {
      const environment = { ...cloud.settings, ...changes };
      const { input = new PassThrough() } = terminal;
      return outcomeOf(
        (output) => runSetup({ environment, folder, clock, input, output, renew }),
        terminal.output,
      );
    },
    doctor: (changes: Environment = {}) =>
      outcomeOf((output) =>
        runDoctor({ environment: { ...cloud.settings, ...changes }, folder, clock, output }),
      ),
    /** A call to Secret Manager, below the project's secrets. */
    secrets: async (method: string, path: string, body?: object): Promise<SecretAnswer> => {
      const { SECRET_MANAGER_EMULATOR_HOST: host, GOOGLE_CLOUD_PROJECT: project } = cloud.settings;
      const response = await fetch(`http://${host}/v1/projects/${project}/secrets${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      return (await response.json()) as SecretAnswer;
    },
    discord: () =>
      new REST({ version: "10", api: cloud.settings["DISCORD_API_BASE_URL"] ?? "" }).setToken(
        cloud.settings["DISCORD_BOT_TOKEN"] ?? "",
      ),
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** The parts of Secret Manager's responses that tests read. */
export interface SecretAnswer {
  readonly versions?: readonly { readonly name: string }[];
  readonly payload?: { readonly data: string };
}

/** A person who answers each question by the setting's name, and types "\u0003" to stop. */
export function person(answers: Readonly<Record<string, readonly string[]>>) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const left = new Map(Object.entries(answers).map(([name, lines]) => [name, [...lines]]));
  let asked = "";
  const output = new PassThrough();
  const read = (chunk: unknown) => {
    const text = String(chunk);
    asked = /^\n(\w+): /.exec(text)?.[1] ?? asked;
    if (!text.includes("  > ")) return;
    const answer = left.get(asked)?.shift();
    if (answer === undefined) throw new Error(`There is no answer to the question for ${asked}.`);
    input.write(answer === STOP ? answer : `${answer}\r`);
  };
  output.on("data", read);
  return { input, output };
}

/** Ctrl+C. */
export const STOP = "\u0003";

async function outcomeOf(
  run: (stream: PassThrough) => Promise<number>,
  stream = new PassThrough(),
): Promise<Outcome> {
  const chunks: string[] = [];
  stream.on("data", (chunk) => chunks.push(String(chunk)));
  const code = await run(stream);
  const output = chunks.join("");
  const lines = output.replace(/\n +→ /g, " → ").split("\n");
  return { code, output, wrong: lines.filter((line) => line.startsWith("WRONG")) };
}
