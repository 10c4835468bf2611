import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  integer,
  oneOf,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";

export const refundDocument = defineDocument({
  collection: "orders/refunds",
  about: "Money of an order that goes back, or that a bank took back.",
  key: { what: "the interaction that asked for it, or Stripe's id" },
  kept: "forever, for taxes, disputes",
  exportedIn: [],
  fields: {
    kind: oneOf("kind", ["refund", "dispute"]),
    amount: amount("amount"),
    /** What of it is for shipping; the rest is for items. */
    shipping: fallback(amount("shipping_amount"), 0),
    state: oneOf("state", ["requested", "made", "failed", "closed"]),
    /** Counts the calls to Stripe that it refused. */
    attempt: integer("attempt"),
    /** Whether the unit is for sale again. */
    restock: flag("restock"),
    isOwed: flag("is_owed"),
    isLimited: flag("is_limited"),
    createdAt: readApart(time("created_at")),
    /** Why staff closed it. */
    closedReason: readApart(text("closed_reason")),
    closedAt: readApart(time("closed_at")),
  },
});
