import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  fallback,
  flag,
  integer,
  list,
  oneOf,
  optional,
  person,
  personal,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";

const BUYERS = { of: "buyer_id", erase: "remove", export: "included" } as const;

/** What of an order is in a parcel. */
const line = record("", { orderId: text("order_id"), quantity: integer("quantity") });

export const parcelDocument = defineDocument({
  collection: "parcels",
  about: "What a builder sends to one buyer at once: lines of one or more orders.",
  key: { what: "the order that it was opened for" },
  kept: "forever, for disputes",
  exportedIn: ["parcels_bought", "parcels_sold"],
  fields: {
    buyerId: person("buyer_id", { erase: "replace-with-alias", export: "included" }),
    builderId: person("builder_id", { erase: "replace-with-alias", export: "included" }),
    state: oneOf("state", ["open", "sent", "arrived", "canceled"]),
    /** Counts the changes of its state and of its deadlines, so that a late deadline does nothing. */
    version: integer("version"),
    lines: list("lines", line),
    /** The country it goes to, or "pickup". The address stays at Stripe. */
    destination: text("destination"),
    /** Its shipping was paid for another address: a cheaper country, or a parcel that goes elsewhere. */
    isPriceWrong: fallback(flag("is_price_wrong"), false),
    /** The stream in which it was opened, and for how long after its end the buyer's orders join it. */
    streamId: optional(text("stream_id")),
    bundleHours: integer("bundle_hours"),
    /** The buyer asked to wait until then. */
    waitUntil: optional(time("wait_until")),
    waitAskedAt: optional(time("wait_asked_at")),
    openedAt: time("opened_at"),
    /** The builder promised to send it by then. */
    dispatchBy: time("dispatch_by"),
    carrier: optional(text("carrier")),
    tracking: optional(personal(text("tracking"), BUYERS)),
    /** The command that sent it or gave its number: once there is one, an older command changes nothing. */
    numberChangeId: optional(text("number_change_id")),
    /** The command that last corrected it after it was sent; the buyer is notified of each. */
    correctionId: optional(text("correction_id")),
    sentAt: optional(time("sent_at")),
    arrivedAt: optional(time("arrived_at")),
    /** Who said that it arrived; `time` when nobody did. */
    arrivedBy: optional(oneOf("arrived_by", ["buyer", "builder", "staff", "time"])),
    updatedAt: time("updated_at"),
  },
});
