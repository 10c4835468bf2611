import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { refusals } from "../discord-error.ts";
import { type EditForm, isV2 } from "../forms/messages.ts";
import type { Directory } from "./directory.ts";
import type { EventLog } from "./event-log.ts";
import { type MentionDefaults, mentionsOf, NOBODY, notifiedOf } from "./mentions.ts";
import { type Message, type MessageContent, MessageFlag } from "./records.ts";
import type { Snowflakes } from "./snowflakes.ts";

/**
 * How long Discord remembers a nonce. Its documentation says "the past few minutes":
 * https://discord.com/developers/docs/resources/message#create-message
 */
export const NONCE_MEMORY_MS = 5 * 60_000;

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes: 30003 */
const MOST_PINS = 250;

/** A message to store: its content, channel and author. */
export interface NewMessage
  extends MessageContent,
    Pick<Message, "channelId" | "authorId">,
    Partial<
      Pick<Message, "tts" | "nonce" | "repliesTo" | "announcesPinOf" | "interaction" | "onlyFor">
    > {
  readonly defaults: MentionDefaults;
}

/** Every message of every channel. */
export class Messages {
  #clock: LocalClock;
  #snowflakes: Snowflakes;
  #directory: Directory;
  #log: EventLog;
  #messages = new Map<string, Message>();
  /** The ids of each channel's messages, oldest first. */
  #byChannel = new Map<string, Set<string>>();
  #byNonce = new Map<string, { messageId: string; atMs: number }>();

  constructor(clock: LocalClock, snowflakes: Snowflakes, directory: Directory, log: EventLog) {
    this.#clock = clock;
    this.#snowflakes = snowflakes;
    this.#directory = directory;
    this.#log = log;
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.messages", {
      messages: this.#messages,
      channels: this.#byChannel,
      nonces: this.#byNonce,
    });
  }

  /** Stores a message and notifies the users it mentions. Throws 50006 when it is empty. */
  create({ defaults, ...given }: NewMessage): Message {
    const trimmed = { ...given, content: given.content.trim() };
    refuseEmpty(trimmed);
    return this.#add(trimmed, defaults);
  }

  /** Creates the "thinking…" message that a deferred answer shows until the real one arrives. */
  createLoading(
    given: Pick<NewMessage, "channelId" | "authorId" | "interaction" | "onlyFor">,
  ): Message {
    const nothing = { content: "", embeds: [], components: [], attachments: [] };
    const flags = MessageFlag.loading | (given.onlyFor ? MessageFlag.ephemeral : 0);
    return this.#add({ ...given, ...nothing, flags, allowedMentions: undefined }, "interaction");
  }

  /**
   * Changes the fields that the form contains. An edit notifies nobody, except when it completes a
   * deferred answer.
   */
  edit(
    message: Message,
    form: EditForm,
    attachments: Message["attachments"],
    defaults: MentionDefaults,
  ): Message {
    const wasLoading = (message.flags & MessageFlag.loading) !== 0;
    const flags = flagsAfter(message, form);
    const fields: MessageContent = {
      content: (form.content === undefined ? message.content : (form.content ?? "")).trim(),
      embeds: form.embeds === undefined ? message.embeds : (form.embeds ?? []),
      components: form.components === undefined ? message.components : (form.components ?? []),
      attachments,
      ...(message.poll || form.poll ? { poll: form.poll ?? message.poll ?? {} } : {}),
      flags,
      allowedMentions: form.allowed_mentions ?? undefined,
    };
    if (isV2(flags) && (fields.content !== "" || fields.embeds.length > 0)) {
      throw refusals.invalidForm({
        flags: {
          _errors: [
            {
              code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
              message: "Content and embeds must be cleared in the edit that sets this flag",
            },
          ],
        },
      });
    }
    refuseEmpty(fields);
    const mentions = this.#mentions(fields, message.channelId, defaults);
    const changed: Message = {
      ...message,
      ...fields,
      mentions,
      pinged: wasLoading ? notifiedOf(mentions, message.onlyFor) : message.pinged,
      editedAtMs: wasLoading ? undefined : this.#clock.nowMs(),
    };
    this.#messages.set(message.id, changed);
    this.#logMessage("message-edited", changed, wasLoading);
    return changed;
  }

  /**
   * Pins a message, and announces that in its channel. Does nothing if it is pinned already. Throws 30003 when the
   * channel has as many pins as it may.
   */
  pin(message: Message, by: string): void {
    const { id, channelId } = message;
    if (message.announcesPinOf !== undefined) throw refusals.systemMessage();
    if (message.pinnedAtMs !== undefined) return;
    if (this.pinned(channelId).length >= MOST_PINS) throw refusals.tooManyPins(MOST_PINS);
    this.#messages.set(id, { ...message, pinnedAtMs: this.#clock.nowMs() });
    this.#log.add({ kind: "message-pinned", channelId, messageId: id });
    const nothing = { content: "", embeds: [], components: [], attachments: [], flags: 0 };
    const author = { channelId, authorId: by, allowedMentions: undefined };
    this.#add({ ...nothing, ...author, announcesPinOf: id }, "message");
  }

  /** Unpins a message. Does nothing if it is not pinned. */
  unpin(message: Message): void {
    const { id, channelId, pinnedAtMs } = message;
    if (pinnedAtMs === undefined) return;
    this.#messages.set(id, { ...message, pinnedAtMs: undefined });
    this.#log.add({ kind: "message-unpinned", channelId, messageId: id });
  }

  /** The pinned messages of a channel, the last pinned one first. */
  pinned(channelId: string): Message[] {
    return this.in(channelId)
      .filter(({ pinnedAtMs }) => pinnedAtMs !== undefined)
      .reverse()
      .sort((one, other) => (other.pinnedAtMs ?? 0) - (one.pinnedAtMs ?? 0));
  }

  delete({ id, channelId }: Pick<Message, "id" | "channelId">): void {
    this.#messages.delete(id);
    this.#byChannel.get(channelId)?.delete(id);
    this.#log.add({ kind: "message-deleted", channelId, messageId: id });
  }

  /** The message that this author sent with this nonce in the last few minutes. */
  sentBefore(authorId: string, nonce: string | number): Message | undefined {
    const sent = this.#byNonce.get(`${authorId}:${nonce}`);
    if (!sent || this.#clock.nowMs() - sent.atMs > NONCE_MEMORY_MS) return undefined;
    return this.#messages.get(sent.messageId);
  }

  find(channelId: string, id: string): Message | undefined {
    const message = this.#messages.get(id);
    return message?.channelId === channelId ? message : undefined;
  }

  /** Finds a message that everyone in the channel sees. Throws 10008 when it does not exist. */
  visible(channelId: string, id: string): Message {
    const message = this.find(channelId, id);
    if (!message || message.onlyFor !== undefined) throw refusals.unknownMessage();
    return message;
  }

  /** The messages of a channel that everyone in it sees, oldest first. */
  in(channelId: string): Message[] {
    return this.allIn(channelId).filter(({ onlyFor }) => onlyFor === undefined);
  }

  /** Every message of a channel, including ephemeral ones, oldest first. */
  allIn(channelId: string): Message[] {
    const ids = [...(this.#byChannel.get(channelId) ?? [])];
    return ids.flatMap((id) => this.#messages.get(id) ?? []);
  }

  /** Every message of every channel, oldest first. */
  all(): Iterable<Message> {
    return this.#messages.values();
  }

  #add(given: Omit<NewMessage, "defaults">, defaults: MentionDefaults): Message {
    const nowMs = this.#clock.nowMs();
    const mentions = this.#mentions(given, given.channelId, defaults);
    const message: Message = {
      ...given,
      id: this.#snowflakes.next(),
      createdAtMs: nowMs,
      editedAtMs: undefined,
      tts: given.tts ?? false,
      nonce: given.nonce,
      mentions,
      pinged: notifiedOf(mentions, given.onlyFor),
      repliesTo: given.repliesTo,
      interaction: given.interaction,
      onlyFor: given.onlyFor,
    };
    this.#messages.set(message.id, message);
    const ids = this.#byChannel.get(message.channelId) ?? new Set();
    this.#byChannel.set(message.channelId, ids.add(message.id));
    if (message.nonce !== undefined) {
      const key = `${message.authorId}:${message.nonce}`;
      this.#byNonce.set(key, { messageId: message.id, atMs: nowMs });
    }
    this.#logMessage("message-created", message, true);
    return message;
  }

  #mentions(content: MessageContent, channelId: string, defaults: MentionDefaults) {
    return mentionsOf(content, this.#directory.channel(channelId), this.#directory, defaults);
  }

  #logMessage(
    kind: "message-created" | "message-edited",
    message: Message,
    notifies: boolean,
  ): void {
    const { id: messageId, channelId, content, embeds, onlyFor, pinged } = message;
    this.#log.add({
      kind,
      channelId,
      messageId,
      content,
      embeds,
      onlyFor,
      pinged: notifies ? pinged : NOBODY,
    });
  }
}

function refuseEmpty({ content, embeds, components, attachments, poll }: MessageContent): void {
  const parts = [content, ...embeds, ...components, ...attachments, ...(poll ? [poll] : [])];
  if (parts.every((part) => part === "")) throw refusals.emptyMessage();
}

/** Applies the two flags that edits may set; the components flag cannot be removed. */
function flagsAfter(message: Message, form: EditForm): number {
  const before = message.flags & ~MessageFlag.loading;
  if (form.flags === undefined || form.flags === null) return before;
  const kept = before & ~MessageFlag.suppressEmbeds;
  return kept | (form.flags & (MessageFlag.suppressEmbeds | MessageFlag.isComponentsV2));
}
