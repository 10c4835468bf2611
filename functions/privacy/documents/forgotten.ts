import { defineDocument } from "../../../shared/documents/define-document.ts";
import { text } from "../../../shared/documents/fields.ts";

export const forgottenDocument = defineDocument({
  collection: "forgotten",
  about: "That someone was forgotten on a day, to show that it was done; nobody knows who.",
  key: { what: "random" },
  kept: "forever",
  exportedIn: [],
  fields: {
    /** As in "2026-11-21". */
    doneOn: text("done_on"),
  },
});
