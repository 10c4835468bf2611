import { defineDocument } from "../../../shared/documents/define-document.ts";
import { flag, time } from "../../../shared/documents/fields.ts";

export const unpaidWinDocument = defineDocument({
  collection: "users/unpaid_wins",
  about: "An auction that someone won and did not pay; enough of them bar from bidding.",
  key: {
    what: "the order's id; the path has the winner's Discord user id",
    personal: { erase: "delete-document", export: "included" },
  },
  kept: "until the person is forgotten, which waits while it counts (90 days)",
  exportedIn: ["auctions_won_and_not_paid"],
  fields: {
    at: time("at"),
    /** It counts no more. */
    isLifted: flag("is_lifted"),
  },
});
