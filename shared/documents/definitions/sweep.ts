import { defineDocument } from "../define-document.ts";
import { optional, text } from "../fields.ts";

export const sweepDocument = defineDocument({
  collection: "sweeps",
  about: "How far the sweeper came in a list that is too long for one run.",
  key: { what: "the list's name" },
  kept: "forever",
  exportedIn: [],
  fields: {
    /** The last id of the list that was done. */
    doneUpTo: optional(text("done_up_to")),
  },
});
