import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  integer,
  map,
  optional,
  readApart,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";

const owed = {
  /** Minor units by currency. */
  asRacer: map("as_racer", integer()),
  asBuilder: map("as_builder", integer()),
};

export const tombstoneDocument = defineDocument({
  collection: "tombstones",
  about:
    "What someone who was forgotten may still owe; nothing says who they are or what it is for.",
  key: { what: "an HMAC of the Discord user id under a secret key" },
  kept: "until nothing can be charged back and nothing is owed, at most three years after; created by being forgotten",
  exportedIn: [],
  fields: {
    ...owed,
    chargeableUntil: time("chargeable_until"),
    /** A debt that was booked to the account of someone who came back, until they know of it. */
    found: optional(record("found", { id: text("id"), ...owed })),
    expiresAt: readApart(time("expires_at")),
  },
});
