import { defineDocument } from "../../../shared/documents/define-document.ts";
import { oneOf, time } from "../../../shared/documents/fields.ts";

/** A staff decision against someone, which outlives their being forgotten. */
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
