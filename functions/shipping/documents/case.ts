import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  integer,
  oneOf,
  optional,
  person,
  personal,
  text,
  time,
} from "../../../shared/documents/fields.ts";

/** What can be wrong with an order. */
export const caseKinds = ["not-arrived", "damaged", "not-as-described"] as const;

export const caseDocument = defineDocument({
  collection: "cases",
  about: "A buyer says that something is wrong with what they bought, and what became of it.",
  key: { what: "the order that it is about" },
  kept: "forever, for disputes",
  exportedIn: ["cases_bought", "cases_sold"],
  fields: {
    buyerId: person("buyer_id", { erase: "replace-with-alias", export: "included" }),
    builderId: person("builder_id", { erase: "replace-with-alias", export: "included" }),
    parcelId: text("parcel_id"),
    kind: oneOf("kind", caseKinds),
    state: oneOf("state", ["open", "answered", "escalated", "settled", "withdrawn"]),
    /** How it was settled. */
    outcome: optional(oneOf("outcome", ["refund", "replace", "none"])),
    /** Who moved it last; `time` when nobody answered, `bank` when the payment was disputed. */
    movedBy: oneOf("moved_by", ["buyer", "builder", "staff", "time", "bank"]),
    /** Counts its moves, so that a late deadline does nothing. */
    version: integer("version"),
    /** The buyer's own words, and the builder's. */
    text: optional(personal(text("text"), { of: "buyer_id", erase: "remove", export: "included" })),
    answer: optional(
      personal(text("answer"), { of: "builder_id", erase: "remove", export: "included" }),
    ),
    openedAt: time("opened_at"),
    answeredAt: optional(time("answered_at")),
    updatedAt: time("updated_at"),
  },
});
