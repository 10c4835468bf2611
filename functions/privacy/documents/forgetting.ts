import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  internal,
  list,
  oneOf,
  optional,
  personal,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";

const OURS = "for the run that does it";

export const forgettingDocument = defineDocument({
  collection: "forgettings",
  about: "Who is being forgotten, and how far it has come.",
  key: { what: "Discord user id", personal: { erase: "delete-document", export: "included" } },
  kept: "an hour, or for as long as it waits or fails",
  exportedIn: ["being_forgotten"],
  fields: {
    /** What takes their place; drawn once, and known nowhere else. */
    pseudonym: personal(text("pseudonym"), {
      erase: "delete-document",
      export: "left out: it would lead to what is kept under it",
    }),
    /** The press that began it: answers go there. */
    interactionId: internal(text("interaction_id"), OURS),
    interactionToken: personal(text("interaction_token"), {
      erase: "delete-document",
      export: "left out: it edits the answer",
    }),
    twitchUserId: optional(
      personal(text("twitch_user_id"), {
        erase: "delete-document",
        export: "left out: it is in the builder's profile",
      }),
    ),
    /** `resting`: it was done once, and is done once more for what was under way meanwhile. */
    state: oneOf("state", ["working", "resting"]),
    /** The last step that was done. */
    cursor: optional(internal(text("cursor"), OURS)),
    dueAt: time("due_at"),
    /** When it was due that failed for good, and has not come further since. */
    failingSince: optional(internal(time("failing_since"), OURS)),
    /** What it waits for, for operators. */
    waitsFor: readApart(internal(list("waits_for", text()), OURS)),
  },
});
