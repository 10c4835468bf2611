import { definePacked } from "./packed.ts";

/** What an auction was opened with. Amounts in minor units, times in milliseconds. */
export const terms = definePacked("terms", {
  sellerId: "text",
  /** 0 for none. */
  reserve: "number",
  counterBidMs: "number",
  /** No counter-bid moves the end beyond this. */
  latestEndMs: "number",
  /** Amounts are compared with this to find typos while the next amount is below it. */
  typoFloor: "number",
  /** `from:by`, rising from 0. */
  increments: "rest",
});

/** How an auction stands: the field `state` of its hash, and of each entry of its stream. */
export const state = definePacked("state", {
  /** When it last changed, by Redis's clock. */
  nowMs: "number",
  /** Of the last accepted bid; 0 for none. */
  sequence: "number",
  /** Of the bid that counts for the leader where two have gone equally high. */
  leaderSequence: "number",
  /** How high the leader goes. */
  ceiling: "number",
  price: "number",
  leaderId: "text",
  nextAmount: "number",
  endsAtMs: "number",
  bids: "number",
});

/** An accepted bid: the field `bid` of an entry of the stream. */
export const entry = definePacked("entry", {
  /** The bid's id; of a removal the operation's. */
  id: "text",
  /** bid, ceiling, removal; anchor: the last recorded bid of an auction that was restored. */
  kind: "text",
  bidderId: "text",
  amount: "number",
  /** The bidder's ceiling; 0 for none. */
  max: "number",
  /** Who no longer leads because of it. */
  outbidId: "text",
});

/** What a bid is answered. */
export const decision = definePacked("decision", {
  outcome: "text",
  price: "number",
  leaderId: "text",
  nextAmount: "number",
  endsAtMs: "number",
  bids: "number",
  sequence: "number",
  /** met, unmet, or - where there is none. */
  reserve: "text",
  /** 1 when the board is due. */
  isBoardDue: "number",
});

/** Stands for nobody in a text. */
export const NOBODY = "-";
