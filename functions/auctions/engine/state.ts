import { definePacked } from "./packed.ts";

/** The terms an auction was opened with. Amounts in minor units, times in milliseconds. */
export const terms = definePacked("terms", {
  sellerId: "text",
  /** 0 for none. */
  reserve: "number",
  counterBidMs: "number",
  /** No counter-bid moves the end beyond this. */
  latestEndMs: "number",
  /** To find typos, bids are compared with the next amount, or with this if it is higher. */
  typoFloor: "number",
  /** Pairs `from:by`, in ascending order from 0. */
  increments: "rest",
});

/** An auction's state: the field `state` of its hash and of each stream entry. */
export const state = definePacked("state", {
  /** The time of the last change, by Redis's clock. */
  nowMs: "number",
  /** The number of the last accepted bid; 0 for none. */
  sequence: "number",
  /** The number of the leader's bid that breaks a tie between two equally high bidders. */
  leaderSequence: "number",
  /** The leader's ceiling. */
  ceiling: "number",
  price: "number",
  leaderId: "text",
  nextAmount: "number",
  endsAtMs: "number",
  bids: "number",
  bidders: "number",
});

/** The most that a bidder has committed to: the field `commitment:<bidder>` of the auction's hash. */
export const commitment = definePacked("commitment", {
  amount: "number",
  /** The number of the bid with which they did; of equal amounts, the lowest leads. */
  sequence: "number",
});

/** An accepted bid: the field `bid` of a stream entry. */
export const entry = definePacked("entry", {
  /** The bid's id; for a removal, the operation's id. */
  id: "text",
  /** bid, ceiling or removal; or anchor, the last recorded bid of a restored auction. */
  kind: "text",
  bidderId: "text",
  amount: "number",
  /** The bidder's ceiling; 0 for none. */
  max: "number",
  /** The bidder who lost the lead to it. */
  outbidId: "text",
});

/** The reply to a bid. */
export const decision = definePacked("decision", {
  outcome: "text",
  price: "number",
  leaderId: "text",
  nextAmount: "number",
  endsAtMs: "number",
  bids: "number",
  sequence: "number",
  /** met, unmet, or - if there is no reserve. */
  reserve: "text",
  /** 1 if the board is due, else 0. */
  isBoardDue: "number",
});

/** Represents nobody in a packed text. */
export const NOBODY = "-";
