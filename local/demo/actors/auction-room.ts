import { community } from "../../cloud/community.ts";
import { type Person, people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";
import type { actors } from "./actors.ts";

const SECOND_MS = 1000;

/** The channel of the demo's auction, and what people do and see there. */
export type AuctionRoom = ReturnType<typeof auctionRoom>;

/** Watches an auction and lets people bid in it. */
export function auctionRoom(
  { discord, cloud }: Stage,
  timeline: Pick<Timeline, "does">,
  act: ReturnType<typeof actors>,
  auctionId: string,
  channelId: string = community.marketplaceChannelId,
) {
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const board = () =>
    discord.messages(channelId).find(({ components }) => has(components, auctionId));

  const bid = async (user: string, amount: number, max?: number): Promise<string> => {
    const options = { amount: String(amount), ...(max && { max: String(max) }) };
    const use = { user, channelId, name: "bid", options };
    return act.read((await discord.client.command(endpoint, use)).id).text;
  };

  return {
    auctionId,
    board,
    bid,

    /** Whether the board contains these words. */
    shows: (words: string) => has(board()?.embeds, words),

    /** The number of bids on the board. */
    shownBids: () => Number.parseInt(fieldOf(board()?.embeds[0], "Bids") ?? "0", 10),

    /** Whether a message in the channel contains these words. */
    reads: (words: string) =>
      discord.messages(channelId).some(({ content }) => content.includes(words)),

    /** Places a bid of one of the named people. */
    async bids(who: Person, amount: number, max?: number): Promise<string> {
      const ceiling = max === undefined ? "" : ` max:${max}`;
      timeline.does(who, `types /bid amount:${amount}${ceiling}`);
      const text = await bid(people[who], amount, max);
      timeline.does(
        "Discord",
        `only ${who} sees: ${text.replace(/<t:(\d+):F> \(<t:\1:R>\)|<t:\d+:R>/g, "soon")}`,
      );
      return text;
    },

    /** Advances second by second, because the board's tasks run once a second. */
    async advance(seconds: number): Promise<void> {
      for (let left = seconds; left > 0; left -= 1) {
        await cloud.clock.advance(SECOND_MS);
        await cloud.settle();
      }
    },
  };
}

function has(value: unknown, words: string): boolean {
  return JSON.stringify(value ?? "").includes(words);
}

function fieldOf(
  embed: { readonly fields?: readonly { name: string; value: string }[] } | undefined,
  name: string,
): string | undefined {
  return embed?.fields?.find((field) => field.name === name)?.value;
}
