import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  integer,
  internal,
  list,
  oneOf,
  optional,
  person,
  readApart,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { auctionStates, openingProblems } from "../domain/auction.ts";
import { standingFields } from "./standing-fields.ts";

const BIDDER = { erase: "replace-with-alias", export: "included" } as const;

/** Where an auction is shown. */
export const boards = list(
  "boards",
  record("", { channelId: text("channel_id"), messageId: optional(text("message_id")) }),
);

export const auctionDocument = defineDocument({
  collection: "auctions",
  about:
    "One item that a streamer's audience bids for, as far as it is recorded; Redis decides the bids.",
  key: { what: "the interaction that started it" },
  kept: "forever, as the record that others rely on",
  exportedIn: ["auctions_run"],
  fields: {
    builderId: person("builder_id", BIDDER),
    title: text("title"),
    currency: text("currency"),
    plan: oneOf("plan", ["split", "held"]),
    startPrice: amount("start_price"),
    /** Below this it is not sold; 0 for none. */
    reserve: amount("reserve"),
    increment: optional(amount("increment")),
    durationMs: integer("duration_ms"),
    counterBidMs: integer("counter_bid_ms"),
    /** At once, or when the builder's stream starts. */
    opens: oneOf("opens", ["now", "live"]),
    state: oneOf("state", auctionStates),
    createdAt: time("created_at"),
    openedAt: optional(time("opened_at")),
    endsAt: optional(time("ends_at")),
    /** No counter-bid moves the end beyond this. */
    latestEnd: optional(time("latest_end")),
    boards,
    channelIds: readApart(list("channel_ids", text())),
    /** Where its picture can be fetched for about a day. */
    imageUrl: optional(text("image_url")),
    imageReadAt: optional(time("image_url_at")),
    /** Who leads after the last recorded bid, and where it stands. */
    standing: optional(record("standing", standingFields)),
    bidderCount: fallback(integer("bidder_count"), 0),
    /** It has changed, and its boards may not show it yet. */
    isBoardDue: fallback(internal(flag("is_board_due"), "the sweeper's own mark"), false),
    /** The hammer has fallen, and there is something left to do. */
    isSettling: fallback(internal(flag("is_settling"), "the sweeper's own mark"), false),
    runnersUp: fallback(
      list(
        "runners_up",
        record("", { bidderId: person("bidder_id", BIDDER), amount: amount("amount") }),
      ),
      [],
    ),
    /** Who may buy it now, and until when. */
    claim: optional(
      record("claim", {
        round: integer("round"),
        bidderId: person("bidder_id", BIDDER),
        amount: amount("amount"),
        state: oneOf("state", ["offered", "ordered", "paid", "over"]),
        offerUntil: optional(time("offer_until")),
        pageUntil: optional(time("page_until")),
      }),
    ),
    couldNotOpen: optional(oneOf("could_not_open", openingProblems)),
    /** Why the team cancelled it, if they did. */
    cancelReason: optional(text("cancel_reason")),
    /** The last time that Redis had lost it, or a part of it. */
    interruption: optional(
      record("interruption", {
        pausedAt: time("paused_at"),
        resumedAt: optional(time("resumed_at")),
        bids: integer("bids"),
      }),
    ),
    /** Its seller sells below the reserve. */
    isReserveWaived: fallback(flag("is_reserve_waived"), false),
    /** The auction that runs, or ran, the same item again. */
    rerunId: optional(text("rerun_id")),
  },
});
