import { defineDocument } from "../../../shared/documents/define-document.ts";
import { integer, oneOf } from "../../../shared/documents/fields.ts";

export const saleDisputeDocument = defineDocument({
  collection: "sales/disputes",
  about: "What a dispute of a sale has come to; it may be there before the sale.",
  key: { what: "the provider's id of the dispute" },
  kept: "forever, for commissions",
  exportedIn: [],
  fields: {
    outcome: oneOf("outcome", ["open", "won", "lost"]),
    /** How often it was decided: 0 while it is open for the first time. */
    turn: integer("turn"),
  },
});
