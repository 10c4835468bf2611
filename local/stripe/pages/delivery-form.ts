import { type BuyerEntry, suggestedPhone, suggestionFor } from "../actions/buyers.ts";
import { formatAmount } from "../currencies.ts";
import type { Session } from "../objects/session-objects.ts";
import type { World } from "../world.ts";
import { html, type Markup } from "./html.ts";

const ADDRESS_FIELDS = [
  ["line1", "Address"],
  ["line2", "Apartment"],
  ["city", "City"],
  ["state", "State or region"],
  ["postal_code", "Postal code"],
] as const;

/** The fields of the payment page for whatever the session collects, filled in. */
export function deliveryFields(world: World, session: Session): Markup {
  return html`${addressFields(world, session)}${phoneField(world, session)}${options(world, session)}`;
}

function addressFields(world: World, session: Session): Markup | undefined {
  const { shipping_address_collection: collection } = session;
  if (!collection) return undefined;
  const { address, name } = suggestionFor(world, session);
  const lines = ADDRESS_FIELDS.map(([field, label]) => input(field, label, address[field] ?? ""));
  const countries = collection.allowed_countries.map((country) =>
    country === address.country
      ? html`<option selected>${country}</option>`
      : html`<option>${country}</option>`,
  );
  return html`<fieldset><legend>Ship to</legend>${input("name", "Name", name)}${lines}
<label>Country <select name="country">${countries}</select></label></fieldset>`;
}

function phoneField(world: World, session: Session): Markup | undefined {
  if (!session.phone_number_collection.enabled) return undefined;
  return html`<p>${input("phone", "Phone", suggestedPhone(world, session))}</p>`;
}

function options(
  world: World,
  { shipping_options: offered, currency }: Session,
): Markup | undefined {
  if (offered.length === 0) return undefined;
  const choices = offered.map(({ shipping_rate: id, shipping_amount: amount }, index) => {
    const name = world.shippingRates.get(id)?.display_name ?? "";
    const label = `${name}: ${formatAmount(amount, currency)}`;
    const value = String(index);
    return index === 0
      ? html`<label><input type="radio" name="shipping_option" value="${value}" checked> ${label}</label><br>`
      : html`<label><input type="radio" name="shipping_option" value="${value}"> ${label}</label><br>`;
  });
  return html`<fieldset><legend>Shipping</legend>${choices}</fieldset>`;
}

function input(name: string, label: string, value: string): Markup {
  return html`<label>${label} <input name="${name}" value="${value}"></label><br>`;
}

/** What a submitted form contains of these fields; fields that it lacks are left out. */
export function readDeliveryForm(body: Readonly<Record<string, unknown>>): BuyerEntry {
  const text = (name: string) => {
    const value = body[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const address = {
    city: text("city") || null,
    country: text("country") || null,
    line1: text("line1") || null,
    line2: text("line2") || null,
    postal_code: text("postal_code") || null,
    state: text("state") || null,
  };
  const hasAddress = body["country"] !== undefined;
  return {
    ...(hasAddress && { shipping: { address, name: text("name") } }),
    ...(text("phone") && { phone: text("phone") }),
    ...(text("shipping_option") && { shippingOption: Number(text("shipping_option")) }),
  };
}
