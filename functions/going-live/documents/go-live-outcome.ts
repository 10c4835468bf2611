import { defineDocument } from "../../../shared/documents/define-document.ts";
import { oneOf } from "../../../shared/documents/fields.ts";

/** The outcome of one order of a go-live, as reported to the builder. */
const orderOutcomes = [
  "buyer-notified",
  "notified-in-channel",
  "not-notified",
  "already-building",
  "closed",
  "not-found",
  "broken",
  "delayed",
] as const;
export type OrderOutcome = (typeof orderOutcomes)[number];

export const goLiveOutcomeDocument = defineDocument({
  collection: "go_lives/outcomes",
  about: "The outcome of one order of a go-live, as reported to the builder.",
  key: { what: "the order's id" },
  kept: "until the builder is forgotten",
  exportedIn: ["streams_shown"],
  fields: { outcome: oneOf("outcome", orderOutcomes) },
});
