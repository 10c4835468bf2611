import { community } from "../../cloud/community.ts";
import { type Person, people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";
import { actors } from "./actors.ts";

/** An open lobby and its name. */
export interface PlayedLobby {
  readonly id: string;
  readonly name: string;
}

/** Every account's balance, in minor units by currency. */
export type Balances = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Boards are updated within this time. */
const CHECK_MS = 2000;

/** Actions at the races, and what people see. */
export function raceTrack(stage: Stage, timeline: Timeline) {
  const { cloud, discord, firestore } = stage;
  const act = actors(stage, timeline);
  const channelId = community.racesChannelId;

  /** Balances by account; each account is created with its first posting. */
  const balances = async (): Promise<Balances> => {
    const sums = new Map<string, Map<string, number>>();
    for (const posting of (await firestore.collectionGroup("postings").get()).docs) {
      const account = String(posting.get("account"));
      const currency = String(posting.get("currency"));
      const own = sums.get(account) ?? new Map<string, number>();
      own.set(currency, (own.get(currency) ?? 0) + Number(posting.get("amount")));
      sums.set(account, own);
    }
    return sums;
  };

  const track = {
    balances,

    /** Runs a command in the races channel. */
    types: (who: Person, name: string, options: Readonly<Record<string, string | number>> = {}) =>
      act.types(who, name, options, channelId),

    /** Opens a lobby. */
    async opens(who: Person, name: string, options: { seats?: number } = {}): Promise<PlayedLobby> {
      const { id, text } = await track.types(who, "race lobby", { name, ...options });
      timeline.expect("the lobby is open", text.includes("is open in"));
      return { id, name };
    },

    /** Presses a button under a lobby's message and returns what they read. */
    async presses(who: Person, button: "Join" | "Leave", { id, name }: PlayedLobby) {
      const messages = discord.messages(channelId);
      const board = messages.find(({ embeds }) => embeds[0]?.url?.endsWith(`/race/${id}`));
      timeline.does(who, `presses ${button} under ${name}`);
      const place = { channelId, messageId: board?.id ?? "" };
      const press = await act.presses(who, place, `race-${button.toLowerCase()}:${id}`);
      await timeline.printEvents();
      return act.read(press).text;
    },

    /** Lets work in progress finish and the boards show it. */
    async shows(): Promise<void> {
      await cloud.settle();
      await cloud.clock.advance(CHECK_MS);
      await timeline.printEvents();
    },

    /** Advances the time with everything due on the way; prints nothing of it. */
    async passes(ms: number): Promise<void> {
      await cloud.settle();
      await cloud.clock.advance(ms);
      await cloud.settle();
      await timeline.skipEvents();
    },

    /** Whether the ledger owes the given people these amounts, in cents of a dollar. */
    async owes(expected: Partial<Record<Person | "platform", number>>): Promise<boolean> {
      const all = await balances();
      return Object.entries(expected).every(([who, cents]) => {
        const account = who === "platform" ? who : `racer:${people[who as Person]}`;
        return (all.get(account)?.get("usd") ?? 0) === cents;
      });
    },
  };
  return track;
}
