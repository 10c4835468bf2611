import { defineDocument } from "../define-document.ts";
import { fallback, flag, list, optional, personal, readApart, text, time } from "../fields.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;

export const userDocument = defineDocument({
  collection: "users",
  about:
    "What is noted of anyone who uses the bot: closed DMs, unpaid orders, a bar from bidding, the country that parcels go to.",
  key: { what: "Discord user id", personal: THEIRS },
  kept: "until the person is forgotten",
  exportedIn: ["settings"],
  fields: {
    /** Discord has refused a DM to them. */
    isDmClosed: optional(personal(flag("dm_closed"), THEIRS)),
    dmClosedAt: optional(personal(time("dm_closed_at"), THEIRS)),
    /** Orders that were unpaid when they last reserved something. */
    openOrderIds: fallback(list("open_order_ids", text()), []),
    barredAt: optional(personal(time("bidding_barred_at"), THEIRS)),
    /** A bar without an end of its own lasts for the automatic period. */
    barredUntil: optional(personal(time("bidding_barred_until"), THEIRS)),
    /** Why the team barred them. */
    barReason: optional(personal(text("bidding_bar_reason"), THEIRS)),
    /** What they are at Stripe, which keeps their address for the next Checkout. */
    stripeCustomerId: readApart(personal(text("stripe_customer_id"), THEIRS)),
    /** The last command about their bar that changed it. */
    barActId: optional(text("bidding_bar_act_id")),
    /** The country that their parcels go to, ISO 3166-1. */
    shipCountry: optional(personal(text("ship_country"), THEIRS)),
    /** The last interaction that changed it. */
    shipCountryChangeId: optional(text("ship_country_change_id")),
    /** The last parcel opened for them that other orders may join: two payments at once open one, not two. */
    newestParcelId: optional(text("newest_parcel_id")),
  },
});
