import { ComponentType, everyComponent } from "../forms/components.ts";
import type { Directory } from "./directory.ts";
import type { Channel, MessageContent, Pings } from "./records.ts";

/** Whose words they are decides what they mention when `allowed_mentions` is left out. */
export type MentionDefaults = "message" | "interaction";

/** No notification at all. */
export const NOBODY: Pings = { users: [], roles: [], everyone: false };

/** What may be mentioned unless told: https://discord.com/developers/docs/resources/message#allowed-mentions-object */
const PARSED_BY_DEFAULT: Record<MentionDefaults, readonly string[]> = {
  message: ["users", "roles", "everyone"],
  interaction: ["users"],
};

/** Code blocks and inline code mention nobody. */
const CODE = /(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)/g;

/**
 * Whom a message mentions: what its text names, as far as `allowed_mentions` and the bot's rights
 * let it. Embeds mention nobody.
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

/** Who of those mentioned is notified: of an ephemeral message, only the one who sees it. */
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
