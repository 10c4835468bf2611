import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  integer,
  optional,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";

export const saleRefundDocument = defineDocument({
  collection: "sales/refunds",
  about: "What takes back a part of a sale; it may be there before the sale.",
  key: { what: "the provider's id of the refund, of all refunds of a charge, or of the dispute" },
  kept: "forever, for commissions",
  exportedIn: [],
  fields: {
    amount: amount("amount"),
    /** The amount instead, should the sale's prices have tax in them. */
    amountWithTaxIn: optional(amount("amount_with_tax_in")),
    paid: optional(amount("paid")),
    currency: text("currency"),
    /** A later turn replaces what an earlier one took. */
    turn: optional(integer("turn")),
    at: readApart(time("at")),
  },
});
