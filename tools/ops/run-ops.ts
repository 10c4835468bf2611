import { describeError } from "../../shared/runtime/errors.ts";
import { ConfigError } from "../../shared/runtime/settings.ts";
import { UsageError } from "../cli/command-line.ts";
import { explainMistake } from "../cli/mistake.ts";
import { nearest } from "../cli/nearest.ts";
import { printable } from "../cli/table.ts";
import { type Command, type ExitCode, exitCodes, type OpsContext } from "./command.ts";
import { commands } from "./commands/index.ts";

const CLOSING = `
They work on the local cloud while ./dev up runs in this folder, else on the installation of c500.env
and the environment; its secrets are read from Secret Manager. Times are UTC. What changes an auction,
an order, the ledger or several dead letters asks first on a terminal; --yes answers for you. Exit code:
0 all is well, 1 something needs you, 2 wrong usage.
`;

const MISSING_ADVICE =
  " Start the local cloud with ./dev up, or put what is missing into c500.env.";

/** Runs a command of `./dev ops` and returns its exit code. */
export async function runOps(args: readonly string[], context: OpsContext): Promise<ExitCode> {
  const command = commandIn(args);
  if (args[0] === "help" || args.includes("--help") || args.includes("-h")) {
    context.out.write(usageOf(command ? withThoseBelow(command) : commandsFor(args)));
    return exitCodes.fine;
  }
  if (!command) {
    const named = commandsFor(args);
    if (args[0]) context.err.write(printable(`${unknownCommand(args)}\n\n`));
    context.err.write(usageOf(named));
    return exitCodes.wrongUsage;
  }
  try {
    return await command.run(args.slice(command.name.split(" ").length), context);
  } catch (error) {
    return failed(error, command, context);
  }
}

function failed(error: unknown, command: Command, { err }: OpsContext): ExitCode {
  if (error instanceof UsageError) {
    err.write(`${printable(error.message)}\n\n${linesOf([command])}`);
    return exitCodes.wrongUsage;
  }
  if (error instanceof ConfigError) {
    const isMissing = error.message.includes(" is missing");
    err.write(`${error.message}${isMissing ? MISSING_ADVICE : ""}\n`);
    return exitCodes.wrongUsage;
  }
  err.write(`${printable(explainMistake(error) ?? describeError(error))}\n`);
  return exitCodes.needsYou;
}

function commandIn(args: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(" ").every((word, index) => args[index] === word));
}

/** A command, and the commands whose names continue its own. */
function withThoseBelow({ name }: Command): readonly Command[] {
  return commands.filter((each) => `${each.name} `.startsWith(`${name} `));
}

function unknownCommand(args: readonly string[]): string {
  const words = args.filter((word) => !word.startsWith("-")).slice(0, 2);
  const typed = (words.length > 0 ? words : args.slice(0, 1)).join(" ");
  const known = commands.flatMap(({ name }) => [name, name.split(" ")[0] ?? name]);
  const near = nearest(typed, known);
  return `./dev ops has no command ${typed}.${near && near !== typed ? ` Did you mean ${near}?` : ""}`;
}

/** The commands that begin with the first word; all commands if none does. */
function commandsFor([first]: readonly string[]): readonly Command[] {
  const meant = commands.filter(({ name }) => name.split(" ")[0] === first);
  return meant.length > 0 ? meant : commands;
}

function usageOf(some: readonly Command[]): string {
  return `${linesOf(some)}${CLOSING}`;
}

function linesOf(some: readonly Command[]): string {
  const lines = some.flatMap(({ name, usage, does }) => [
    `./dev ops ${name} ${usage}`.trimEnd(),
    ...does.split("\n").map((line) => `    ${line.trim()}`),
  ]);
  return `${lines.join("\n")}\n`;
}
