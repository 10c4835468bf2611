import * as z from "zod/mini";
import { minimumCharge } from "../currencies.ts";
import type { Address, Recipient } from "../objects/addresses.ts";
import { text } from "./parameters.ts";

const MAX_PHONE_LENGTH = 20;

/** A currency that Stripe supports, in lower or upper case. */
export const currency = z.pipe(
  text(),
  z.pipe(
    z.transform((value: string) => value.toLowerCase()),
    z.string().check(
      z.refine((value) => minimumCharge(value) !== undefined, {
        error: ({ input }) => `Invalid currency: ${input}.`,
      }),
    ),
  ),
);

const part = z.optional(z.string());

/** An address whose country is an ISO 3166-1 alpha-2 code. */
export const addressParameters = z.strictObject({
  city: part,
  country: z.optional(
    z.string().check(
      z.regex(/^[A-Z]{2}$/, {
        error: ({ input }) =>
          `Country '${input}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.`,
      }),
    ),
  ),
  line1: part,
  line2: part,
  postal_code: part,
  state: part,
});

/** A phone number. */
export const phone = text(MAX_PHONE_LENGTH);

/** An address with a name, as customers and payment pages have it. */
export const recipientParameters = z.strictObject({
  address: addressParameters,
  name: text(),
  phone: z.optional(phone),
});

/** An address from a call's parameters; empty parts count as missing. */
export function toAddress(given: z.infer<typeof addressParameters>): Address {
  return {
    city: given.city || null,
    country: given.country ?? null,
    line1: given.line1 || null,
    line2: given.line2 || null,
    postal_code: given.postal_code || null,
    state: given.state || null,
  };
}

/** A recipient from a call's parameters. */
export function toRecipient(given: Omit<z.infer<typeof recipientParameters>, "phone">): Recipient {
  return { address: toAddress(given.address), name: given.name };
}
