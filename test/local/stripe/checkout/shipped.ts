import type Stripe from "stripe";
import { type Recipient, recipientIn } from "../../../../local/stripe/objects/addresses.ts";
import { sessionOf } from "../support.ts";

type Parameters = Stripe.Checkout.SessionCreateParams;
type RateData = Stripe.Checkout.SessionCreateParams.ShippingOption.ShippingRateData;

/** A shipping option with an inline rate in US dollars. */
export const rate = (name: string, amount: number, data: Partial<RateData> = {}) => ({
  shipping_rate_data: {
    type: "fixed_amount" as const,
    display_name: name,
    fixed_amount: { amount, currency: "usd" },
    ...data,
  },
});

const FIVE_DAYS = { maximum: { unit: "business_day" as const, value: 5 } };

/** A session for a keyboard of $100.00 that is shipped to Germany or France. */
export const shippedSession = (changes: Partial<Parameters> = {}): Parameters => ({
  ...sessionOf(10_000),
  shipping_address_collection: { allowed_countries: ["DE", "FR"] },
  shipping_options: [
    rate("By post", 500, { metadata: { option: "post" }, delivery_estimate: FIVE_DAYS }),
    rate("By courier", 1500),
  ],
  ...changes,
});

/** A person in a country. */
export const recipientOf = (country: string): Recipient => recipientIn(country, "a person");
