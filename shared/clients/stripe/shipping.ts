import type StripeLibrary from "stripe";
import { readId } from "../../documents/outside-id.ts";

/** What a Checkout page asks about delivery, and what delivery costs. */
export interface CheckoutShipping {
  /**
   * The countries that the page offers, as ISO 3166-1 alpha-2 codes. A hosted page offers all options in each of
   * them: compare country and option once the session is paid.
   */
  readonly countries: readonly string[];
  /** At most five, in the currency of the order; the first is preselected. */
  readonly options: readonly ShippingChoice[];
  /** Whether the page requires a phone number, which couriers in some countries ask for. */
  readonly collectsPhone: boolean;
}

/** One way of delivery that a buyer can choose on the page. */
export interface ShippingChoice {
  /** Our own id; `CheckoutSession.shipping` says which one was chosen. */
  readonly id: string;
  /** As the buyer reads it. */
  readonly name: string;
  /** Minor units of the order's currency; zero is free. */
  readonly amount: number;
  /** How many business days it takes, as the buyer reads it. */
  readonly businessDays?: { readonly least: number; readonly most: number } | undefined;
}

/** The delivery that a buyer chose. The address is read with `readCollected` when it is needed. */
export interface ChosenShipping {
  /** Our id of the option; only of a session that was read by its id. */
  readonly optionId: string | undefined;
  /** What it costs without its tax: items, delivery and all tax add up to what the buyer pays. */
  readonly amount: number;
  /** The tax on it, which is a part of the session's. */
  readonly taxAmount: number;
  /** The country of the address, ISO 3166-1 alpha-2; undefined until the page is completed. */
  readonly country: string | undefined;
}

/** Has Stripe calculate the tax from the buyer's address: https://docs.stripe.com/tax/checkout */
export interface CheckoutTax {
  /** Whether tax is part of the prices of goods and delivery or added to them. */
  readonly behavior: "inclusive" | "exclusive";
  /** What the goods are for tax, such as `txcd_99999999`; the account's default if undefined. */
  readonly goodsCode?: string | undefined;
  /** Whether businesses can enter their tax id. */
  readonly collectsTaxIds: boolean;
}

/** The tax code of delivery: https://docs.stripe.com/tax/tax-codes */
const SHIPPING_TAX_CODE = "txcd_92010001";

type Parameters = StripeLibrary.Checkout.SessionCreateParams;

/**
 * The parameters of a session that collects an address and offers ways of delivery. Throws without any country:
 * Stripe's library leaves an empty list out, and the page would collect no address.
 */
export function shippingParameters(
  { countries, options, collectsPhone }: CheckoutShipping,
  currency: string,
  tax: CheckoutTax | undefined,
): Partial<Parameters> {
  if (countries.length === 0) throw new Error("An order is shipped to no country.");
  return {
    shipping_address_collection: { allowed_countries: [...countries] },
    phone_number_collection: { enabled: collectsPhone },
    shipping_options: options.map(({ id, name, amount, businessDays }) => ({
      shipping_rate_data: {
        type: "fixed_amount",
        display_name: name,
        fixed_amount: { amount, currency },
        metadata: { option: id },
        ...(businessDays && {
          delivery_estimate: {
            minimum: { unit: "business_day", value: businessDays.least },
            maximum: { unit: "business_day", value: businessDays.most },
          },
        }),
        ...(tax && { tax_behavior: tax.behavior, tax_code: SHIPPING_TAX_CODE }),
      },
    })),
  };
}

/**
 * The parameters of a session for a customer. Stripe saves onto the customer what these allow: the delivery address
 * where one is collected, so that the next page is filled in, and what calculating tax requires.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-customer_update
 */
export function customerParameters(
  customer: string,
  { shipping, tax }: { shipping?: CheckoutShipping | undefined; tax?: CheckoutTax | undefined },
): Partial<Parameters> {
  const update: StripeLibrary.Checkout.SessionCreateParams.CustomerUpdate = {
    ...(shipping && { shipping: "auto" }),
    ...(tax && { address: "auto" }),
    ...(tax?.collectsTaxIds && { name: "auto" }),
  };
  return { customer, ...(Object.keys(update).length > 0 && { customer_update: update }) };
}

/** The parameters of a session whose tax Stripe calculates. */
export function taxParameters({ collectsTaxIds }: CheckoutTax): Partial<Parameters> {
  return {
    automatic_tax: { enabled: true },
    ...(collectsTaxIds && { tax_id_collection: { enabled: true } }),
  };
}

/** The delivery chosen on a session's page; before that, the preselected one. */
export function toShipping({
  shipping_cost: cost,
  collected_information: collected,
}: StripeLibrary.Checkout.Session): ChosenShipping | undefined {
  if (!cost) return undefined;
  const rate = cost.shipping_rate;
  return {
    optionId: typeof rate === "object" ? readId(rate?.metadata["option"]) : undefined,
    amount: cost.amount_total - cost.amount_tax,
    taxAmount: cost.amount_tax,
    country: collected?.shipping_details?.address.country ?? undefined,
  };
}
