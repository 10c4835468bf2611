import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  internal,
  list,
  optional,
  personal,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { SIGN_IN_MINUTES } from "../domain/sign-in.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;
const OPENS = "left out: it opens the sign-in";

export const signInDocument = defineDocument({
  collection: "sign_ins",
  about:
    "Someone's sign-in at Twitch, which proves that a channel is theirs; only their newest link works.",
  key: { what: "Discord user id", personal: THEIRS },
  kept: `${SIGN_IN_MINUTES} minutes; the database deletes it within days after`,
  exportedIn: ["twitch_sign_in"],
  fields: {
    nonce: personal(text("nonce"), { erase: "delete-document", export: OPENS }),
    interactionId: text("interaction_id"),
    /** Their Discord username, as the page shows it. */
    accountName: optional(personal(text("account_name"), THEIRS)),
    expiresAt: internal(time("expires_at"), "when the database deletes it"),
    /** The channel that they signed in with; absent until then. */
    channel: optional(
      personal(
        record("channel", {
          userId: text("user_id"),
          login: text("login"),
          displayName: text("display_name"),
        }),
        THEIRS,
      ),
    ),
    codeHash: optional(personal(text("code_hash"), { erase: "delete-document", export: OPENS })),
    /** The commands that gave a wrong code, by their interactions' ids. */
    wrongCodeIds: list("wrong_code_ids", text()),
  },
});
