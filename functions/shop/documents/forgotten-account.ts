import { defineDocument } from "../../../shared/documents/define-document.ts";
import { integer, map, text, time } from "../../../shared/documents/fields.ts";

export const forgottenAccountDocument = defineDocument({
  collection: "forgotten_accounts",
  about: "Which tombstone gets what is charged back of a random name later.",
  key: { what: "the random name" },
  kept: "until nothing can be charged back; created by being forgotten",
  exportedIn: [],
  fields: {
    digest: text("tombstone"),
    chargeableUntil: time("chargeable_until"),
    /** Counts the moves to the tombstone, and what was moved in minor units by currency. */
    moves: integer("moves"),
    moved: map("moved", integer()),
  },
});
