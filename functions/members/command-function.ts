import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { type AnswerDeps, answerInteraction } from "../../shared/discord/answer-interaction.ts";
import {
  type Access,
  type Control,
  controlsOf,
  type Definition,
  MAX_COMMAND_AGE_MS,
  type NameOf,
} from "../../shared/discord/define-command.ts";
import { snowflakeTimeMs } from "../../shared/discord/snowflake.ts";
import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../shared/events/discord-command.ts";
import { TerminalError } from "../../shared/runtime/errors.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import type { Deps } from "./deps.ts";
import {
  accessRefusalTexts,
  builderWords,
  hostWords,
  notYourChannelText,
  standingRefusal,
  tooOldText,
} from "./messages/access.ts";

/** Does what a command requests and returns the answer; nothing if others finish it. */
type Run<D> = (command: DiscordCommand, deps: D) => Promise<OutgoingMessage | undefined>;

/** What a command, button or form does. */
export type CommandAction<D> =
  | Run<D>
  | {
      readonly run: Run<D>;
      /**
       * Whether an earlier delivery has stored something under the command's id. Then it is finished
       * however old it is: half of it must not be left.
       */
      readonly isBegun: (command: DiscordCommand, deps: D) => Promise<boolean>;
      /** Adds to a refusal what lets its user try again, such as the form as they filled it in. */
      readonly refused?: (refusal: string, command: DiscordCommand) => OutgoingMessage;
    };

type CommandFunctionDeps = AnswerDeps & Pick<Deps, "builders" | "hosts" | "publisher">;

/**
 * The function that finishes some commands, buttons and forms. A definition that names this handler and has no
 * action does not compile. Before any action it checks, in one place, who asks and how old the command is, by the
 * definitions.
 *
 * Idempotency: each action is done once by the interaction's id and answers the same again. Crash safety: the
 * answer goes out last, when what it says is stored. Late: a command that is older than its definition allows
 * changes nothing, and its user is notified; one that an earlier delivery has begun is finished. A command
 * without an action is kept for the operators, who see that a newer version is missing, and its user reads
 * that it failed.
 */
export function commandFunction<
  const Handler extends DiscordCommand["handler"],
  const Definitions extends readonly Definition[],
  D,
>(
  handler: Handler,
  definitions: Definitions,
  actions: Readonly<Record<string, CommandAction<D>>> &
    Readonly<Record<NameOf<Handler, Definitions[number]>, unknown>>,
): FunctionHandler<D & CommandFunctionDeps> {
  const controls = controlsOf(definitions);
  return subscriber<DiscordCommand, D & CommandFunctionDeps>(
    discordCommandReceived,
    async (command, deps) => {
      // Subscriptions filter by it, but not on every emulator.
      if (command.handler !== handler) return;
      const action = Object.hasOwn(actions, command.command) ? actions[command.command] : undefined;
      const control = controls.find(({ name }) => name === command.command);
      if (!action || !control) throw new TerminalError(`No handler answers "${command.command}".`);
      const refusal = await findRefusal(command, { control, action }, deps);
      const { run, refused } =
        typeof action === "function" ? { run: action, refused: undefined } : action;
      const answer =
        refusal === undefined
          ? await run(command, deps)
          : (refused?.(refusal, command) ?? { content: refusal });
      if (!answer) return;
      const { id, userId, token } = command;
      await answerInteraction({ id, userId, token }, answer, deps);
    },
  );
}

async function findRefusal<D>(
  command: DiscordCommand,
  { control, action }: { readonly control: Control; readonly action: CommandAction<D> },
  deps: D & CommandFunctionDeps,
): Promise<string | undefined> {
  const ageMs = deps.clock.now().getTime() - snowflakeTimeMs(command.id);
  const isTooOld = ageMs > (control.maxAgeMs ?? MAX_COMMAND_AGE_MS);
  const refusal = isTooOld
    ? tooOldText(command.command, control.isTyped)
    : ((await findAccessRefusal(control, command, deps)) ?? findPlaceRefusal(control, command));
  if (refusal === undefined || typeof action === "function") return refusal;
  return (await action.isBegun(command, deps)) ? undefined : refusal;
}

/** Why someone may not use a command in this channel; our posts there would speak for them. */
function findPlaceRefusal(
  { postsHere }: Access,
  { channelId, mayPost }: DiscordCommand,
): string | undefined {
  return postsHere && channelId && mayPost === false ? notYourChannelText(channelId) : undefined;
}

/** Why someone may not use a command; undefined when they may. */
async function findAccessRefusal(
  { who }: Access,
  { userId, isStaff }: DiscordCommand,
  { builders, hosts }: Pick<Deps, "builders" | "hosts">,
): Promise<string | undefined> {
  switch (who) {
    case "everyone":
    case "owner":
      return undefined;
    case "staff":
      return isStaff ? undefined : accessRefusalTexts.staff;
    case "builder":
      return standingRefusal(await builders.standing(userId), builderWords);
    case "builder-or-staff":
      if (isStaff) return undefined;
      return standingRefusal(await builders.standing(userId), builderWords);
    case "host":
      return isStaff ? undefined : findHostingRefusal(userId, { builders, hosts });
  }
}

/** Why someone may not host races; undefined when they may. A builder who is suspended hosts nothing either. */
export async function findHostingRefusal(
  userId: string,
  { builders, hosts }: Pick<Deps, "builders" | "hosts">,
): Promise<string | undefined> {
  const refusal = standingRefusal(await hosts.standing(userId), hostWords);
  if (refusal !== undefined) return refusal;
  const asBuilder = await builders.standing(userId);
  return asBuilder.state === "suspended" ? standingRefusal(asBuilder, builderWords) : undefined;
}
