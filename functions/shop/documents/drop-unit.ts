import { defineDocument } from "../../../shared/documents/define-document.ts";
import { integer, oneOf, optional, text } from "../../../shared/documents/fields.ts";

export const dropUnitDocument = defineDocument({
  collection: "inventory/units",
  about: "One unit of a drop, so that many buyers never write the same document.",
  key: { what: "the unit's number" },
  kept: "forever",
  exportedIn: [],
  fields: {
    number: integer("number"),
    state: oneOf("state", ["free", "reserved", "sold"]),
    orderId: optional(text("order_id")),
  },
});
