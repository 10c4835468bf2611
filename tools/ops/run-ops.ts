import { ConfigError } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import {
  type Command,
  type Desk,
  type ExitCode,
  exitCodes,
  NeedsYouError,
  UsageError,
} from "./command.ts";
import { commands } from "./commands/index.ts";
import { printable } from "./table.ts";

const HELP = /^(help|-h|--help)$/;
const CLOSING = `
They work on the local cloud while ./dev up runs in this folder, else on the installation whose
settings are in the environment. Times are UTC. Commands that change something ask first on a
terminal; --yes answers for you. Exit code: 0 all is well, 1 something needs you, 2 wrong usage.
`;

/** Does what \`./dev ops\` was asked for, and gives its exit code. */
export async function runOps(args: readonly string[], desk: Desk): Promise<ExitCode> {
  const command = commandIn(args);
  if (args.some((word) => HELP.test(word))) {
    desk.out.write(usageOf(command ? [command] : commandsFor(args)));
    return exitCodes.fine;
  }
  if (!command) {
    const named = commandsFor(args);
    if (args[0] && named === commands) desk.err.write(printable(`There is no "${args[0]}".\n\n`));
    desk.err.write(usageOf(named));
    return exitCodes.wrongUsage;
  }
  try {
    return await command.run(args.slice(command.name.split(" ").length), desk);
  } catch (error) {
    return failed(error, command, desk);
  }
}

function failed(error: unknown, command: Command, { err }: Desk): ExitCode {
  if (error instanceof UsageError) {
    err.write(`${printable(error.message)}\n\n${usageOf([command])}`);
    return exitCodes.wrongUsage;
  }
  if (error instanceof ConfigError) {
    const advice = "Start the local cloud with ./dev up, or set them in the environment.";
    err.write(`${error.message} ${advice}\n`);
    return exitCodes.wrongUsage;
  }
  const isOurs = error instanceof NeedsYouError;
  err.write(`${printable(isOurs ? error.message : describeError(error))}\n`);
  return exitCodes.needsYou;
}

function commandIn(args: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(" ").every((word, index) => args[index] === word));
}

/** Those that begin with the first word; all, where none does. */
function commandsFor([first]: readonly string[]): readonly Command[] {
  const meant = commands.filter(({ name }) => name.split(" ")[0] === first);
  return meant.length > 0 ? meant : commands;
}

function usageOf(some: readonly Command[]): string {
  const lines = some.flatMap(({ name, usage, does }) => [
    `./dev ops ${name} ${usage}`.trimEnd(),
    ...does.split("\n").map((line) => `    ${line.trim()}`),
  ]);
  return `${lines.join("\n")}\n${CLOSING}`;
}
