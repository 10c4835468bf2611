import { amount, integer, internal, person, text, time } from "../../../shared/documents/fields.ts";

const BIDDER = { erase: "replace-with-alias", export: "included" } as const;

/** What is known of an auction after a bid. */
export const standingFields = {
  sequence: integer("sequence"),
  bidId: text("bid_id"),
  bids: integer("bids"),
  price: amount("price"),
  /** Who leads; "-" where the last one who did was taken out. */
  leaderId: person("leader_id", BIDDER),
  /** How far the leader goes: their secret. */
  ceiling: internal(integer("ceiling"), "the leader's secret"),
  leaderSequence: integer("leader_sequence"),
  at: time("at"),
};
