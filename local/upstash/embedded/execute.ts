import type { Command } from "../engine.ts";
import type { Reply } from "../reply.ts";
import type { CommandSpec } from "./command.ts";
import { CommandFailure, failures } from "./failure.ts";

/** Whether a command accepts this many words, including its name. */
export function fitsArity({ arity }: CommandSpec, words: number): boolean {
  return arity < 0 ? words >= -arity : words === arity;
}

/**
 * Finds a command's spec. Throws Redis's error for an unknown command or a wrong number of
 * arguments.
 */
export function lookUp(commands: ReadonlyMap<string, CommandSpec>, command: Command): CommandSpec {
  const [name = "", ...args] = command;
  const spec = commands.get(name.toLowerCase());
  if (!spec) {
    const shown = args.map((arg) => `'${arg.slice(0, 128)}' `).join("");
    throw new CommandFailure(
      `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}`,
    );
  }
  if (!fitsArity(spec, command.length)) throw failures.wrongArity(name.toLowerCase());
  return spec;
}

/** Runs work and converts a command's failure to an error reply. */
export function replying(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandFailure) return { error: error.message.replace(/[\r\n]+/g, " ") };
    throw error;
  }
}
