import type { CommandAction } from "../../shared/discord/definitions/command-action.ts";
import {
  type Access,
  type Definition,
  MAX_COMMAND_AGE_MS,
} from "../../shared/discord/definitions/define-command.ts";
import {
  type AnswerDeps,
  answerInteraction,
} from "../../shared/discord/sending/answer-interaction.ts";
import { snowflakeTimeMs } from "../../shared/discord/snowflake.ts";
import {
  type CommandHandler,
  type DiscordCommand,
  discordCommandReceived,
} from "../../shared/events/discord-command.ts";
import { subscriber } from "../../shared/runtime/delivery/subscriber.ts";
import { TerminalError } from "../../shared/runtime/errors.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import type { Deps } from "./deps.ts";
import {
  accessRefusalTexts,
  builderWords,
  hostWords,
  notYourChannelText,
  standingRefusal,
  tooOldText,
} from "./messages/access.ts";

type CommandFunctionDeps = AnswerDeps & Pick<Deps, "builders" | "hosts" | "publisher">;

type AnyAction = CommandAction<string, CommandHandler, never>;

/** The dependencies of several actions together. */
type DepsOf<Action> = (
  Action extends CommandAction<string, CommandHandler, infer D>
    ? (deps: D) => void
    : never
) extends (deps: infer All) => void
  ? All
  : never;

/** The names of a handler's definitions that have no action. */
type Unanswered<Handler, Defined, Action extends AnyAction> = Exclude<
  Extract<Defined, { readonly answeredBy: Handler; readonly name: string }>["name"],
  Action["definition"]["name"]
>;

/**
 * The function that finishes some commands, buttons and forms. A definition that names this handler and has no
 * action does not compile. Before any action it checks who uses the command and how old it is, as the
 * definition declares.
 *
 * Idempotency: each action is done once by the interaction's id and answers the same again. Crash safety: the
 * answer is sent last, after everything it reports is stored. Lateness: a command that is older than its definition
 * allows changes nothing, and its user is notified; one that an earlier delivery has begun is finished. A command
 * without an action, or with options that its definition does not have, was made by a newer version: it becomes a dead
 * letter, and its user reads that it failed.
 */
export function commandFunction<
  const Handler extends CommandHandler,
  const Definitions extends readonly Definition[],
  const Actions extends readonly AnyAction[],
>(
  handler: Handler,
  _definitions: Definitions,
  actions: Actions &
    ([Unanswered<Handler, Definitions[number], Actions[number]>] extends [never]
      ? unknown
      : { readonly missing: Unanswered<Handler, Definitions[number], Actions[number]> }),
): FunctionHandler<DepsOf<Actions[number]> & CommandFunctionDeps> {
  const all: readonly CommandAction<string, CommandHandler, DepsOf<Actions[number]>>[] = actions;
  const byName = new Map(all.map((action) => [action.definition.name, action]));
  return subscriber<DiscordCommand, DepsOf<Actions[number]> & CommandFunctionDeps>(
    discordCommandReceived,
    async (command, deps) => {
      // Subscriptions filter by it, but not on every emulator.
      if (command.handler !== handler) return;
      const action = byName.get(command.command);
      if (!action) throw new TerminalError(`No handler answers "${command.command}".`);
      const use = action.prepare(command);
      const refusal = await findRefusal(command, action.definition, deps);
      const answer =
        refusal === undefined || (await use.isBegun(deps))
          ? await use.run(deps)
          : use.refuse(refusal);
      if (!answer) return;
      const { id, userId, token } = command;
      await answerInteraction({ id, userId, token }, answer, deps);
    },
  );
}

async function findRefusal(
  command: DiscordCommand,
  definition: Definition,
  deps: CommandFunctionDeps,
): Promise<string | undefined> {
  const ageMs = deps.clock.now().getTime() - snowflakeTimeMs(command.id);
  if (ageMs > (definition.maxAgeMs ?? MAX_COMMAND_AGE_MS)) {
    return tooOldText(command.command, definition.kind === "command");
  }
  return (
    (await findAccessRefusal(definition, command, deps)) ?? findPlaceRefusal(definition, command)
  );
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

/**
 * Why someone may not host races; undefined when they may. A builder who is suspended hosts nothing either. Someone who
 * `isHost` of a race already may be a member of the team who has never asked.
 */
export async function findHostingRefusal(
  userId: string,
  { builders, hosts }: Pick<Deps, "builders" | "hosts">,
  { isHost = false }: { readonly isHost?: boolean } = {},
): Promise<string | undefined> {
  const standing = await hosts.standing(userId);
  const isUndecided = standing.state === "unregistered" || standing.state === "awaiting";
  const refusal = isHost && isUndecided ? undefined : standingRefusal(standing, hostWords);
  if (refusal !== undefined) return refusal;
  const asBuilder = await builders.standing(userId);
  return asBuilder.state === "suspended" ? standingRefusal(asBuilder, builderWords) : undefined;
}
