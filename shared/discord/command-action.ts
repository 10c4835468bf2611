import type { OutgoingMessage } from "../clients/discord.ts";
import type { CommandHandler, DiscordCommand } from "../events/discord-command.ts";
import { TerminalError } from "../runtime/errors.ts";
import { type Definition, inputsOf, type ValuesOf } from "./define-command.ts";
import { readValues } from "./values.ts";

/** Who uses a command, button or form, where, and under which interaction. What they gave is read apart. */
export type CommandUse = Omit<DiscordCommand, "options" | "handler">;

/** Does what is asked for and returns the answer; nothing where others finish it. */
type Run<V, D> = (use: CommandUse, values: V, deps: D) => Promise<OutgoingMessage | undefined>;

/** What a command, button or form does. */
export type Does<V, RunDeps, BegunDeps> =
  | Run<V, RunDeps>
  | {
      readonly run: Run<V, RunDeps>;
      /**
       * Whether an earlier delivery has stored something under the interaction's id. Then it is finished
       * however old it is: half of it must not be left.
       */
      readonly isBegun: (use: CommandUse, values: V, deps: BegunDeps) => Promise<boolean>;
      /** Adds to a refusal what lets its user try again, such as the form as they filled it in. */
      readonly refused?: (refusal: string, use: CommandUse) => OutgoingMessage;
    };

/** One use of a command, button or form, with what was given. */
interface PreparedUse<D> {
  run(deps: D): Promise<OutgoingMessage | undefined>;
  isBegun(deps: D): Promise<boolean>;
  refuse(refusal: string): OutgoingMessage;
}

/** A definition with what it does. */
export interface CommandAction<
  Name extends string = string,
  Handler extends CommandHandler = CommandHandler,
  D = never,
> {
  readonly definition: Definition & { readonly name: Name; readonly answeredBy: Handler };
  /**
   * Reads what was given by the definition. Throws a TerminalError where it does not fit: then it is kept for
   * the operators, and its user is notified.
   */
  readonly prepare: (command: DiscordCommand) => PreparedUse<D>;
}

/**
 * Gives a definition what it does. Written after a `@__PURE__` comment, so that the bundle of the function that
 * Discord calls, which needs the definition alone, holds nothing of it.
 */
export function action<
  const Name extends string,
  const Handler extends CommandHandler,
  const Defined extends Definition & { readonly name: Name; readonly answeredBy: Handler },
  RunDeps,
  BegunDeps = unknown,
>(
  definition: Defined & { readonly name: Name; readonly answeredBy: Handler },
  does: Does<ValuesOf<Defined>, RunDeps, BegunDeps>,
): CommandAction<Name, Handler, RunDeps & BegunDeps> {
  const { run, isBegun, refused } =
    typeof does === "function" ? { run: does, isBegun: undefined, refused: undefined } : does;
  return {
    definition,
    prepare: ({ options, ...use }) => {
      const values = readValues(inputsOf(definition), options);
      if (!values) throw new TerminalError(`What "${definition.name}" was given does not fit it.`);
      const given = values as ValuesOf<Defined>;
      return {
        run: (deps) => run(use, given, deps),
        isBegun: async (deps) => (await isBegun?.(use, given, deps)) ?? false,
        refuse: (refusal) => refused?.(refusal, use) ?? { content: refusal },
      };
    },
  };
}
