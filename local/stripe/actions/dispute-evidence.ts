import * as z from "zod/mini";
import { noSuch, StripeError } from "../requests/stripe-error.ts";

/** https://docs.stripe.com/api/disputes/evidence_object: what is written as text. */
const TEXTS = [
  "access_activity_log",
  "billing_address",
  "cancellation_policy_disclosure",
  "cancellation_rebuttal",
  "customer_email_address",
  "customer_name",
  "customer_purchase_ip",
  "duplicate_charge_explanation",
  "duplicate_charge_id",
  "product_description",
  "refund_policy_disclosure",
  "refund_refusal_explanation",
  "service_date",
  "shipping_address",
  "shipping_carrier",
  "shipping_date",
  "shipping_tracking_number",
  "uncategorized_text",
] as const;

/** What is uploaded before; this simulator has no files. */
const FILES = [
  "cancellation_policy",
  "customer_communication",
  "customer_signature",
  "duplicate_charge_documentation",
  "receipt",
  "refund_policy",
  "service_documentation",
  "shipping_documentation",
  "uncategorized_file",
] as const;

const MAX_TEXT = 20_000;
const MAX_TOTAL = 150_000;

const fieldsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, z.optional(z.string())]));

/** The evidence of an update; any other field is unknown to Stripe. */
export const evidence = z.strictObject({ ...fieldsOf(TEXTS), ...fieldsOf(FILES) });

/** Checks evidence as it would be after an update. Throws what Stripe answers to text that is too long, or to a file that there is none of. */
export function checkEvidence(given: Readonly<Record<string, string>>): void {
  for (const name of FILES) {
    const file = given[name];
    if (file) throw noSuch("file upload", file, `evidence[${name}]`);
  }
  for (const [name, text] of Object.entries(given)) {
    if (text.length <= MAX_TEXT) continue;
    throw new StripeError(`Invalid string: at most ${MAX_TEXT} characters.`, {
      param: `evidence[${name}]`,
    });
  }
  const total = Object.values(given).reduce((sum, text) => sum + text.length, 0);
  if (total > MAX_TOTAL) {
    throw new StripeError(`The evidence has more than ${MAX_TOTAL} characters.`, {
      param: "evidence",
    });
  }
}
