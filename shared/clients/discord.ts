import type { RateLimitData, RESTOptions, RequestMethod } from "@discordjs/rest";
import type { APIEmbed } from "discord-api-types/v10";
import { isPseudonym, withoutForgotten } from "../discord/pseudonym.ts";
import type { Connections } from "../ports/connections.ts";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";
import type { Log } from "../runtime/log.ts";

/** An outgoing message. It pings only the ids in `pings`. */
export interface OutgoingMessage {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly buttons?: readonly Button[];
  /** A list above the buttons, of which one option can be chosen. */
  readonly select?: Select;
  /** Sent along; embeds show them as `attachment://NAME`. An edit with files replaces those that were there. */
  readonly files?: readonly OutgoingFile[];
  readonly pings?: { readonly users?: readonly string[]; readonly roles?: readonly string[] };
}

/** A file that is sent along with a message. */
export interface OutgoingFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A file of a message, as Discord serves it. */
export interface SentFile {
  readonly url: string;
  /** In pixels, if it is a picture. */
  readonly width?: number | null;
  readonly height?: number | null;
}

/** A button under a message: one that sends us an interaction, or one that opens a page. */
export type Button = { readonly label: string; readonly disabled?: boolean } & (
  | { readonly id: string; readonly style: keyof typeof BUTTON_STYLES }
  | { readonly url: string }
);

/**
 * A list under a message: at most 25 options, with labels and values of up to 100 characters, and a placeholder of up
 * to 150. https://discord.com/developers/docs/components/reference#string-select
 */
export interface Select {
  readonly id: string;
  /** What it shows until something is chosen. */
  readonly placeholder: string;
  readonly options: readonly SelectOption[];
}

/** One thing to choose. */
export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

/** https://discord.com/developers/docs/components/reference#button-button-styles */
const BUTTON_STYLES = { primary: 1, secondary: 2, success: 3, danger: 4 } as const;
const LINK_STYLE = 5;
const ACTION_ROW = 1;
const BUTTON = 2;
const STRING_SELECT = 3;

/**
 * What a server's scheduled event says: a name of at most 100 characters, a description of at most 1000, a location of
 * at most 100. It begins and ends by itself at its times.
 */
export interface EventContent {
  readonly name: string;
  readonly description: string;
  readonly location: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** An event as we read it. */
export interface ServerEvent {
  readonly id: string;
  readonly location: string | undefined;
}

/** https://discord.com/developers/docs/resources/guild-scheduled-event#guild-scheduled-event-object-guild-scheduled-event-status */
const EVENT_STATUSES = { active: 2, completed: 3 } as const;
const GUILD_ONLY = 2;
const EXTERNAL = 3;

/** Our calls to Discord. Methods throw DiscordError when Discord refuses. */
export interface Discord {
  /** The DM channel with a user. That it can be opened does not mean that the user accepts DMs. */
  openDm(userId: string): Promise<string>;
  /**
   * Posts a message and returns its id. A repeat with the same `nonce` (at most 25 characters) within a
   * few minutes returns the first message.
   * https://discord.com/developers/docs/resources/message#create-message
   */
  createMessage(channelId: string, message: OutgoingMessage, nonce: string): Promise<string>;
  /** Edits one of our messages; its files stay unless others are given. Idempotent. */
  editMessage(channelId: string, messageId: string, message: OutgoingMessage): Promise<void>;
  /**
   * Edits without waiting: if a rate limit applies, throws a DiscordError with `retryAfterMs`, because a delayed
   * edit would show an outdated state.
   */
  editMessageNow(channelId: string, messageId: string, message: OutgoingMessage): Promise<void>;
  /**
   * Pins a message; it may be another's. Discord says so in a message of its own in the channel. Idempotent.
   * https://discord.com/developers/docs/resources/message#pin-message
   */
  pinMessage(channelId: string, messageId: string, reason: string): Promise<void>;
  /**
   * The opposite. Idempotent. `reason` is for the server's audit log.
   * https://discord.com/developers/docs/resources/message#unpin-message
   */
  unpinMessage(channelId: string, messageId: string, reason: string): Promise<void>;
  /**
   * A server's scheduled events that are not over.
   * https://discord.com/developers/docs/resources/guild-scheduled-event
   */
  serverEvents(guildId: string): Promise<readonly ServerEvent[]>;
  /** Creates an event and returns its id. Not idempotent, and so never repeated: look for it before another try. */
  createServerEvent(guildId: string, event: EventContent): Promise<string>;
  /** Changes what an event says, or begins or ends it. Idempotent but for a status, which it refuses then. */
  editServerEvent(
    guildId: string,
    eventId: string,
    changes: Partial<EventContent> & { readonly status?: "active" | "completed" },
  ): Promise<void>;
  /** Deletes an event. A repeat is refused. */
  deleteServerEvent(guildId: string, eventId: string): Promise<void>;
  /** The server that a channel belongs to; undefined for a DM. */
  guildOf(channelId: string): Promise<string | undefined>;
  /**
   * Whether someone is in a server that we are in.
   * https://discord.com/developers/docs/resources/guild#get-guild-member
   */
  isMember(guildId: string, userId: string): Promise<boolean>;
  /** A message's files, in order; their addresses are valid for some hours. */
  attachments(channelId: string, messageId: string): Promise<readonly SentFile[]>;
  /**
   * Sets the answer to an interaction. Idempotent. The token is valid for 15 minutes.
   * https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages
   */
  editOriginalResponse(interactionToken: string, message: OutgoingMessage): Promise<void>;
}

/** Discord refused a call. Contains no token and no message text. */
export class DiscordError extends Error {
  override name = "DiscordError";
  readonly code: number;
  readonly status: number;
  /** How long Discord asks to wait; undefined if a rate limit is not the reason. */
  readonly retryAfterMs: number | undefined;

  constructor(
    { method, route }: { method: string; route: string },
    status: number,
    code: number,
    reason: string,
    retryAfterMs?: number,
  ) {
    super(`${method} ${route} was refused with ${status}, code ${code}: ${reason}`);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether a retry cannot help: every 4xx except a bad token, a timeout and a rate limit. */
  get isTerminal(): boolean {
    if (this.code === TOO_MANY_OLD_EDITS_CODE) return false;
    return this.status >= 400 && this.status < 500 && !PASSING_STATUSES.has(this.status);
  }

  /** Whether the user accepts no DMs, shares no server with us, or no longer exists. */
  get isClosedDm(): boolean {
    return CLOSED_DM_CODES.has(this.code);
  }

  /** Whether the interaction's token has expired. */
  get isExpiredInteraction(): boolean {
    return this.code === EXPIRED_INTERACTION_CODE;
  }

  /** Whether Discord has no answer yet to edit; ours may still be on its way. */
  get isUnansweredInteraction(): boolean {
    return UNANSWERED_INTERACTION_CODES.has(this.code);
  }

  /** Whether the message or the user no longer exists. */
  get isUnknown(): boolean {
    return UNKNOWN_CODES.has(this.code);
  }

  /** Whether they are not in that server, or no longer exist. */
  get isUnknownMember(): boolean {
    return UNKNOWN_MEMBER_CODES.has(this.code);
  }

  /** Whether the channel is gone, or we may not see it or post in it. */
  get isUnusableChannel(): boolean {
    return UNUSABLE_CHANNEL_CODES.has(this.code);
  }
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
const CLOSED_DM_CODES = new Set([10013, 50007, 50278]);
const PASSING_STATUSES = new Set([401, 408, 429]);
/** Discord limits edits of messages older than an hour; a later edit succeeds. */
const TOO_MANY_OLD_EDITS_CODE = 30046;
const EXPIRED_INTERACTION_CODE = 50027;
const UNANSWERED_INTERACTION_CODES = new Set([10008, 10015, 10062]);
const UNKNOWN_CODES = new Set([10008, 10013]);
const UNKNOWN_MEMBER_CODES = new Set([10007, 10013]);
const UNUSABLE_CHANNEL_CODES = new Set([10003, 50001, 50013]);

/** How often a call is tried if its connection breaks. Discord may have executed it, and recognises each repeat. */
const MAX_ATTEMPTS = 3;
/** With the library's two repeats this stays well inside a function's minute. */
const REQUEST_TIMEOUT_MS = 8000;

/**
 * Connects to Discord's REST API as our bot. The library waits out 429s and retries 5xx twice. Sent messages are
 * logged, without their text and recipient.
 * https://discord.com/developers/docs/reference
 */
export function connectDiscord(
  config: Config<"DISCORD_APPLICATION_ID" | "DISCORD_BOT_TOKEN" | "DISCORD_API_BASE_URL">,
  log: Pick<Log, "info">,
  fetch: Connections["fetch"],
): Discord {
  const library = lazy(async () => {
    const { REST, DiscordAPIError, HTTPError, RateLimitError } = await import("@discordjs/rest");
    const options = {
      version: "10",
      api: config.DISCORD_API_BASE_URL,
      timeout: REQUEST_TIMEOUT_MS,
      retries: 2,
      makeRequest: fetch as unknown as RESTOptions["makeRequest"],
    };
    return {
      rest: new REST(options).setToken(config.DISCORD_BOT_TOKEN),
      // Answers to interactions do not count towards Discord's 50 calls per second, which the library enforces.
      once: new REST({ ...options, retries: 0 }).setToken(config.DISCORD_BOT_TOKEN),
      answers: new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY }),
      impatient: new REST({ ...options, rejectOnRateLimit: () => true }).setToken(
        config.DISCORD_BOT_TOKEN,
      ),
      DiscordAPIError,
      HTTPError,
      RateLimitError,
    };
  });

  type Call = {
    method: "POST" | "PATCH" | "PUT" | "DELETE" | "GET";
    path: `/${string}`;
    route: string;
    /** For the server's audit log. */
    reason?: string;
    auth?: false;
    waits?: false;
    /** Whether a repeat would do it twice. */
    once?: true;
  };

  async function send(call: Call, body?: unknown, sent: OutgoingMessage["files"] = []) {
    const { rest: patient, impatient, once, answers, ...errors } = await library();
    const { DiscordAPIError, HTTPError, RateLimitError } = errors;
    const rest = call.once ? once : call.waits === false ? impatient : patient;
    const files = sent.map(({ name, bytes }) => ({ name, data: bytes }));
    const { auth = true, reason } = call;
    const options = { body, auth, ...(reason && { reason }), ...(files.length > 0 && { files }) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (call.auth === false ? answers : rest).request({
          ...options,
          fullRoute: call.path,
          method: call.method as RequestMethod,
        });
      } catch (error) {
        if (error instanceof DiscordAPIError) {
          // After any 401 the library drops its token permanently, so set it again.
          if (error.status === 401) rest.setToken(config.DISCORD_BOT_TOKEN);
          throw new DiscordError(call, error.status, Number(error.code), error.message);
        }
        if (error instanceof RateLimitError) {
          throw new DiscordError(call, 429, 0, error.message, waitOf(error));
        }
        const isAnswered = error instanceof HTTPError;
        const isLast = call.once || attempt === MAX_ATTEMPTS;
        if (isAnswered || isTimeout(error) || isLast) throw error;
      }
    }
  }

  return {
    async openDm(userId) {
      const path = "/users/@me/channels";
      const answer = await send({ method: "POST", path, route: path }, { recipient_id: userId });
      log.info("A DM was opened", { event: "dm-opened" });
      return (answer as { id: string }).id;
    },

    async createMessage(channelId, message, nonce) {
      const path = `/channels/${channelId}/messages` as const;
      const body = { ...toBody(message), nonce, enforce_nonce: true };
      const answer = await send({ method: "POST", path, route: path }, body, message.files);
      const { id: messageId } = answer as { id: string };
      log.info("A message was sent", { event: "message-sent", messageId });
      return messageId;
    },

    async editMessage(channelId, messageId, message) {
      const path = `/channels/${channelId}/messages/${messageId}` as const;
      await send({ method: "PATCH", path, route: path }, toBody(message), message.files);
      log.info("A message was edited", { event: "message-edited", messageId });
    },

    async editMessageNow(channelId, messageId, message) {
      const path = `/channels/${channelId}/messages/${messageId}` as const;
      await send({ method: "PATCH", path, route: path, waits: false }, toBody(message));
      log.info("A message was edited", { event: "message-edited", messageId });
    },

    async pinMessage(channelId, messageId, reason) {
      const path = `/channels/${channelId}/messages/pins/${messageId}` as const;
      await send({ method: "PUT", path, route: path, reason });
      log.info("A message was pinned", { event: "message-pinned", messageId });
    },

    async unpinMessage(channelId, messageId, reason) {
      const path = `/channels/${channelId}/messages/pins/${messageId}` as const;
      await send({ method: "DELETE", path, route: path, reason });
      log.info("A message was unpinned", { event: "message-unpinned", messageId });
    },

    async serverEvents(guildId) {
      const path = eventsOf(guildId);
      const answer = await send({ method: "GET", path, route: path });
      const events = answer as { id: string; entity_metadata: { location?: string } | null }[];
      return events.map(({ id, entity_metadata: place }) => ({ id, location: place?.location }));
    },

    async createServerEvent(guildId, event) {
      const path = eventsOf(guildId);
      const body = { ...eventBody(event), entity_type: EXTERNAL, privacy_level: GUILD_ONLY };
      const answer = await send({ method: "POST", path, route: path, once: true }, body);
      const { id: eventId } = answer as { id: string };
      log.info("A server's event was created", { event: "server-event-created", eventId });
      return eventId;
    },

    async editServerEvent(guildId, eventId, { status, ...changes }) {
      const path = `${eventsOf(guildId)}/${eventId}` as const;
      const body = { ...eventBody(changes), ...(status && { status: EVENT_STATUSES[status] }) };
      await send({ method: "PATCH", path, route: path }, body);
      log.info("A server's event was changed", { event: "server-event-changed", eventId });
    },

    async deleteServerEvent(guildId, eventId) {
      const path = `${eventsOf(guildId)}/${eventId}` as const;
      await send({ method: "DELETE", path, route: path });
      log.info("A server's event was deleted", { event: "server-event-deleted", eventId });
    },

    async guildOf(channelId) {
      const path = `/channels/${channelId}` as const;
      const answer = await send({ method: "GET", path, route: path });
      return (answer as { guild_id?: string }).guild_id;
    },

    async isMember(guildId, userId) {
      const route = `/guilds/${guildId}/members/{user}`;
      try {
        await send({ method: "GET", path: `/guilds/${guildId}/members/${userId}`, route });
        return true;
      } catch (error) {
        if (error instanceof DiscordError && error.isUnknownMember) return false;
        throw error;
      }
    },

    async attachments(channelId, messageId) {
      const path = `/channels/${channelId}/messages/${messageId}` as const;
      const answer = await send({ method: "GET", path, route: path });
      return (answer as { attachments: SentFile[] }).attachments;
    },

    async editOriginalResponse(interactionToken, message) {
      const application = config.DISCORD_APPLICATION_ID;
      const path = `/webhooks/${application}/${interactionToken}/messages/@original` as const;
      const route = `/webhooks/${application}/{token}/messages/@original`;
      await send({ method: "PATCH", path, route, auth: false }, toBody(message), message.files);
      log.info("An interaction was answered", { event: "interaction-answered" });
    },
  };
}

/**
 * How long Discord asks to wait: to the millisecond if a bucket is full, for other limits in whole seconds, rounded up.
 * https://discord.com/developers/docs/topics/rate-limits#header-format
 */
function waitOf({ global, sublimitTimeout, retryAfter, timeToReset }: RateLimitData): number {
  return global || sublimitTimeout > 0 ? retryAfter : timeToReset;
}

function eventsOf(guildId: string) {
  return `/guilds/${guildId}/scheduled-events` as const;
}

function eventBody({ name, description, location, startsAt, endsAt }: Partial<EventContent>) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(location !== undefined && { entity_metadata: { location } }),
    ...(startsAt && { scheduled_start_time: startsAt.toISOString() }),
    ...(endsAt && { scheduled_end_time: endsAt.toISOString() }),
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function toBody(message: OutgoingMessage) {
  return {
    content: withoutForgotten(message.content ?? ""),
    embeds: JSON.parse(withoutForgotten(JSON.stringify(message.embeds ?? []))),
    components: [...selectRow(message.select), ...toRows(message.buttons ?? [])],
    // Attachments are named by their index among the files. Earlier files that are not listed are removed.
    ...(message.files && {
      attachments: message.files.map(({ name }, index) => ({ id: index, filename: name })),
    }),
    allowed_mentions: {
      parse: [],
      users: (message.pings?.users ?? []).filter((id) => !isPseudonym(id)),
      roles: message.pings?.roles ?? [],
    },
  };
}

/** A select occupies a whole row. */
function selectRow(select: Select | undefined) {
  if (!select) return [];
  const { id, placeholder, options } = select;
  const component = { type: STRING_SELECT, custom_id: id, placeholder, options };
  return [{ type: ACTION_ROW, components: [component] }];
}

/** One row: we never show more than five buttons. */
function toRows(buttons: readonly Button[]) {
  if (buttons.length === 0) return [];
  const components = buttons.map((button) => ({
    type: BUTTON,
    label: button.label,
    disabled: button.disabled ?? false,
    ...("url" in button
      ? { style: LINK_STYLE, url: button.url }
      : { style: BUTTON_STYLES[button.style], custom_id: button.id }),
  }));
  return [{ type: ACTION_ROW, components }];
}
