import * as z from "zod/mini";
import { SHIPPING_COUNTRIES } from "../../objects/addresses.ts";
import { currency } from "../../requests/parameter-parts.ts";
import {
  flag,
  integer,
  metadata,
  notNegativeInteger,
  positiveInteger,
  text,
  url,
} from "../../requests/parameters.ts";

/** https://docs.stripe.com/api/checkout/sessions/create */
const MAX_LINE_ITEMS = 100;
const MAX_CLIENT_REFERENCE_LENGTH = 200;
const MAX_SHIPPING_OPTIONS = 5;
const MAX_DISPLAY_NAME_LENGTH = 100;

const taxBehavior = z.optional(z.enum(["inclusive", "exclusive", "unspecified"]));

const lineItem = z.strictObject({
  price_data: z.strictObject({
    currency,
    unit_amount: positiveInteger,
    product_data: z.strictObject({
      name: text(),
      description: z.optional(text()),
      images: z.optional(z.array(url).check(z.maxLength(8))),
      metadata: z.optional(metadata),
      tax_code: z.optional(text()),
    }),
    tax_behavior: taxBehavior,
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

const deliveryTime = z.strictObject({
  unit: z.enum(["business_day", "day", "hour", "month", "week"]),
  value: positiveInteger,
});

/** A shipping rate that is created with the session; the simulator supports no others. */
const shippingRateData = z.strictObject({
  display_name: text(MAX_DISPLAY_NAME_LENGTH),
  type: z.optional(z.literal("fixed_amount")),
  fixed_amount: z.strictObject({ amount: notNegativeInteger, currency }),
  delivery_estimate: z.optional(
    z.strictObject({ minimum: z.optional(deliveryTime), maximum: z.optional(deliveryTime) }),
  ),
  metadata: z.optional(metadata),
  tax_behavior: taxBehavior,
  tax_code: z.optional(text()),
});

const country = z.enum(SHIPPING_COUNTRIES, {
  error: ({ input }) =>
    `Invalid country: '${input}' must be one of the countries that Checkout supports for shipping.`,
});

const saved = z.optional(z.enum(["auto", "never"]));

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
  automatic_tax: z.optional(
    z.strictObject({
      enabled: flag,
      liability: z.optional(
        z.strictObject({
          type: z.literal("self", {
            error: "The simulator supports only the platform's own liability.",
          }),
        }),
      ),
    }),
  ),
  customer: z.optional(text()),
  customer_creation: z.optional(z.enum(["always", "if_required"])),
  customer_update: z.optional(z.strictObject({ address: saved, name: saved, shipping: saved })),
  shipping_address_collection: z.optional(
    z.strictObject({ allowed_countries: z.array(country).check(z.minLength(1)) }),
  ),
  shipping_options: z.optional(
    z.array(z.strictObject({ shipping_rate_data: shippingRateData })).check(
      z.maxLength(MAX_SHIPPING_OPTIONS, {
        error: `A maximum of ${MAX_SHIPPING_OPTIONS} \`shipping_options\` are allowed.`,
      }),
    ),
  ),
  tax_id_collection: z.optional(
    z.strictObject({
      enabled: flag,
      required: z.optional(z.enum(["if_supported", "never"])),
    }),
  ),
  submit_type: z.optional(z.enum(["auto", "book", "donate", "pay", "subscribe"])),
  payment_intent_data: z.optional(paymentIntentData),
});

/** The parsed parameters of a new Checkout Session. */
export type SessionParameters = z.infer<typeof sessionParameters>;

/** The parsed parameters of a shipping rate. */
export type ShippingRateData = z.infer<typeof shippingRateData>;
