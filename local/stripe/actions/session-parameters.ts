import * as z from "zod/mini";
import { minimumCharge } from "../currencies.ts";
import { flag, integer, metadata, positiveInteger, text, url } from "../parameters.ts";

/** https://docs.stripe.com/api/checkout/sessions/create */
const MAX_LINE_ITEMS = 100;
const MAX_CLIENT_REFERENCE_LENGTH = 200;

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

const lineItem = z.strictObject({
  price_data: z.strictObject({
    currency,
    unit_amount: positiveInteger,
    product_data: z.strictObject({
      name: text(),
      description: z.optional(text()),
      images: z.optional(z.array(url).check(z.maxLength(8))),
      metadata: z.optional(metadata),
    }),
  }),
  quantity: positiveInteger,
});

const paymentIntentData = z.strictObject({
  description: z.optional(text(1000)),
  metadata: z.optional(metadata),
  receipt_email: z.optional(text(512)),
  statement_descriptor_suffix: z.optional(text(22)),
  transfer_group: z.optional(text()),
});

const paymentMethodTypes = z.optional(z.array(z.enum(["card", "us_bank_account"])));

/** The supported parameters of a new Checkout Session. */
export const sessionParameters = z.strictObject({
  mode: z.literal("payment", { error: "The simulator supports only the mode 'payment'." }),
  ui_mode: z.optional(
    z.literal("hosted_page", { error: "The simulator supports only 'hosted_page'." }),
  ),
  line_items: z.array(lineItem).check(z.minLength(1), z.maxLength(MAX_LINE_ITEMS)),
  success_url: url,
  cancel_url: z.optional(url),
  client_reference_id: z.optional(text(MAX_CLIENT_REFERENCE_LENGTH)),
  customer_email: z.optional(text(800)),
  expires_at: z.optional(integer),
  locale: z.optional(text(10)),
  metadata: z.optional(metadata),
  allowed_payment_method_types: paymentMethodTypes,
  excluded_payment_method_types: paymentMethodTypes,
  billing_address_collection: z.optional(z.enum(["auto", "required"])),
  phone_number_collection: z.optional(z.strictObject({ enabled: flag })),
  shipping_address_collection: z.optional(
    z.strictObject({ allowed_countries: z.array(z.string().check(z.regex(/^[A-Z]{2}$/))) }),
  ),
  submit_type: z.optional(z.enum(["auto", "book", "donate", "pay", "subscribe"])),
  payment_intent_data: z.optional(paymentIntentData),
});

/** The parsed parameters of a new Checkout Session. */
export type SessionParameters = z.infer<typeof sessionParameters>;

/** The parameters of its payment intent. */
export type PaymentIntentData = z.infer<typeof paymentIntentData>;
