import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createScript, texts } from "../../../../shared/clients/redis-script.ts";
import {
  type Commitment,
  type Increment,
  nextAmount,
  type Standing,
} from "../../domain/auction.ts";
import type { RecordedBid } from "../../store/bids/recorded-bid.ts";
import { answerField, auctionKeys, channelKey, commitmentField } from "../keys.ts";
import { withShared } from "../script.ts";
import {
  NOBODY,
  commitment as packedCommitment,
  decision as packedDecision,
  state as packedState,
  terms as packedTerms,
} from "../state.ts";
import source from "./open.lua";

/** Everything the engine stores about an auction. Amounts in minor units. */
export interface EngineState {
  readonly auctionId: string;
  readonly sellerId: string;
  readonly channelIds: readonly string[];
  readonly currency: string;
  readonly startPrice: number;
  readonly reserve: number;
  readonly increments: readonly Increment[];
  readonly counterBidMs: number;
  /** To find typos, bids are compared with the next amount, or with this if it is higher. */
  readonly typoFloor: number;
  readonly endsAt: Date;
  /** No counter-bid moves the end beyond this. */
  readonly latestEnd: Date;
  /** The last recorded bid; undefined for a new auction. */
  readonly recorded: Pick<Standing, "sequence" | "bidId" | "bids" | "at"> | undefined;
  /** The leader, price and so on; undefined when nobody has bid or no bid counts any more. */
  readonly standing: Standing | undefined;
  /** Each bidder's highest amount, with the sequence number that breaks ties. */
  readonly commitments: readonly Commitment[];
  /** Recorded bids that may still be sent again: they get the same answers and do not count twice. */
  readonly repeatable: readonly RecordedBid[];
}

/** The last bid of an auction on which nobody has bid. */
const UNBID = { sequence: 0, bids: 0, at: new Date(0) };

/** The standing of an auction in which no bid counts, because there was none or all were removed. */
const NO_LEADER = { price: 0, leaderId: NOBODY, ceiling: 0, leaderSequence: 0 };

/** The outcome of opening; `busy` names the other auction that runs in one of the channels. */
export type OpenResult =
  | { readonly outcome: "opened" | "already" }
  | { readonly outcome: "busy"; readonly auctionId: string };

/**
 * Opens an auction, or restores what Redis has lost of it. Idempotent: an auction that Redis has, with all recorded
 * bids, stays as it is.
 */
export function createOpening(redis: RedisConnection) {
  const run = createScript(redis, withShared(source));
  return async (state: EngineState): Promise<OpenResult> => {
    const { auction, bids } = auctionKeys(state.auctionId);
    const { recorded } = state;
    const fields = [
      ["status", "live"],
      ["currency", state.currency],
      ["terms", termsOf(state)],
      ["state", standingOf(state)],
      ...state.commitments.map((each) => [
        commitmentField(each.bidderId),
        packedCommitment.encode(each),
      ]),
      ...state.repeatable
        .filter(({ kind }) => kind !== "removal")
        .map((bid) => [answerField(bid.bidId), answerTo(bid, state)]),
    ];
    const reply = await run(
      [auction, bids, ...state.channelIds.map(channelKey)],
      [state.auctionId, String(recorded?.sequence ?? 0), recorded?.bidId ?? "-", ...fields.flat()],
    );
    const [outcome, other = ""] = texts(reply);
    if (outcome === "busy") return { outcome, auctionId: other };
    if (outcome === "opened" || outcome === "already") return { outcome };
    throw new Error(`An auction was opened as ${outcome}.`);
  };
}

function termsOf(state: EngineState): string {
  const { sellerId, reserve, counterBidMs, latestEnd, typoFloor, increments } = state;
  return packedTerms.encode({
    sellerId,
    reserve,
    counterBidMs,
    latestEndMs: latestEnd.getTime(),
    typoFloor,
    increments: increments.map(({ from, by }) => `${from}:${by}`).join(" "),
  });
}

/** The answer to a recorded bid. It schedules the board again, because the first answer may have been lost. */
function answerTo(
  { kind, bidderId, leaderId, price, ceiling, endsAt, bids, sequence }: RecordedBid,
  { reserve, increments }: EngineState,
): string {
  const bidOutcome = leaderId === bidderId ? "leading" : "outbid";
  const reserveNow = ceiling >= reserve ? "met" : "unmet";
  return packedDecision.encode({
    outcome: kind === "ceiling" ? "ceiling-raised" : bidOutcome,
    price,
    leaderId,
    nextAmount: nextAmount(price, increments),
    endsAtMs: endsAt.getTime(),
    bids,
    sequence,
    reserve: reserve === 0 ? NOBODY : reserveNow,
    isBoardDue: 1,
  });
}

function standingOf({
  standing,
  recorded,
  startPrice,
  increments,
  endsAt,
  commitments,
}: EngineState): string {
  const { sequence, bids, at } = recorded ?? UNBID;
  const { price, leaderId, ceiling, leaderSequence } = standing ?? NO_LEADER;
  return packedState.encode({
    nowMs: at.getTime(),
    sequence,
    leaderSequence,
    ceiling,
    price,
    leaderId,
    nextAmount: standing ? nextAmount(price, increments) : startPrice,
    endsAtMs: endsAt.getTime(),
    bids,
    bidders: commitments.length,
  });
}
