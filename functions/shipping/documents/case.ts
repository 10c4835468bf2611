import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  fallback,
  integer,
  internal,
  list,
  oneOf,
  optional,
  person,
  personal,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";

/** What can be wrong with an order. */
export const caseKinds = ["not-arrived", "damaged", "not-as-described"] as const;

/** One that is `open`, `answered` or `escalated` waits for somebody. */
const caseStates = ["open", "answered", "escalated", "settled", "withdrawn"] as const;

/**
 * Who can move a case; `time` when nobody answered, `bank` when the payment was disputed, `refund` when all of the money
 * had gone back.
 */
const caseActors = ["buyer", "builder", "staff", "time", "bank", "refund"] as const;

const caseMove = record("", {
  state: oneOf("state", caseStates),
  by: oneOf("by", caseActors),
  at: time("at"),
});

/** A message of the bot with pictures. */
const copiedPictures = record("", {
  channelId: text("channel_id"),
  messageId: text("message_id"),
});

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
    state: oneOf("state", caseStates),
    /** How it was settled. */
    outcome: optional(oneOf("outcome", ["refund", "replace", "none"])),
    /** Who moved it last. */
    movedBy: oneOf("moved_by", caseActors),
    /** Counts its moves, so that a late deadline does nothing. */
    version: integer("version"),
    /** The buyer's own words, and the builder's. */
    text: optional(personal(text("text"), { of: "buyer_id", erase: "remove", export: "included" })),
    answer: optional(
      personal(text("answer"), { of: "builder_id", erase: "remove", export: "included" }),
    ),
    /** The command that answered last: an older one changes nothing. */
    answerChangeId: optional(text("answer_change_id")),
    /** All its moves, the oldest first: the state after each, and who made it. */
    moves: fallback(list("moves", caseMove), []),
    /** The bot's messages with copies of the buyer's pictures; none are left a month after its end. */
    pictures: fallback(
      internal(list("pictures", copiedPictures), "the copies themselves are at Discord"),
      [],
    ),
    /** The interaction that opened it, so that a repeat of it goes on. */
    openedUnder: optional(internal(text("opened_under"), "recognizes a repeat")),
    openedAt: time("opened_at"),
    answeredAt: optional(time("answered_at")),
    updatedAt: time("updated_at"),
  },
});
