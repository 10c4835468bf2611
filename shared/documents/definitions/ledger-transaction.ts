import { transactionKinds } from "../../money/ledger.ts";
import { defineDocument } from "../define-document.ts";
import { integer, oneOf, optional, personal, text, time } from "../fields.ts";

export const ledgerTransactionDocument = defineDocument({
  collection: "ledger",
  about: "One movement of money. It is never changed; its lines are in `postings` below it.",
  key: { what: "what caused it, such as `sale.` and the sale's id" },
  kept: "forever, for taxes, disputes",
  exportedIn: [],
  fields: {
    kind: oneOf("kind", transactionKinds),
    at: time("at"),
    currency: text("currency"),
    saleId: optional(text("sale_id")),
    /** How many postings it was written with. */
    postings: integer("postings"),
    /** Of a correction: why, and which operator made it. */
    reason: optional(text("reason")),
    author: optional(
      personal(text("author"), {
        erase: "keep: who corrected the books is part of the books",
        export: "left out: it is about an operator's work",
      }),
    ),
    /** The transaction that it takes back. */
    reverses: optional(text("reverses")),
  },
});
