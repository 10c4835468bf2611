import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  integer,
  internal,
  oneOf,
  optional,
  person,
  personal,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { codeDeliveries, payoutMethods, payoutStates, transferRefusals } from "../domain/payout.ts";

const PART = { erase: "replace-with-alias", export: "included" } as const;
const AT_STRIPE = { erase: "keep: comparing Stripe's books needs it", export: "included" } as const;

export const payoutDocument = defineDocument({
  collection: "payouts",
  about: "Money that leaves a racer's wallet.",
  key: { what: "the interaction of the staff member's command" },
  kept: "forever, for taxes",
  exportedIn: ["payouts", "payouts_made_as_staff"],
  fields: {
    racerId: person("racer_id", PART),
    staffId: person("staff_id", PART),
    channelId: optional(text("channel_id")),
    amount: amount("amount"),
    currency: text("currency"),
    method: oneOf("method", payoutMethods),
    accountId: optional(personal(text("account_id"), AT_STRIPE)),
    /** A gift code, until it is sent. */
    code: optional(
      personal(text("code"), {
        erase: "keep: it is gone once it is sent, and nobody is forgotten before",
        export: "left out: it is worth money, and the racer gets it by DM",
      }),
    ),
    state: oneOf("state", payoutStates),
    createdAt: time("created_at"),
    transferId: optional(personal(text("transfer_id"), AT_STRIPE)),
    codeDelivery: optional(oneOf("code_delivery", codeDeliveries)),
    isNotified: optional(flag("is_notified")),
    refusal: optional(oneOf("refusal", transferRefusals)),
    /** Tries for which there was too little at Stripe. */
    fundsTries: fallback(integer("funds_tries"), 0),
    fundsTriedAt: optional(time("funds_tried_at")),
    finishedAt: readApart(time("finished_at")),
    isReportDue: readApart(internal(flag("is_report_due"), "the sweeper's own mark")),
  },
});
