import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { type Trigger, triggers } from "../../local/triggers/index.ts";
import { type DevCommand, helpOf, readTyped, UsageError } from "../cli/command-line.ts";
import { Mistake } from "../cli/mistake.ts";
import { nearest } from "../cli/nearest.ts";

const HELP: ReadonlySet<string> = new Set(["help", "--help", "-h"]);

const endpointsFile = z.object({ studio: z.url() });
const triggered = z.object({
  said: z.string(),
  links: z.array(z.object({ label: z.string(), href: z.string() })),
});

/**
 * Runs `./dev trigger` and returns what it prints: the list without a name, a trigger's help, or
 * what happened in the local cloud whose addresses the file names. Throws UsageError for wrong
 * words, and Mistake when the cloud does not run or refuses.
 */
export async function runTriggerCommand(
  words: readonly string[],
  endpoints: string,
): Promise<string> {
  const [first, ...rest] = words;
  if (first === undefined) return listOf();
  const [name = "", args] = HELP.has(first) ? [rest[0], ["--help"]] : [first, rest];
  const trigger = triggers.find((each) => each.name === name);
  if (!trigger) {
    const near = nearest(
      name,
      triggers.map((each) => each.name),
    );
    const hint = near ? ` Did you mean ${near}?` : "";
    throw new UsageError(`There is no trigger "${name}".${hint} ./dev trigger lists all.`);
  }
  const command = commandOf(trigger);
  if (args.some((arg) => HELP.has(arg))) return helpOf(command);
  return make(name, readTyped(command, args).texts, endpoints);
}

function listOf(): string {
  const width = Math.max(...triggers.map(({ name }) => name.length)) + 2;
  const lines = triggers.map(({ name, does }) => `  ${name.padEnd(width)}${does}`);
  return `./dev trigger NAME makes one event in the cloud of ./dev up:\n\n${lines.join("\n")}\n\n./dev trigger NAME --help lists its options.\n`;
}

/** A trigger as a command, for its help and for reading what was typed. */
function commandOf({ name, does, options }: Trigger): DevCommand {
  const flags = Object.entries(options).map(([option, { value, does: meaning }]) => [
    option,
    { type: "string" as const, value, does: meaning },
  ]);
  return {
    name: `trigger ${name}`,
    script: "tools/trigger/index.ts",
    does,
    flags: Object.fromEntries(flags),
  };
}

async function make(
  name: string,
  options: Readonly<Record<string, string | undefined>>,
  endpoints: string,
): Promise<string> {
  const { origin, token } = studioIn(endpoints);
  const response = await fetch(`${origin}/api/scenes/trigger`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-studio-token": token },
    body: JSON.stringify({ name, options }),
  }).catch((error: unknown) => {
    throw notRunning(error);
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Mistake(z.parse(z.object({ error: z.string() }), answer).error);
  const { said, links } = z.parse(triggered, answer);
  const shown = links.map(({ label, href }) => `  ${label}: ${new URL(href, origin).href}`);
  return `${[said, ...shown].join("\n")}\n`;
}

function studioIn(endpoints: string): { origin: string; token: string } {
  try {
    const { studio } = z.parse(endpointsFile, JSON.parse(readFileSync(endpoints, "utf8")));
    const { origin, hash } = new URL(studio);
    return { origin, token: new URLSearchParams(hash.slice(1)).get("token") ?? "" };
  } catch (error) {
    throw notRunning(error);
  }
}

function notRunning(cause: unknown): Mistake {
  return new Mistake(
    "The local cloud is not running in this folder. Start it with ./dev up in another terminal and leave it running.",
    { cause },
  );
}
