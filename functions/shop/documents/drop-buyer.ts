import { defineDocument } from "../../../shared/documents/define-document.ts";
import { list, text } from "../../../shared/documents/fields.ts";

export const dropBuyerDocument = defineDocument({
  collection: "inventory/buyers",
  about: "What one buyer has of a drop: how many more they may take.",
  key: {
    what: "Discord user id",
    personal: {
      erase: "replace-with-alias",
      export: "left out: their orders name the drop",
    },
  },
  kept: "forever",
  exportedIn: [],
  fields: { orderIds: list("order_ids", text()) },
});
