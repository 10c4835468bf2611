import type { ShippingRate } from "../../objects/session-objects.ts";
import { mergeMetadata } from "../../requests/parameters.ts";
import { noSuch, StripeError } from "../../requests/stripe-error.ts";
import { requireTaxCode } from "../../tax.ts";
import type { World } from "../../world.ts";
import type { SessionParameters, ShippingRateData } from "./session-parameters.ts";

/** Creates the shipping rates that a session offers. Throws when one cannot be offered. */
export function createShippingRates(
  world: World,
  { shipping_options: options = [] }: SessionParameters,
  currency: string,
): ShippingRate[] {
  options.forEach(({ shipping_rate_data: data }, index) => {
    const param = `shipping_options[${index}][shipping_rate_data]`;
    if (data.fixed_amount.currency !== currency) {
      throw new StripeError(
        `The shipping rate must have the currency of the Checkout Session, which is ${currency}, but has ${data.fixed_amount.currency}.`,
        { param: `${param}[fixed_amount][currency]`, beforeExecution: true },
      );
    }
    requireTaxCode(data.tax_code, `${param}[tax_code]`);
    mergeMetadata({}, data.metadata);
  });
  return options.map(({ shipping_rate_data: data }) => createShippingRate(world, data));
}

function createShippingRate(world: World, data: ShippingRateData): ShippingRate {
  const { minimum = null, maximum = null } = data.delivery_estimate ?? {};
  const rate: ShippingRate = {
    id: world.newId("shr"),
    object: "shipping_rate",
    active: true,
    created: world.nowSeconds(),
    delivery_estimate: data.delivery_estimate ? { minimum, maximum } : null,
    display_name: data.display_name,
    fixed_amount: data.fixed_amount,
    livemode: false,
    metadata: mergeMetadata({}, data.metadata),
    tax_behavior: data.tax_behavior ?? "unspecified",
    tax_code: data.tax_code ?? null,
    type: "fixed_amount",
  };
  world.shippingRates.set(rate.id, rate);
  return rate;
}

/** Finds a shipping rate. Throws when it does not exist. */
export function shippingRateOf(world: World, id: string): ShippingRate {
  const rate = world.shippingRates.get(id);
  if (!rate) throw noSuch("shipping rate", id);
  return rate;
}
