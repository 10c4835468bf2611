import { ComponentType, everyComponent } from "../forms/components.ts";
import type { Directory } from "./directory.ts";
import type { Channel, MessageContent, Pings } from "./records.ts";

/** The rules for mentions when a message has no `allowed_mentions`, by kind of message. */
export type MentionDefaults = "message" | "interaction";

/** No notifications. */
export const NOBODY: Pings = { users: [], roles: [], everyone: false };

/**
 * What a message may mention by default:
 * https://discord.com/developers/docs/resources/message#allowed-mentions-object
 */
const PARSED_BY_DEFAULT: Record<MentionDefaults, readonly string[]> = {
  message: ["users", "roles", "everyone"],
  interaction: ["users"],
};

/** Code blocks and inline code do not mention anyone. */
const CODE = /(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)/g;

/**
 * The mentions of a message: those in its text that `allowed_mentions` and the bot's permissions
 * allow. Embeds do not mention anyone.
 */
export function mentionsOf(
  message: MessageContent,
  channel: Channel,
  directory: Directory,
  defaults: MentionDefaults,
): Pings {
  const shown = [message.content, ...displayedTexts(message)].join("\n").replace(CODE, "");
  const allowed = message.allowedMentions;
  const parse: readonly string[] = allowed ? (allowed.parse ?? []) : PARSED_BY_DEFAULT[defaults];
  const may = (kind: "users" | "roles", id: string) =>
    parse.includes(kind) || (allowed?.[kind] ?? []).includes(id);

  const users = named(shown, /<@!?(\d{1,20})>/g).filter(
    (id) => may("users", id) && directory.knowsUser(id),
  );
  if (channel.kind === "dm") {
    return { ...NOBODY, users: users.filter((id) => id === channel.userId) };
  }
  const roles = named(shown, /<@&(\d{1,20})>/g).filter((id) => {
    const role = directory.role(id);
    const mentionable = role?.mentionable || channel.botMay.mentionEveryone;
    return may("roles", id) && role?.guildId === channel.guildId && mentionable;
  });
  const everyone =
    /@(?:everyone|here)\b/.test(shown) &&
    parse.includes("everyone") &&
    channel.botMay.mentionEveryone;
  return { users, roles, everyone };
}

/**
 * The mentioned users and roles that are notified. An ephemeral message notifies only its
 * recipient.
 */
export function notifiedOf(mentions: Pings, onlyFor: string | undefined): Pings {
  if (onlyFor === undefined) return mentions;
  return { ...NOBODY, users: mentions.users.filter((id) => id === onlyFor) };
}

function displayedTexts(message: MessageContent): string[] {
  return [...everyComponent(message.components)]
    .filter(({ component }) => component["type"] === ComponentType.textDisplay)
    .map(({ component }) => String(component["content"]));
}

function named(shown: string, pattern: RegExp): string[] {
  return [...new Set([...shown.matchAll(pattern)].map((match) => match[1] ?? ""))];
}
