import type { PersistentState } from "../../kit/persistent-state.ts";
import type { Message } from "./records.ts";
import { isLater } from "./snowflakes.ts";

/** What each user's client remembers: how far they have read, and which ephemeral messages they dismissed. */
export class ReadMarks {
  /** The last message that was read, by user and channel. */
  #read = new Map<string, string>();
  /** Ids of dismissed messages, with the user and the channel. */
  #dismissed = new Map<string, string>();
  #revision = 0;

  persistIn(state: PersistentState): void {
    state.maps("discord.readMarks", { read: this.#read, dismissed: this.#dismissed });
  }

  /** Changes with every mark. */
  get revision(): number {
    return this.#revision;
  }

  /** Marks a channel as read up to a message. Older marks do not replace newer ones. */
  markRead(userId: string, { id, channelId }: Pick<Message, "id" | "channelId">): void {
    const before = this.lastRead(userId, channelId);
    if (before !== undefined && !isLater(id, before)) return;
    this.#read.set(keyOf(userId, channelId), id);
    this.#revision += 1;
  }

  lastRead(userId: string, channelId: string): string | undefined {
    return this.#read.get(keyOf(userId, channelId));
  }

  dismiss(userId: string, { id, channelId }: Pick<Message, "id" | "channelId">): void {
    this.#dismissed.set(id, keyOf(userId, channelId));
    this.#revision += 1;
  }

  /** Ids of the messages that a user dismissed in a channel. */
  dismissed(userId: string, channelId: string): string[] {
    const key = keyOf(userId, channelId);
    return [...this.#dismissed].filter(([, by]) => by === key).map(([id]) => id);
  }

  isDismissed(messageId: string): boolean {
    return this.#dismissed.has(messageId);
  }
}

const keyOf = (userId: string, channelId: string) => `${userId}:${channelId}`;
