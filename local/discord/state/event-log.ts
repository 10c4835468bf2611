import type { APIEmbed } from "discord-api-types/v10";
import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import type { Pings } from "./records.ts";

/** An event's data. */
export type EventData =
  | {
      readonly kind: "message-created" | "message-edited";
      readonly channelId: string;
      readonly messageId: string;
      readonly content: string;
      readonly embeds: readonly APIEmbed[];
      /** The only user who sees the message, or undefined if everyone in the channel does. */
      readonly onlyFor: string | undefined;
      readonly pinged: Pings;
    }
  | {
      readonly kind: "message-deleted" | "message-pinned" | "message-unpinned";
      readonly channelId: string;
      readonly messageId: string;
    }
  | {
      readonly kind: "server-event-changed";
      readonly guildId: string;
      readonly eventId: string;
      readonly status: number;
    }
  | { readonly kind: "server-event-deleted"; readonly guildId: string; readonly eventId: string }
  | { readonly kind: "dm-opened"; readonly channelId: string; readonly userId: string }
  | {
      readonly kind: "interaction-sent";
      readonly interactionId: string;
      readonly userId: string;
      /**
       * The user's action: "/c500 live", "autocomplete /c500 live", "press buy:1", "submit drop".
       */
      readonly what: string;
    }
  | {
      readonly kind: "interaction-answered";
      readonly interactionId: string;
      readonly responseType: number;
    }
  | { readonly kind: "interaction-failed"; readonly interactionId: string; readonly reason: string }
  | {
      readonly kind: "commands-registered";
      readonly guildId: string | undefined;
      readonly names: readonly string[];
    }
  | {
      readonly kind: "call-refused";
      readonly call: string;
      readonly status: number;
      readonly code: number;
    };

/** An event with its sequence number and time. */
export type DiscordEvent = EventData & { readonly sequence: number; readonly atMs: number };

/** Every event, in order. */
export class EventLog {
  #clock: LocalClock;
  #events: DiscordEvent[] = [];

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  persistIn(state: PersistentState): void {
    state.list("discord.events", this.#events);
  }

  add(data: EventData): void {
    const sequence = this.#events.length + 1;
    this.#events.push({ ...data, sequence, atMs: this.#clock.nowMs() });
  }

  /** The sequence number of the newest event. */
  get newest(): number {
    return this.#events.length;
  }

  /** The events after the one with this sequence number, in order. */
  after(sequence: number): readonly DiscordEvent[] {
    return this.#events.slice(sequence);
  }

  all(): readonly DiscordEvent[] {
    return [...this.#events];
  }
}
