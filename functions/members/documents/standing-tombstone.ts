import { defineDocument } from "../../../shared/documents/define-document.ts";
import { oneOf, time } from "../../../shared/documents/fields.ts";

/** What staff decided against someone that being forgotten does not undo. */
export const decisionsAgainst = ["declined", "suspended", "removed"] as const;

export const standingTombstoneDocument = defineDocument({
  collection: "standing_tombstones",
  about:
    "That staff decided against someone who was forgotten since, or against a builder of a channel.",
  key: {
    what: "an HMAC of the Discord user id, or of the Twitch channel's id, under a secret key",
  },
  kept: "three years; created by being forgotten",
  exportedIn: [],
  fields: {
    standing: oneOf("standing", decisionsAgainst),
    expiresAt: time("expires_at"),
  },
});
