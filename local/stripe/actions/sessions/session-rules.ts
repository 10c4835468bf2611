import type { Customer } from "../../objects/session-objects.ts";
import { noSuch, StripeError } from "../../requests/stripe-error.ts";
import { behaviorOf, isTaxable, requireTaxCode } from "../../tax.ts";
import type { World } from "../../world.ts";
import type { SessionParameters } from "./session-parameters.ts";

/** The existing customer of a new session. Throws when the parameters about them conflict. */
export function customerOfNew(world: World, given: SessionParameters): Customer | undefined {
  const { customer: id, customer_update: update } = given;
  if (id === undefined) {
    if (update === undefined) return undefined;
    throw refused("`customer_update` can only be used with `customer`.", "customer_update");
  }
  for (const other of ["customer_email", "customer_creation"] as const) {
    if (given[other] === undefined) continue;
    throw refused(`You may only specify one of these parameters: customer, ${other}.`, "customer");
  }
  if (update?.shipping === "auto" && !given.shipping_address_collection) {
    throw refused(
      "`customer_update[shipping]` can only be set to `auto` when `shipping_address_collection` is enabled.",
      "customer_update[shipping]",
    );
  }
  const customer = world.customers.get(id);
  if (!customer || "deleted" in customer) throw noSuch("customer", id, "customer");
  return customer;
}

/** Throws when a new session cannot collect tax ids from an existing customer. */
export function requireTaxIdsSaved(given: SessionParameters, customer: Customer | undefined): void {
  if (!given.tax_id_collection?.enabled || !customer) return;
  if (given.customer_update?.name !== "auto") {
    throw refused(
      "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.",
      "customer_update[name]",
    );
  }
  const { address, shipping } = given.customer_update;
  if (given.shipping_address_collection && shipping !== "auto") {
    throw refused(
      "To collect a shipping address and a tax ID for an existing customer, please set `customer_update[shipping]` to `auto`.",
      "customer_update[shipping]",
    );
  }
  if (!customer.address && address !== "auto") {
    throw refused(
      "We could not find a valid address on the provided customer. To enable tax ID collection, please set `customer_update[address]` to `auto`.",
      "customer_update[address]",
    );
  }
}

/** Throws when a new session's tax cannot be calculated. */
export function requireTaxable(
  world: World,
  given: SessionParameters,
  { customer, currency }: { customer: Customer | undefined; currency: string },
): void {
  given.line_items.forEach(({ price_data: { product_data: product } }, index) => {
    requireTaxCode(product.tax_code, `line_items[${index}][price_data][product_data][tax_code]`);
  });
  if (!given.automatic_tax?.enabled) return;
  const { taxSettings: settings } = world;
  if (!settings.headOffice) {
    throw refused(
      "You must have a valid head office address to enable automatic tax calculation in test mode. Visit https://dashboard.stripe.com/test/settings/tax to update it.",
      "automatic_tax",
    );
  }
  if (customer) requireLocationSaved(given, customer);
  given.line_items.forEach(({ price_data: { tax_behavior: own } }, index) => {
    const param = `line_items[${index}][price_data][tax_behavior]`;
    behaviorOf(own, { currency, param, settings });
  });
  given.shipping_options?.forEach(({ shipping_rate_data: { tax_behavior: own } }, index) => {
    const param = `shipping_options[${index}][shipping_rate_data][tax_behavior]`;
    behaviorOf(own, { currency, param, settings });
  });
}

/** The tax of an existing customer is calculated from what is saved on them. */
function requireLocationSaved(given: SessionParameters, customer: Customer): void {
  const { address, shipping } = given.customer_update ?? {};
  if (given.shipping_address_collection && shipping !== "auto") {
    throw refused(
      "Automatic tax calculation uses fields saved on the Customer. To collect a shipping address with `automatic_tax` enabled, set `customer_update[shipping]` to 'auto'.",
      "customer_update[shipping]",
    );
  }
  if (address === "auto" || shipping === "auto") return;
  if (isTaxable(customer.shipping?.address ?? customer.address)) return;
  throw new StripeError(
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
    { code: "customer_tax_location_invalid" },
  );
}

function refused(message: string, param: string): StripeError {
  return new StripeError(message, { param });
}
