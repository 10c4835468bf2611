import type {
  APIAllowedMentions,
  APIAttachment,
  APIEmbed,
  APIMessageTopLevelComponent,
} from "discord-api-types/v10";
import type { Overwrite } from "./permissions.ts";

/** A Discord user. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly discriminator: string;
  readonly avatar: string | null;
  readonly bot: boolean;
}

/** A role of a server. */
export interface Role {
  readonly id: string;
  readonly guildId: string;
  readonly name: string;
  /** Whether every member may ping it; the bot may, given `mentionEveryone`. */
  readonly mentionable: boolean;
}

/** A server. */
export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  /** What the bot's invitation added to the permissions of @everyone, as Discord's bit set. */
  readonly botPermissions: string;
}

/** The bot's permissions in a channel. */
export interface BotPermissions {
  readonly viewChannel: boolean;
  readonly sendMessages: boolean;
  readonly embedLinks: boolean;
  readonly attachFiles: boolean;
  readonly mentionEveryone: boolean;
  /** Delete messages of others. */
  readonly manageMessages: boolean;
  readonly pinMessages: boolean;
}

/** A channel of a server. */
export interface GuildChannel {
  readonly kind: "guild";
  readonly id: string;
  readonly guildId: string;
  readonly name: string;
  /** 0 is text, 5 announcement, and so on. */
  readonly type: number;
  readonly botMay: BotPermissions;
  readonly overwrites: readonly Overwrite[];
  readonly topic: string | undefined;
}

/** The DM channel of the bot and one user. */
export interface DmChannel {
  readonly kind: "dm";
  readonly id: string;
  readonly userId: string;
}

export type Channel = GuildChannel | DmChannel;

/** The content that a message's author provides. */
export interface MessageContent {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly APIAttachment[];
  readonly poll?: object;
  readonly flags: number;
  readonly allowedMentions: APIAllowedMentions | undefined;
}

/** The users and roles that a message notified. */
export interface Pings {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly everyone: boolean;
}

/** A message as the simulator stores it. */
export interface Message extends MessageContent {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly createdAtMs: number;
  readonly editedAtMs: number | undefined;
  readonly tts: boolean;
  readonly nonce: string | number | undefined;
  readonly mentions: Pings;
  /** Who was actually notified; edits notify nobody. */
  readonly pinged: Pings;
  /** When it was pinned; undefined while it is not. */
  readonly pinnedAtMs?: number | undefined;
  /** The message it replies to. */
  readonly repliesTo: string | undefined;
  /** The message whose pinning it announces, in Discord's own words: then it has no content. */
  readonly announcesPinOf?: string | undefined;
  /** The interaction it answers. */
  readonly interaction:
    | { readonly id: string; readonly userId: string; readonly type: number }
    | undefined;
  /** The only user who sees it, when it is ephemeral. */
  readonly onlyFor: string | undefined;
}

/** Flags of a message: https://discord.com/developers/docs/resources/message#message-object-message-flags */
export const MessageFlag = {
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  isVoiceMessage: 1 << 13,
  isComponentsV2: 1 << 15,
} as const;
