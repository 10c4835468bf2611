import type { LocalClock } from "../../kit/clock.ts";
import type { KeptState } from "../../kit/kept-state.ts";
import type { Pings } from "./records.ts";

/** Something that happened at Discord. */
export type Happening =
  | {
      readonly kind: "message-created" | "message-edited";
      readonly channelId: string;
      readonly messageId: string;
      readonly content: string;
      /** Who sees it: everyone in the channel, unless a user is named. */
      readonly onlyFor: string | undefined;
      readonly pinged: Pings;
    }
  | { readonly kind: "message-deleted"; readonly channelId: string; readonly messageId: string }
  | { readonly kind: "dm-opened"; readonly channelId: string; readonly userId: string }
  | {
      readonly kind: "interaction-sent";
      readonly interactionId: string;
      readonly userId: string;
      /** What the user did: "/c500 live", "autocomplete /c500 live", "press buy:1", "submit drop". */
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

/** A happening with its place in the order of all, and its time. */
export type DiscordEvent = Happening & { readonly sequence: number; readonly atMs: number };

/** Everything that happened, in order. */
export class EventLog {
  #clock: LocalClock;
  #events: DiscordEvent[] = [];

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  keepIn(state: KeptState): void {
    state.list("discord.events", this.#events);
  }

  add(happening: Happening): void {
    const sequence = this.#events.length + 1;
    this.#events.push({ ...happening, sequence, atMs: this.#clock.nowMs() });
  }

  all(): readonly DiscordEvent[] {
    return [...this.#events];
  }
}
