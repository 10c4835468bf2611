import { type BuyerEntry, knownEmail, suggestedPhone, suggestionFor } from "../actions/buyers.ts";
import { formatAmount } from "../currencies.ts";
import type { Session } from "../objects/session-objects.ts";
import type { World } from "../world.ts";
import { html, type Markup } from "./html.ts";

const ADDRESS_FIELDS = [
  ["line1", "Address", "wide", "address-line1"],
  ["line2", "Apartment", "wide", "address-line2"],
  ["postal_code", "Postal code", "", "postal-code"],
  ["city", "City", "", "address-level2"],
  ["state", "State or region", "", "address-level1"],
] as const;

/** https://docs.stripe.com/tax/checkout/tax-ids: those of the countries that the tax is simulated for. */
const TAX_ID_TYPES = ["eu_vat", "gb_vat", "us_ein", "ca_gst_hst", "ch_vat", "au_abn"];

/** The fields of the payment page for whatever the session collects, filled in. */
export function deliveryFields(world: World, session: Session): Markup {
  return html`${contactFields(world, session)}${addressFields(world, session)}${options(world, session)}${taxFields(session)}`;
}

function contactFields(world: World, session: Session): Markup {
  const email = knownEmail(world, session);
  const known = email === undefined ? undefined : html`<p class="quiet wide">${email}</p>`;
  const asked = input({ name: "email", label: "Email", value: "buyer@example.com" });
  const phone = session.phone_number_collection.enabled
    ? input({ name: "phone", label: "Phone", value: suggestedPhone(world, session), fill: "tel" })
    : undefined;
  return html`<fieldset><legend>Contact</legend><div class="fields">${known ?? asked}${phone}</div></fieldset>`;
}

function addressFields(world: World, session: Session): Markup | undefined {
  const { shipping_address_collection: collection } = session;
  if (!collection) return undefined;
  const { address, name } = suggestionFor(world, session);
  const lines = ADDRESS_FIELDS.map(([field, label, width, fill]) =>
    input({ name: field, label, value: address[field] ?? "", width, fill }),
  );
  const countries = collection.allowed_countries.map((country) =>
    country === address.country
      ? html`<option selected>${country}</option>`
      : html`<option>${country}</option>`,
  );
  return html`<fieldset><legend>Shipping address</legend><div class="fields">
${input({ name: "name", label: "Full name", value: name, fill: "name" })}${lines}
<label>Country <select name="country">${countries}</select></label></div></fieldset>`;
}

function options(
  world: World,
  { shipping_options: offered, currency }: Session,
): Markup | undefined {
  if (offered.length === 0) return undefined;
  const choices = offered.map(({ shipping_rate: id, shipping_amount: amount }, index) => {
    const name = world.shippingRates.get(id)?.display_name ?? "";
    const label = html`<span>${name}: ${formatAmount(amount, currency)}</span>`;
    const value = String(index);
    return index === 0
      ? html`<label><input type="radio" name="shipping_option" value="${value}" checked> ${label}</label>`
      : html`<label><input type="radio" name="shipping_option" value="${value}"> ${label}</label>`;
  });
  return html`<fieldset><legend>Shipping method</legend><div class="choices">${choices}</div></fieldset>`;
}

function taxFields({ tax_id_collection: { enabled } }: Session): Markup | undefined {
  if (!enabled) return undefined;
  const types = TAX_ID_TYPES.map((type) => html`<option>${type}</option>`);
  return html`<fieldset><legend>Tax ID, if you buy as a business</legend><div class="fields">
<label>Type <select name="tax_id_type">${types}</select></label>
${input({ name: "tax_id", label: "Tax ID", value: "", width: "" })}</div></fieldset>`;
}

function input({
  name,
  label,
  value,
  width = "wide",
  fill = "on",
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly width?: string;
  readonly fill?: string;
}): Markup {
  return html`<label class="${width}">${label} <input name="${name}" value="${value}" autocomplete="${fill}"></label>`;
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
    ...(text("email") && { email: text("email") }),
    ...(text("tax_id") && { taxId: { type: text("tax_id_type"), value: text("tax_id") } }),
    ...(text("shipping_option") && { shippingOption: Number(text("shipping_option")) }),
  };
}
