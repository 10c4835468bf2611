import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  flag,
  oneOf,
  optional,
  person,
  readApart,
  time,
} from "../../../shared/documents/fields.ts";
import { standingFields } from "./standing-fields.ts";

const BIDDER = { erase: "replace-with-alias", export: "included" } as const;

export const bidDocument = defineDocument({
  collection: "auctions/bids",
  about:
    "One accepted bid and the auction after it: the audit record, in the order Redis decided them.",
  key: { what: "its number in the order of all bids, with eight digits" },
  kept: "forever, as the record that others rely on",
  exportedIn: ["bids"],
  fields: {
    /** `ceiling`: the leader raised their secret ceiling; `removal`: all bids of this bidder were removed. */
    kind: oneOf("kind", ["bid", "ceiling", "removal"]),
    bidderId: person("bidder_id", BIDDER),
    amount: amount("amount"),
    max: optional(amount("max")),
    endsAt: time("ends_at"),
    /** The leader it outbid, if they asked to be notified. */
    notifiedBidderId: optional(person("notified_bidder_id", BIDDER)),
    /** That leader has not been notified yet. */
    isNoticeDue: readApart(flag("is_notice_due")),
    ...standingFields,
  },
});
