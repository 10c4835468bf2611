import { community } from "../community.ts";
import { actors } from "./actors.ts";
import { type Person, people, type Stage } from "./cast.ts";
import type { Timeline } from "./timeline.ts";

/** A lobby that was opened, and what it is called. */
export interface PlayedLobby {
  readonly id: string;
  readonly name: string;
}

/** What every account is owed, in minor units, by currency. */
export type Balances = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Boards are shown again within so long. */
const CHECK_MS = 2000;

/** What people do at the races, and what can be seen of it. */
export function raceTrack(stage: Stage, timeline: Timeline) {
  const { cloud, discord, firestore } = stage;
  const act = actors(stage, timeline);
  const channelId = community.racesChannelId;

  /** By account; accounts are stored with the ledger's postings. */
  const balances = async (): Promise<Balances> => {
    const sums = new Map<string, Map<string, number>>();
    for (const posting of (await firestore.collectionGroup("postings").get()).docs) {
      const { account, currency, amount } = posting.data();
      const own = sums.get(account) ?? new Map<string, number>();
      own.set(currency, (own.get(currency) ?? 0) + amount);
      sums.set(account, own);
    }
    return sums;
  };

  const track = {
    balances,

    /** Runs a command in the channel of the races. */
    types: (who: Person, name: string, options: Readonly<Record<string, string | number>> = {}) =>
      act.types(who, name, options, channelId),

    /** Opens a lobby. */
    async opens(who: Person, name: string, options: { seats?: number } = {}): Promise<PlayedLobby> {
      const { id, text } = await track.types(who, "race lobby", { name, ...options });
      timeline.expect("the lobby is open", text.includes("is open in"));
      return { id, name };
    },

    /** Presses a button under a lobby's message; gives what they read. */
    async presses(who: Person, button: "Join" | "Leave", { id, name }: PlayedLobby) {
      const messages = discord.messages(channelId);
      const board = messages.find(({ embeds }) => embeds[0]?.url?.endsWith(`/race/${id}`));
      timeline.does(who, `presses ${button} under ${name}`);
      const place = { channelId, messageId: board?.id ?? "" };
      const press = await act.presses(who, place, `race-${button.toLowerCase()}:${id}`);
      await timeline.saw();
      return act.read(press).text;
    },

    /** Lets what is under way come to its end, and the boards show it. */
    async shows(): Promise<void> {
      await cloud.settle();
      await cloud.clock.advance(CHECK_MS);
      await timeline.saw();
    },

    /** Time goes by, with everything that is due on the way; nothing of it is printed. */
    async passes(ms: number): Promise<void> {
      await cloud.settle();
      await cloud.clock.advance(ms);
      await cloud.settle();
      await timeline.passOver();
    },

    /** What the ledger owes people, in cents of a dollar: each as it is expected. */
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
