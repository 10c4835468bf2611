import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  flag,
  integer,
  optional,
  optionalGroup,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";

export const debtDocument = defineDocument({
  collection: "builders/debts",
  about:
    "What a builder owes of one order, for one cause; settled by nothing but money that moved.",
  key: {
    what: "the order and the cause; the path has the builder's Discord user id",
    personal: { erase: "replace-with-alias", export: "included" },
  },
  kept: "forever, for the books; under the random name once the builder is forgotten",
  exportedIn: ["debts_from_refunds"],
  fields: {
    /** Undefined for what someone owed before they were forgotten. */
    orderId: optional(text("order_id")),
    amount: amount("amount"),
    currency: text("currency"),
    /** What of it has come back: reversed, or kept from a later transfer. */
    settled: amount("settled"),
    /** Counts the reversals: another one is another call to Stripe. */
    reversals: integer("reversals"),
    /** What is being taken back now, if anything: Stripe may or may not have done it. */
    reversing: optionalGroup(["reversing", "reversing_since"], {
      amount: amount("reversing"),
      decidedAt: time("reversing_since"),
    }),
    /** What of `settled` was taken back of the order's transfers. */
    reversed: amount("reversed"),
    isOpen: readApart(flag("is_open")),
    /** When it is tried next, a day after the last time. */
    dueAt: readApart(time("due_at")),
    createdAt: readApart(time("created_at")),
  },
});
