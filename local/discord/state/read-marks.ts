import type { PersistentState } from "../../kit/persistent-state.ts";
import type { Message } from "./records.ts";
import { isLater } from "./snowflakes.ts";

/** What each user's client remembers: how far they have read, and which ephemeral messages they dismissed. */
export class ReadMarks {
  /** The last message that was read, by user and channel. */
  #read = new Map<string, string>();
  /** Ids of dismissed messages. */
  #dismissed = new Map<string, true>();
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

  dismiss(messageId: string): void {
    this.#dismissed.set(messageId, true);
    this.#revision += 1;
  }

  isDismissed(messageId: string): boolean {
    return this.#dismissed.has(messageId);
  }
}

const keyOf = (userId: string, channelId: string) => `${userId}:${channelId}`;
