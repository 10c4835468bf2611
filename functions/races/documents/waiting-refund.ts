import { defineDocument } from "../../../shared/documents/define-document.ts";
import { optional, time } from "../../../shared/documents/fields.ts";

export const waitingRefundDocument = defineDocument({
  collection: "waiting_refunds",
  about: "A sale that has refunds and that nobody has reported.",
  key: { what: "the sale's id" },
  kept: "until the sale is reported",
  exportedIn: [],
  fields: {
    since: optional(time("since")),
    /** The same, once operators know of it. */
    notifiedSince: optional(time("notified_since")),
  },
});
