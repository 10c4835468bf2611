import { type CommandHandler, discordCommandReceived } from "../../events/discord-command.ts";
import type { LimitName } from "../../limits/limits.ts";
import { limitText } from "../../limits/texts.ts";
import type { PlatformDeps } from "../../runtime/deps.ts";
import type { Definition } from "../definitions/define-command.ts";
import type { PlainValue } from "../definitions/values.ts";
import {
  actingAccountName,
  actingUserId,
  actingUserName,
  avatarOf,
  EPHEMERAL,
  managesServer,
  mayPostThere,
  ResponseType,
  type UserInteraction,
} from "../interaction.ts";

/** A command, button or form that a subscriber finishes, with its values. */
export interface Deferred {
  readonly definition: Pick<Definition, "name" | "limit">;
  readonly handler: CommandHandler;
  readonly values: Readonly<Record<string, PlainValue | undefined>>;
}

/** The dependencies of deferring. */
export type DeferDeps = Pick<PlatformDeps, "config" | "publisher" | "limiter" | "log">;

/** Answers that any interaction may get. */
export const texts = {
  unknownCommand:
    "I don't know that command. It may have been renamed: restart Discord and pick it from the list again.",
  unknownButton:
    "That button is from an older version of me. Look for a newer message, or ask the team.",
  unknownSelect:
    "That list is from an older version of me. Look for a newer message, or ask the team.",
  badOptions:
    "Something in that command didn't arrive the way I expected. Pick it from Discord's list again and fill in the fields it shows.",
  badPicture: "Use a PNG, JPEG, GIF or WebP file of at most 8 MB as the picture.",
  notPublished:
    "I couldn't take that just now, but it may still go through. Wait a minute and look whether it did; if nothing has happened, try again.",
};

/**
 * Counts a use of a command, button or form. Returns the refusal if the person has reached its limit, undefined
 * otherwise. Idempotent by the interaction's id.
 */
export async function refusedByLimit(
  interaction: UserInteraction,
  limit: LimitName | undefined,
  { limiter }: Pick<PlatformDeps, "limiter">,
): Promise<object | undefined> {
  const userId = actingUserId(interaction);
  if (!limit || !userId) return undefined;
  const admission = await limiter.count(limit, { userId, id: interaction.id });
  return admission.isAllowed ? undefined : onlyForYou(limitText(limit, admission.retryAt));
}

/**
 * Publishes a command for its subscriber and answers "thinking…" once Pub/Sub has it; refuses it at its limit. If
 * Pub/Sub does not confirm in time, the answer asks the person to check before they try again: Pub/Sub may have the
 * message although its answer was lost, and another try is another command.
 */
export async function defer(
  interaction: UserInteraction,
  { definition, handler, values }: Deferred,
  { config, publisher, limiter, log }: DeferDeps,
): Promise<object> {
  const userId = actingUserId(interaction);
  if (!userId) return onlyForYou(texts.badOptions);
  const { name: command, limit } = definition;
  const refused = await refusedByLimit(interaction, limit, { limiter });
  if (refused) return refused;
  const { id, token, channel_id: channelId } = interaction;
  const isStaff = managesServer(interaction, config.DISCORD_GUILD_ID);
  try {
    const place = channelId ? { channelId, mayPost: mayPostThere(interaction) } : {};
    const name = actingUserName(interaction);
    const accountName = actingAccountName(interaction);
    const named = { ...(name && { userName: name }), ...(accountName && { accountName }) };
    const avatarUrl = avatarOf(interaction);
    const asker = { userId, ...named, ...(avatarUrl && { avatarUrl }), isStaff };
    const options = Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    const event = { id, token, command, handler, ...asker, ...place, options };
    await publisher.publish(discordCommandReceived, event);
  } catch (error) {
    log.error("A command was not published", error, { command, interaction: id });
    return onlyForYou(texts.notPublished);
  }
  return { type: ResponseType.deferredMessage, data: { flags: EPHEMERAL } };
}

/** An immediate answer that only the user sees. */
export function onlyForYou(content: string, components: readonly object[] = []): object {
  const rows = components.length > 0 ? { components } : {};
  const data = { content, ...rows, flags: EPHEMERAL, allowed_mentions: { parse: [] } };
  return { type: ResponseType.message, data };
}
