import type { OutgoingMessage } from "../../clients/discord/outgoing-message.ts";
import type { CommandHandler, DiscordCommand } from "../../events/discord-command.ts";
import { TerminalError } from "../../runtime/errors.ts";
import { type Definition, inputsOf, type ValuesOf } from "./define-command.ts";
import { readValues } from "./values.ts";

/** Who uses a command, button or form, where, and under which interaction, without the given values. */
export type CommandUse = Omit<DiscordCommand, "options" | "handler">;

/** Performs the action and returns the answer; nothing if something else answers later. */
type Run<V, D> = (use: CommandUse, values: V, deps: D) => Promise<OutgoingMessage | undefined>;

/** The action of a command, button or form. */
export type Does<V, RunDeps, BegunDeps> =
  | Run<V, RunDeps>
  | {
      readonly run: Run<V, RunDeps>;
      /**
       * Whether an earlier delivery has stored something under the interaction's id. Such a command is finished
       * however old it is, because it must not stay half done.
       */
      readonly isBegun: (use: CommandUse, values: V, deps: BegunDeps) => Promise<boolean>;
      /** Adds to a refusal something that lets the user try again, such as the form as they filled it in. */
      readonly refused?: (refusal: string, use: CommandUse) => OutgoingMessage;
    };

/** One use of a command, button or form, with the given values. */
interface PreparedUse<D> {
  run(deps: D): Promise<OutgoingMessage | undefined>;
  isBegun(deps: D): Promise<boolean>;
  refuse(refusal: string): OutgoingMessage;
}

/** A definition with its action. */
export interface CommandAction<
  Name extends string = string,
  Handler extends CommandHandler = CommandHandler,
  D = never,
> {
  readonly definition: Definition & { readonly name: Name; readonly answeredBy: Handler };
  /**
   * Reads the given values by the definition. Throws a TerminalError if they do not fit: the command becomes a dead
   * letter, and the user is notified.
   */
  readonly prepare: (command: DiscordCommand) => PreparedUse<D>;
}

/**
 * Adds an action to a definition. Calls need a `@__PURE__` comment, so that the bundle of `discord-interactions`, which
 * needs only definitions, does not contain the actions.
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
