import { defineDocument } from "../../../shared/documents/define-document.ts";
import { oneOf } from "../../../shared/documents/fields.ts";

/** What became of one order of a go-live, as the builder is told. */
export const orderOutcomes = [
  "buyer-told",
  "notified-in-channel",
  "not-notified",
  "already-building",
  "closed",
  "not-found",
  "broken",
  "delayed",
] as const;

export const goLiveOutcomeDocument = defineDocument({
  collection: "go_lives/outcomes",
  about: "What became of one order of a go-live, as the builder is told.",
  key: { what: "the order's id" },
  kept: "until the builder is forgotten",
  exportedIn: ["streams_shown"],
  fields: { outcome: oneOf("outcome", orderOutcomes) },
});
