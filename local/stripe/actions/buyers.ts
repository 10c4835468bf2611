import {
  type Address,
  billingArea,
  countryOf,
  phoneOf,
  type Recipient,
  recipientIn,
} from "../objects/addresses.ts";
import type { BillingDetails, Parcel } from "../objects/objects.ts";
import type { Customer, Session, TaxId } from "../objects/session-objects.ts";
import { change, type World } from "../world.ts";
import { createCustomer, updateCustomer } from "./customers.ts";
import type { SessionRecord } from "./sessions/sessions.ts";

/**
 * What a person enters on the payment page. Whatever the page collects and the person leaves out is
 * filled in: with what is saved on the customer, else with a simulated buyer's address in one of
 * the countries, which follows from the customer's or the session's id alone.
 */
export interface BuyerEntry {
  readonly shipping?: Recipient | undefined;
  readonly billing?: Address | undefined;
  readonly phone?: string | undefined;
  /** Ignored where the session or its customer already has one, as the page does not ask for it. */
  readonly email?: string | undefined;
  readonly taxId?: TaxId | undefined;
  /** Which of the shipping options, from zero; the first is preselected. */
  readonly shippingOption?: number | undefined;
}

/** What the page has collected; everything but the rate is personal data. */
export interface Entered {
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly billing: Address;
  /** Null where the page asks for no address. */
  readonly shipping: Recipient | null;
  readonly taxIds: readonly TaxId[];
  /** The chosen shipping rate; null where none is offered. */
  readonly rateId: string | null;
}

/** The name of a person who pays without giving one. */
const NAME = "A Buyer";
const EMAIL = "buyer@example.com";

/** Submits the payment page's form. Throws an error with the reason when it is not accepted. */
export function enter(world: World, record: SessionRecord, entry: BuyerEntry): Entered {
  const { session, given } = record;
  const customer = liveCustomerOf(world, session);
  const suggested = suggestionFor(world, session);
  const shipping = session.shipping_address_collection ? (entry.shipping ?? suggested) : null;
  if (shipping) requireDeliverable(session, shipping);
  const home = entry.billing ?? shipping?.address ?? suggested.address;
  const isFull = given.billing_address_collection === "required" || session.automatic_tax.enabled;
  return {
    name: shipping?.name ?? NAME,
    email: session.customer_email ?? customer?.email ?? entry.email ?? EMAIL,
    phone: session.phone_number_collection.enabled
      ? (entry.phone ?? customer?.phone ?? phoneOf(seedOf(session)))
      : null,
    billing: isFull ? home : billingArea(home),
    shipping,
    taxIds: session.tax_id_collection.enabled && entry.taxId ? [entry.taxId] : [],
    rateId: chosenRate(session, entry.shippingOption ?? 0),
  };
}

/** The e-mail address that is already known; the page asks for one where it is not. */
export function knownEmail(world: World, session: Session): string | undefined {
  return session.customer_email ?? liveCustomerOf(world, session)?.email ?? undefined;
}

/** What the page's address fields contain at first. */
export function suggestionFor(world: World, session: Session): Recipient {
  const countries = session.shipping_address_collection?.allowed_countries ?? ["US"];
  const saved = liveCustomerOf(world, session)?.shipping;
  if (saved && countries.includes(saved.address.country ?? "")) {
    return { address: saved.address, name: saved.name };
  }
  const seed = seedOf(session);
  return recipientIn(countryOf(countries, seed), seed);
}

/** The phone number that the page's field contains at first. */
export function suggestedPhone(world: World, session: Session): string {
  return liveCustomerOf(world, session)?.phone ?? phoneOf(seedOf(session));
}

/** Where the buyer is for tax: https://docs.stripe.com/tax/checkout */
export function taxLocation(
  world: World,
  { session, given }: SessionRecord,
  { shipping, billing }: Entered,
): Address {
  if (shipping) return shipping.address;
  const customer = liveCustomerOf(world, session);
  if (!customer) return billing;
  if (customer.shipping) return customer.shipping.address;
  return given.customer_update?.address === "auto" ? billing : (customer.address ?? billing);
}

/** The session's part of what was entered. */
export function collected({
  name,
  email,
  phone,
  billing,
  shipping,
  taxIds,
}: Entered): Partial<Session> {
  return {
    customer_details: {
      address: billing,
      business_name: null,
      email,
      individual_name: null,
      name,
      phone,
      tax_exempt: "none",
      tax_ids: taxIds,
    },
    collected_information: shipping && {
      business_name: null,
      individual_name: null,
      shipping_details: shipping,
    },
  };
}

/** The charge's part of it. */
export function billingDetails({ billing, email, name, phone }: Entered): BillingDetails {
  return { address: billing, email, name, phone, tax_id: null };
}

/** The payment's part of it. */
export function parcel({ shipping, phone }: Entered): Parcel | null {
  return shipping && { ...shipping, carrier: null, phone, tracking_number: null };
}

/** Saves what was entered on the session's customer, or on a new one, as far as it asks for it. */
export function saveBuyer(world: World, { session, given }: SessionRecord, entered: Entered): void {
  const { name, email, phone, billing } = entered;
  const shipping = entered.shipping && { ...entered.shipping, phone };
  if (session.customer_creation === "always" && session.customer === null) {
    const { id } = createCustomer(world, { address: billing, email, name, phone, shipping });
    change(session, { customer: id });
    return;
  }
  const customer = liveCustomerOf(world, session);
  if (!customer) return;
  const { customer_update: update } = given;
  updateCustomer(world, customer, {
    ...(update?.address === "auto" && { address: billing }),
    ...(update?.name === "auto" && { name }),
    ...(update?.shipping === "auto" && shipping && { shipping }),
    ...(customer.email === null && { email }),
    ...(phone && { phone }),
  });
}

/** The session's customer unless there is none or it was deleted meanwhile. */
function liveCustomerOf(world: World, session: Session): Customer | undefined {
  const customer = world.customers.get(session.customer ?? "");
  return customer && !("deleted" in customer) ? customer : undefined;
}

function seedOf({ customer, id }: Session): string {
  return customer ?? id;
}

function requireDeliverable(session: Session, { address, name }: Recipient): void {
  const countries = session.shipping_address_collection?.allowed_countries ?? [];
  if (!countries.includes(address.country ?? "")) {
    throw new Error(`The session ${session.id} does not ship to ${address.country}.`);
  }
  if (!address.line1 || !name) throw new Error("The delivery address is incomplete.");
}

function chosenRate({ id, shipping_options: options }: Session, index: number): string | null {
  const option = options[index];
  if (option) return option.shipping_rate;
  if (options.length === 0 && index === 0) return null;
  throw new Error(`The session ${id} has no shipping option ${index}.`);
}
