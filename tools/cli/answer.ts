import { helpOf, readTyped, UsageError } from "./command-line.ts";
import { devCommands } from "./commands.ts";
import { helpOfAll } from "./help.ts";
import { nearest } from "./nearest.ts";

/** The response to what was typed: a text to show, or a script to run with these arguments. */
export type Answer =
  | { readonly text: string }
  | { readonly script: string; readonly words: readonly string[] };

const HELP: ReadonlySet<string> = new Set(["help", "--help", "-h"]);

/** Checks what was typed after `./dev` before any of a command's code is loaded. Throws UsageError. */
export function answer([name = "help", ...words]: readonly string[]): Answer {
  if (!HELP.has(name)) return answerOf(name, words);
  const about = words.find((word) => !word.startsWith("-"));
  return about === undefined ? { text: helpOfAll() } : answerOf(about, ["--help"]);
}

function answerOf(wanted: string, words: readonly string[]): Answer {
  const command = devCommands.find((each) => each.name === wanted);
  if (!command) {
    const near = nearest(wanted, ["help", ...devCommands.map((each) => each.name)]);
    const hint = near ? `Did you mean ./dev ${near}?` : "";
    throw new UsageError(`./dev has no command ${wanted}. ${hint} ./dev help lists all commands.`);
  }
  // Those of `./dev ops` and of `./dev trigger` each have their own help.
  const isOfPart = wanted === "ops" || (wanted === "trigger" && !words[0]?.startsWith("-"));
  const isHelpWanted = words.includes("--help") || words.includes("-h");
  if (isHelpWanted && !isOfPart) return { text: helpOf(command) };
  if (!command.passesOn) readTyped(command, words);
  return { script: command.script, words };
}
