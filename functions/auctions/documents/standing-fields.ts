import { amount, integer, internal, person, text, time } from "../../../shared/documents/fields.ts";

const BIDDER = { erase: "replace-with-alias", export: "included" } as const;

/** An auction after an accepted bid. Amounts in minor units. */
export const standingFields = {
  /** Counts accepted bids and raised ceilings without gaps. */
  sequence: integer("sequence"),
  /** The id of the last of them. */
  bidId: text("bid_id"),
  bids: integer("bids"),
  price: amount("price"),
  /** Who leads; "-" when the bids of the last remaining leader were removed. */
  leaderId: person("leader_id", BIDDER),
  /** The leader's secret ceiling. */
  ceiling: internal(integer("ceiling"), "the leader's secret"),
  leaderSequence: integer("leader_sequence"),
  /** When the bid was decided, by the auction's own clock, which never goes back. */
  at: time("at"),
};
