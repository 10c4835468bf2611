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
import { shippingTerms } from "../../shipping/documents/shipping-terms.ts";
import { standingFields } from "./standing-fields.ts";

const BIDDER = { erase: "replace-with-alias", export: "included" } as const;

/**
 * The message of a board that is pinned. `begun` is stored before Discord is asked, so what may be pinned is always
 * known; `refused` is not pinned, and not tried again.
 */
const pin = record("pin", {
  messageId: text("message_id"),
  state: oneOf("state", ["begun", "pinned", "refused"]),
});

/** A channel that shows an auction; without a message until it is posted. */
const board = record("", {
  channelId: text("channel_id"),
  messageId: optional(text("message_id")),
  pin: optional(pin),
});

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
    /** Where it ships to and for how much: the builder's terms when it was started. */
    shipping: optional(shippingTerms),
    /** The last command that changed how it ships. */
    shippingChangeId: optional(internal(text("shipping_change_id"), "which command was applied")),
    /** The first bid is at least this. Amounts are minor units of `currency`. */
    startPrice: amount("start_price"),
    /** The item is not sold below this price; 0 for none. The reserve is secret. */
    reserve: amount("reserve"),
    /** The fixed increment; undefined for the default table. */
    increment: optional(amount("increment")),
    durationMs: integer("duration_ms"),
    /** A bid this shortly before the end moves it; 0 is sudden death. */
    counterBidMs: integer("counter_bid_ms"),
    /** Opened at once, or when the builder's stream starts. */
    opens: oneOf("opens", ["now", "live"]),
    /** `planned` waits for the builder's stream. */
    state: oneOf("state", ["planned", "live", "sold", "unsold", "cancelled", "void"]),
    createdAt: time("created_at"),
    openedAt: optional(time("opened_at")),
    endsAt: optional(time("ends_at")),
    /** No counter-bid moves the end beyond this. */
    latestEnd: optional(time("latest_end")),
    boards: list("boards", board),
    /** The channels of `boards` a second time, as a list that queries can filter by. */
    channelIds: readApart(list("channel_ids", text())),
    /** The picture's address, which works for about a day after `imageReadAt`. */
    imageUrl: optional(text("image_url")),
    imageReadAt: optional(time("image_url_at")),
    /** Its size as "1200x900", once its board is posted; empty if Discord did not say. */
    imageSize: optional(text("image_size")),
    /** The auction after the last recorded bid; undefined without one. */
    standing: optional(record("standing", standingFields)),
    bidderCount: fallback(integer("bidder_count"), 0),
    /** The auction has changed, and its boards may not show that yet. */
    isBoardDue: fallback(internal(flag("is_board_due"), "the sweeper's own mark"), false),
    /** The hammer has fallen, and settlement is not finished. */
    isSettling: fallback(internal(flag("is_settling"), "the sweeper's own mark"), false),
    runnersUp: fallback(
      list(
        "runners_up",
        record("", { bidderId: person("bidder_id", BIDDER), amount: amount("amount") }),
      ),
      [],
    ),
    /**
     * The bidder who may buy now. Round 0 is the winner; later rounds are offers to runners-up, who may accept until
     * `offerUntil`. `over` if nobody is left to ask.
     */
    claim: optional(
      record("claim", {
        round: integer("round"),
        bidderId: person("bidder_id", BIDDER),
        amount: amount("amount"),
        state: oneOf("state", ["offered", "ordered", "paid", "over"]),
        offerUntil: optional(time("offer_until")),
        /** The deadline for creating the Checkout Session, if the builder's account could not take payments. */
        checkoutUntil: optional(time("page_until")),
      }),
    ),
    /** Why it was cancelled instead of opened; see OpeningProblem. */
    couldNotOpen: optional(oneOf("could_not_open", ["busy", "forbidden", "interrupted"])),
    /** The team's reason for cancelling it, if they did. */
    cancelReason: optional(text("cancel_reason")),
    /** The last pause of bidding because Redis had lost all or part of the auction. */
    interruption: optional(
      record("interruption", {
        pausedAt: time("paused_at"),
        /** Undefined while the pause lasts. */
        resumedAt: optional(time("resumed_at")),
        /** The auction went back to this bid. */
        bids: integer("bids"),
      }),
    ),
    /** The seller agreed to sell below the reserve. */
    isReserveWaived: fallback(flag("is_reserve_waived"), false),
    /** The auction that runs or ran the same item again. */
    rerunId: optional(text("rerun_id")),
  },
});
