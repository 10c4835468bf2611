import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  flag,
  integer,
  internal,
  list,
  oneOf,
  optional,
  record,
  text,
} from "../../../shared/documents/fields.ts";
import { zoneKinds } from "../domain/terms.ts";

/**
 * Shipping terms as a field of whatever has them: a builder's own below, and the copy that what they sell keeps from
 * when it was made.
 */
export const shippingTerms = record("shipping", {
  /** ISO 3166-1. */
  from: text("from"),
  zones: list(
    "zones",
    record("", {
      kind: oneOf("kind", zoneKinds),
      countries: list("countries", text()),
      price: amount("price"),
      further: amount("further"),
    }),
  ),
  freeFrom: optional(amount("free_from")),
  dispatchDays: integer("dispatch_days"),
  needsPhone: flag("needs_phone"),
  isPickup: flag("is_pickup"),
  bundleHours: integer("bundle_hours"),
  currency: text("currency"),
});

export const shippingTermsDocument = defineDocument({
  collection: "shipping_terms",
  about: "Where a builder ships to and for how much: what new drops and auctions begin with.",
  key: {
    what: "Discord user id of the builder",
    personal: { erase: "delete-document", export: "included" },
  },
  kept: "until the builder is forgotten",
  exportedIn: ["shipping_terms"],
  fields: {
    terms: shippingTerms,
    /** The command that changed them last: an older one changes nothing any more. */
    changeId: internal(text("change_id"), "which command was applied"),
  },
});
