import { transactionKinds } from "../../money/ledger.ts";
import { defineDocument } from "../define-document.ts";
import { amount, oneOf, optional, personal, text, time } from "../fields.ts";

export const ledgerPostingDocument = defineDocument({
  collection: "ledger/postings",
  about: "One line of a movement of money; those of a transaction sum to zero.",
  key: { what: "its place in the transaction, from 0" },
  kept: "forever, for taxes, disputes",
  exportedIn: ["wallet_postings"],
  fields: {
    /** `racer:` and a Discord user id, or an account of the community's own. */
    account: personal(text("account"), { erase: "replace-with-alias", export: "included" }),
    amount: amount("amount"),
    currency: text("currency"),
    kind: oneOf("kind", transactionKinds),
    at: time("at"),
    /** From when on it may be paid out. */
    availableAt: time("available_at"),
    lobbyId: optional(text("lobby_id")),
    saleId: optional(text("sale_id")),
  },
});
