import { type DocumentOf, defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  group,
  integer,
  internal,
  list,
  oneOf,
  optional,
  optionalGroup,
  person,
  personal,
  readApart,
  record,
  text,
  time,
  timeMs,
} from "../../../shared/documents/fields.ts";
import { moneyCommands } from "../../../shared/money/money-command-fields.ts";

/**
 * Where the builder's money is. `held`: with the platform. `releasing`: a transfer is decided, Stripe may
 * or may not have made it. `released`: the builder has what is theirs. `ended`: nobody proved the order in
 * time, it is to go back to the buyer. `returned`: it did.
 */
const holdStates = ["held", "releasing", "released", "ended", "returned"] as const;

/** What operators can move an order to. */
export const operatorMoves = ["building", "sent", "arrived", "canceled"] as const;

const AT_STRIPE = {
  erase: "keep: refunds, disputes and comparing Stripe's books need it",
  export: "included",
} as const;

/** A part of a payment that settles a debt. */
const nettedDebt = record("", { id: text("id"), part: amount("part") });

/** A transfer that is decided. */
const sending = record("sending", {
  /** Stripe's account that it goes to. */
  accountId: personal(text("account_id"), AT_STRIPE),
  /** The builder's part: what is sent is this less `netted`. */
  gross: amount("gross"),
  /** What of it is kept for debts, in all and by debt. */
  netted: amount("netted"),
  nettedDebts: list("netted_debts", nettedDebt),
});

/** What the builder was given of a charge. */
const transfer = record("transfer", {
  /** Stripe's ids, oldest first. None where debts kept all of it; a second one after a dispute was won. */
  ids: list("ids", text()),
  /** What was given in all: sent, or kept for the builder's debts. */
  gross: amount("gross"),
  /** What of it was kept for debts. */
  netted: amount("netted"),
  /** What of it they owe back since, whether or not it was collected. */
  takenBack: amount("taken_back"),
  /** What of it is being sent now, if anything. */
  sending: optional(sending),
});

/** A buyer's bank contests a charge, or asks about it. */
const dispute = record("", {
  id: text("id"),
  amount: amount("amount"),
  /** What it has taken from the platform, for now or for good; an inquiry takes nothing. */
  withdrawn: amount("withdrawn"),
  /** What Stripe charged the platform for it; a win does not bring it back. */
  fee: amount("fee"),
  /** Of a question, which may or may not become a chargeback. While it is one, refunds are possible. */
  isInquiry: flag("is_inquiry"),
  outcome: oneOf("outcome", ["open", "won", "lost"]),
  /** Lost, and booked as money that went back. */
  isBooked: flag("is_booked"),
  openedAt: optional(time("opened_at")),
  /** When we learnt its outcome. */
  decidedAt: optional(time("decided_at")),
});

/** A way of delivery that Checkout offers. */
const deliveryOption = record("", {
  /** The zone of the builder's terms, or "pickup". */
  id: text("id"),
  /** As the buyer reads it. */
  name: text("name"),
  amount: amount("amount"),
  /** The countries that it is for. */
  countries: list("countries", text()),
});

/** How an order is to be delivered, as it was agreed when it was reserved. */
const delivery = record("delivery", {
  /** One where the buyer's country is known, none if they pick it up. Of several, the paid one must fit the address. */
  options: list("options", deliveryOption),
  /** The parcel that it is a part of, which makes its delivery cheaper. */
  joins: optional(text("joins")),
  /** The builder sends it within so many days of the payment. */
  dispatchDays: integer("dispatch_days"),
  /** For so long after the stream's end the buyer's orders ship together. */
  bundleHours: integer("bundle_hours"),
  needsPhone: flag("needs_phone"),
});

/** What an operator has moved by hand. */
const operatorMove = record("", {
  what: oneOf("what", operatorMoves),
  reason: text("reason"),
  author: text("author"),
  at: time("at"),
});

/** The states of the parcel that an order is in. */
const parcelStates = ["open", "sent", "arrived", "canceled"] as const;

export const orderDocument = defineDocument({
  collection: "orders",
  about:
    "One purchase by one buyer from one builder, from its reservation to the parcel's arrival.",
  key: {
    what: "the interaction that reserved it, the auction's round, or an older Checkout Session",
  },
  kept: "forever, for taxes, refunds and disputes",
  exportedIn: ["orders_bought", "orders_sold"],
  fields: {
    buyerId: person("buyer_id", { erase: "replace-with-alias", export: "included" }),
    builderId: person("builder_id", { erase: "replace-with-alias", export: "included" }),
    title: optional(text("title")),
    /** One of the states, or an older word that allows no move. Older orders were taken when they were paid. */
    fulfillmentStatus: fallback(text("fulfillment_status"), "paid"),
    twitchVodLink: optional(
      personal(text("twitch_vod_link"), { of: "builder_id", erase: "remove", export: "included" }),
    ),
    /** Whether the link is that of the video, and no more that of the channel. */
    isVodPermanent: readApart(
      personal(flag("vod_is_permanent"), { of: "builder_id", erase: "remove", export: "included" }),
    ),
    /** The stream that showed the order on the workbench: the proof of work that unlocks its money. */
    proof: optionalGroup(["proof_go_live_id", "proof_stream_id", "proof_verified_at"], {
      goLiveId: text("proof_go_live_id"),
      streamId: text("proof_stream_id"),
      verifiedAtMs: timeMs("proof_verified_at"),
    }),
    /** What is secret in the link to its buyer's page. */
    pageKey: readApart(
      personal(text("page_key"), {
        of: "buyer_id",
        erase: "remove",
        export: "left out: it opens the order's page",
      }),
    ),
    /** The drop it is from and the number of its first unit in it. */
    dropId: optional(text("drop_id")),
    unit: optional(integer("unit")),
    /** The numbers of its other units. What was won is one piece without a number. */
    moreUnits: fallback(list("more_units", integer()), []),
    /** The auction it was won in. */
    auctionId: optional(text("auction_id")),
    /** Absent on orders that are not shipped by us. */
    delivery: optional(delivery),
    /** The country that the buyer has named at Stripe, or "pickup". The address stays there. */
    destination: optional(
      personal(text("destination"), { of: "buyer_id", erase: "remove", export: "included" }),
    ),
    /** The parcel that it is in, once it is paid. */
    parcel: optionalGroup(["parcel_id"], {
      id: text("parcel_id"),
      state: oneOf("parcel_state", parcelStates),
    }),
    /** The buyer asked to cancel it; the last answer counts. */
    cancellation: optionalGroup(["cancel_asked_at"], {
      askedAt: time("cancel_asked_at"),
      /** `accepted`: everything goes back, and it is not sent any more. */
      state: oneOf("cancel_state", ["asked", "declined", "accepted"]),
      /** Counts its changes, so that a late deadline does nothing. */
      version: integer("cancel_version"),
      answeredAt: optional(time("cancel_answered_at")),
    }),
    /** Absent on orders that were not paid here. Amounts are minor units of `currency`. */
    payment: optionalGroup(["checkout_expires_at"], {
      /** All that the buyer is charged: items, shipping and tax. The tax is known once it is paid. */
      amount: amount("amount"),
      /** What of it is for shipping, and what of that is tax. */
      shipping: fallback(amount("shipping_amount"), 0),
      shippingTax: fallback(amount("shipping_tax"), 0),
      /** What of it is tax in all, which the platform owes. */
      tax: fallback(amount("tax"), 0),
      /** What the platform takes of the items' price. */
      fee: amount("fee"),
      currency: text("currency"),
      /** When the builder is paid. `split`: as soon as the buyer has paid. `held`: after the proof of work. */
      plan: oneOf("plan", ["split", "held"]),
      /** The hosted page where the order is paid. */
      checkout: group({
        /** Counts the Checkout Sessions asked for; part of each one's idempotency key. */
        attempt: integer("checkout_attempt"),
        expiresAt: time("checkout_expires_at"),
        sessionId: optional(personal(text("checkout_session_id"), AT_STRIPE)),
        url: optional(
          personal(text("checkout_url"), { of: "buyer_id", erase: "remove", export: "included" }),
        ),
      }),
      paymentIntentId: optional(personal(text("payment_intent_id"), AT_STRIPE)),
      chargeId: optional(personal(text("charge_id"), AT_STRIPE)),
      paidAt: optional(time("paid_at")),
      /** Without a proof of work held money goes back at this time. */
      heldUntil: optional(time("held_until")),
      hold: optional(oneOf("hold", holdStates)),
      /** The number of the next transfer, one more than were made or refused. */
      releaseAttempt: fallback(integer("release_attempt"), 1),
      /** What refunds were asked for, and what of it Stripe has made. */
      refundRequested: amount("refund_requested"),
      /** What of it is for shipping; the rest is for items. */
      refundRequestedShipping: fallback(amount("refund_requested_shipping"), 0),
      refunded: amount("refunded"),
      /** A bank disputed it when all of it was to go back: once the bank has decided, what it leaves goes back. */
      isOwedBack: optional(flag("is_owed_back")),
      /** Refunds that are decided, and not made yet. */
      openRefunds: fallback(list("open_refunds", text()), []),
      transfer: optional(transfer),
      /** All that were ever opened; a charge can have several. */
      disputes: fallback(list("disputes", dispute), []),
    }),
    /** When held money goes back, until there is a proof. */
    holdEndsAt: readApart(time("hold_ends_at")),
    hasOpenRefunds: readApart(flag("has_open_refunds")),
    /** Something is left to do after the payment. */
    isSettling: readApart(internal(flag("is_settling"), "the sweeper's own mark")),
    /** Refunds that somebody typed: of identical commands only one counts. */
    refundCommands: readApart(moneyCommands("refund_commands")),
    /** What operators have moved by hand, and why; a reason names nobody. */
    operatorMoves: readApart(
      internal(list("operator_moves", operatorMove), "the operators' own notes"),
    ),
    createdAt: readApart(time("created_at")),
    updatedAt: readApart(time("updated_at")),
  },
});

/** An order as it is read. */
type Order = DocumentOf<typeof orderDocument>;
type Payment = NonNullable<Order["payment"]>;

/** What a new order says; of what is from a drop or was won in an auction. Amounts are minor units. */
export interface NewOrder
  extends Pick<Order, "buyerId" | "builderId">,
    Partial<Pick<Order, "dropId" | "unit" | "moreUnits" | "auctionId" | "delivery">>,
    Pick<Payment, "amount" | "fee" | "currency" | "plan"> {
  /** What of the amount is for shipping. */
  readonly shipping?: number;
  readonly title: string;
  /** When its first Checkout Session is to end. */
  readonly expiresAt: Date;
  readonly now: Date;
}

/** The fields of an order that waits for its payment. */
export function reservedOrder({
  amount,
  shipping = 0,
  fee,
  currency,
  plan,
  expiresAt,
  now,
  ...order
}: NewOrder) {
  return {
    ...order,
    fulfillmentStatus: "reserved",
    payment: {
      amount,
      shipping,
      fee,
      currency,
      plan,
      refundRequested: 0,
      refunded: 0,
      checkout: { attempt: 1, expiresAt },
    },
    createdAt: now,
    updatedAt: now,
  };
}
