import { helpOf, readTyped, UsageError } from "./command-line.ts";
import { devCommands } from "./commands.ts";
import { helpOfAll } from "./help.ts";
import { explainMistake } from "./mistake.ts";
import { nearest } from "./nearest.ts";

const MISUSED = 2;

const [name = "help", ...args] = process.argv.slice(2);

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

if (["help", "--help", "-h"].includes(name)) {
  const about = args.find((word) => !word.startsWith("-"));
  if (about === undefined) process.stdout.write(helpOfAll());
  else await start(about, ["--help"]).catch(fail);
} else await start(name, args).catch(fail);

/** Checks what was typed before anything of the command is loaded. */
async function start(wanted: string, words: readonly string[]): Promise<void> {
  const command = devCommands.find((each) => each.name === wanted);
  if (!command) {
    const near = nearest(wanted, ["help", ...devCommands.map((each) => each.name)]);
    const hint = near ? `Did you mean ./dev ${near}?` : "";
    throw new UsageError(`There is no ./dev ${wanted}. ${hint} ./dev help lists all commands.`);
  }
  // `./dev ops` has commands of its own, each with its help.
  const isHelpWanted = words.includes("--help") || words.includes("-h");
  if (isHelpWanted && wanted !== "ops") {
    process.stdout.write(helpOf(command));
    return;
  }
  if (!command.passesOn) readTyped(command, words);
  const script = new URL(`../../${command.script}`, import.meta.url);
  process.argv = [process.argv[0] ?? "", script.pathname, ...words];
  await import(script.href);
}

/** A person's mistake is shown as a sentence; our own defect with its stack. */
function fail(error: unknown): void {
  const sentence = explainMistake(error);
  if (sentence !== undefined) {
    process.stderr.write(`${sentence.replace(/ +/g, " ")}\n`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${stack}\n\nThat is a defect of ./dev ${name}: please report it.\n`);
  }
  process.exit(error instanceof UsageError ? MISUSED : 1);
}
