import type { RedisConnection } from "../clients/redis.ts";
import type { Commitment, Increment, Standing } from "../domain/auction.ts";
import { auctionKeys, channelKey } from "./keys.ts";
import source from "./open.lua";
import { createScript, texts } from "./script.ts";

/** All that the engine knows of an auction. Amounts in minor units. */
export interface EngineState {
  readonly auctionId: string;
  readonly sellerId: string;
  readonly channelIds: readonly string[];
  readonly startPrice: number;
  readonly reserve: number;
  readonly increments: readonly Increment[];
  readonly counterBidMs: number;
  readonly endsAt: Date;
  /** No counter-bid moves the end beyond this. */
  readonly latestEnd: Date;
  /** How far it has come; undefined for a new one. */
  readonly standing: Standing | undefined;
  /** What each bidder has gone to, with the sequence number that counts for ties. */
  readonly commitments: readonly Commitment[];
}

/** Scores order by amount, then by who was first; as in bid.lua. */
const SEQUENCES = 4_194_304n;

/** What opening came to; `busy` names the auction that runs in one of its channels. */
export type OpenResult =
  | { readonly outcome: "opened" | "already" }
  | { readonly outcome: "busy"; readonly auctionId: string };

/**
 * Opens an auction, or restores what Redis has lost of it. One that is there and not behind is left
 * as it is, so that opening twice changes nothing.
 */
export function createOpening(redis: RedisConnection) {
  const run = createScript(redis, source);
  return async (state: EngineState): Promise<OpenResult> => {
    const { auction, bids, bidders } = auctionKeys(state.auctionId);
    const { standing } = state;
    const fields: Readonly<Record<string, string | number>> = {
      status: "live",
      seller: state.sellerId,
      start: state.startPrice,
      increments: state.increments.map(({ from, by }) => `${from}:${by}`).join(" "),
      reserve: state.reserve,
      counter_bid: state.counterBidMs,
      ends_at: state.endsAt.getTime(),
      latest_end: state.latestEnd.getTime(),
      now: 0,
      bids: standing?.bids ?? 0,
      price: standing?.price ?? 0,
      leader: standing?.leaderId ?? "-",
      ceiling: standing?.ceiling ?? 0,
      leader_sequence: standing?.leaderSequence ?? 0,
    };
    const reply = await run(
      [auction, bids, bidders, ...state.channelIds.map(channelKey)],
      [
        ...[state.auctionId, String(standing?.sequence ?? 0), standing?.bidId ?? "-"],
        ...[String(Object.keys(fields).length * 2), ...Object.entries(fields).flat().map(String)],
        ...state.commitments.flatMap((bidder) => [scoreOf(bidder), bidder.bidderId]),
      ],
    );
    const [outcome, other = ""] = texts(reply);
    if (outcome === "busy") return { outcome, auctionId: other };
    if (outcome === "opened" || outcome === "already") return { outcome };
    throw new Error(`An auction was opened as ${outcome}.`);
  };
}

function scoreOf({ amount, sequence }: Commitment): string {
  return String(BigInt(amount) * SEQUENCES + SEQUENCES - 1n - BigInt(sequence));
}
