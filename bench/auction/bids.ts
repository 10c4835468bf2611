import { createHash } from "node:crypto";
import { bidButton } from "../../functions/auctions/commands/bid.ts";
import { incrementsOf } from "../../functions/auctions/domain/auction.ts";
import { createAuctionEngine } from "../../functions/auctions/engine/engine.ts";
import type { RedisConnection } from "../../shared/clients/redis.ts";
import { encode } from "../load.ts";
import { signed } from "../signed-requests.ts";

/** The starting price: high enough that adding thousands of cents never looks like a typo. */
export const START_PRICE = 1_000_000;

const HOUR_MS = 3_600_000;
/** About the size of a board's message in an interaction. */
const BOARD = {
  id: "1300000000000000000",
  channel_id: "1200000000000000000",
  type: 0,
  flags: 0,
  content: "",
  embeds: [{ type: "rich", title: "One thing", description: "d".repeat(400) }],
  components: [{ type: 1, id: 1, components: [{ type: 2, id: 2, style: 3, label: "Bid" }] }],
};

let people = 0;

/** A numeric id, as Discord's are, for a benchmark's auction name. */
function auctionIdOf(name: string): string {
  return BigInt(`0x1${createHash("sha256").update(name).digest("hex").slice(0, 14)}`).toString();
}

/** Discord's ids begin with the milliseconds since 2015. https://discord.com/developers/docs/reference#snowflakes */
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const IDS_A_MS = 4_194_304n;

/**
 * A signed press of a board's bid button by a new bidder. The three seconds for its answer count
 * from `madeAtMs`; without it the time has no meaning.
 */
export function signedBid(auction: string, amount: number, madeAtMs?: number) {
  const auctionId = auctionIdOf(auction);
  people += 1;
  const serial = BigInt(people) % IDS_A_MS;
  const id =
    madeAtMs === undefined
      ? `13${String(people).padStart(17, "0")}`
      : String(BigInt(Math.floor(madeAtMs) - DISCORD_EPOCH_MS) * IDS_A_MS + serial);
  const userId = `8${String(people).padStart(17, "0")}`;
  return signed({
    type: 3,
    id,
    application_id: "2",
    token: `token-${people}`,
    version: 1,
    guild_id: "3",
    channel_id: BOARD.channel_id,
    locale: "en-GB",
    member: {
      user: { id: userId, username: `bidder_${people}`, global_name: null, avatar: null },
      roles: [],
      permissions: "2248473465835073",
    },
    message: BOARD,
    data: { component_type: 2, id: 2, custom_id: bidButton.id({ auctionId, amount }) },
  });
}

/** Bids that rise by one cent, each by another bidder. */
export function risingBids(auction: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    encode(signedBid(auction, START_PRICE + index)),
  );
}

/** The outcome that a bidder reads, as one word. */
export function bidOutcomeOf(body: string): string {
  if (body.includes("You lead at") || body.includes("secret ceiling was higher")) return ACCEPTED;
  if (body.includes("is too low")) return "too low";
  if (body.includes("get an answer in time")) return "undecided";
  if (body.includes("So many people are bidding")) return "busy";
  return "something else";
}

/** The outcome of an accepted bid. */
export const ACCEPTED = "accepted";

/** Auctions in the given Redis. */
export function auctionsIn(redis: RedisConnection) {
  const engine = createAuctionEngine(redis);
  return {
    redis,
    engine,
    /** Opens an auction of one hour, whose bids rise by a cent. */
    async open(auction: string, now: Date): Promise<void> {
      const endsAt = new Date(now.getTime() + HOUR_MS);
      await engine.open({
        auctionId: auctionIdOf(auction),
        sellerId: "1",
        currency: "usd",
        channelIds: [],
        startPrice: START_PRICE,
        reserve: 0,
        increments: incrementsOf({ increment: 1 }, 1),
        counterBidMs: 10_000,
        typoFloor: 1,
        endsAt,
        latestEnd: new Date(endsAt.getTime() + HOUR_MS),
        recorded: undefined,
        standing: undefined,
        commitments: [],
        repeatable: [],
      });
    },
    /** The current price and the number of bids. */
    async standing(auction: string): Promise<{ price: number; bids: number }> {
      const auctionId = auctionIdOf(auction);
      const { sequence = 0 } = (await engine.progress(auctionId)) ?? {};
      const { bids } = await engine.bidsAfter(auctionId, sequence - 1);
      return { price: 0, bids: 0, ...bids.at(-1) };
    },
  };
}

export type Auctions = ReturnType<typeof auctionsIn>;
