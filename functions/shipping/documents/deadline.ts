import { defineDocument } from "../../../shared/documents/define-document.ts";
import { integer, oneOf, text, time } from "../../../shared/documents/fields.ts";

/** What a deadline can be about, and what is then done; the feature that handles each says how. */
export const deadlineKinds = [
  "dispatch-reminder",
  "dispatch-late",
  "sent-notice",
  "arrival-question",
  "arrival",
  "cancel-answer",
  "case-answer",
  "case-reminder",
  "case-refunded",
  "case-pictures",
] as const;

export const deadlineDocument = defineDocument({
  collection: "deadlines",
  about: "Something that happens at a time unless something else happens before.",
  key: { what: "its kind and what it is about" },
  kept: "until it is due",
  exportedIn: [],
  fields: {
    kind: oneOf("kind", deadlineKinds),
    /** The id of the parcel, order or case. */
    subjectId: text("subject_id"),
    /** The version of the subject in which it was set: of a later version it does nothing. */
    version: integer("version"),
    dueAt: time("due_at"),
  },
});
