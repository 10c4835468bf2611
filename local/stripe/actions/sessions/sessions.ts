import { formatAmount, MAX_CHARGE, minimumCharge } from "../../currencies.ts";
import type { LineItem, Session } from "../../objects/session-objects.ts";
import { mergeMetadata } from "../../requests/parameters.ts";
import { noSuch, StripeError } from "../../requests/stripe-error.ts";
import type { World } from "../../world.ts";
import { change } from "../../world.ts";
import { priceSession } from "./session-amounts.ts";
import type { SessionParameters } from "./session-parameters.ts";
import { customerOfNew, requireTaxable, requireTaxIdsSaved } from "./session-rules.ts";
import { createShippingRates } from "./shipping-rates.ts";

/** https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at */
const MIN_LIFE_SECONDS = 30 * 60;
const MAX_LIFE_SECONDS = 24 * 60 * 60;

const METHOD_TYPES = ["card", "us_bank_account"];

/** A session, and data of it that the API shows only when expanded or after payment. */
export interface SessionRecord {
  readonly session: Session;
  lineItems: readonly LineItem[];
  /** The call that created it. */
  readonly given: SessionParameters;
  readonly extras: SessionExtras;
}

/** An amount charged that differs from the session's total. */
export interface Charged {
  readonly amount: number;
  readonly currency: string;
}

/**
 * Amounts beside a session's items and the application that opened it. By default there are none
 * and the platform itself opened it.
 */
export interface SessionExtras {
  readonly discount: number;
  readonly shipping: number;
  readonly tax: number;
  /** Whether the prices include the tax. */
  readonly isTaxIncluded: boolean;
  readonly paymentLink: string | null;
  readonly charged?: Charged | undefined;
  /** The Connect application that created it, such as Ko-fi's; null for the account itself. */
  readonly application?: string | null | undefined;
}

const NO_EXTRAS: SessionExtras = {
  discount: 0,
  shipping: 0,
  tax: 0,
  isTaxIncluded: false,
  paymentLink: null,
};

/**
 * Creates a Checkout Session. It stays open until it is paid, expired by a call, or past its
 * expiry.
 */
export function createSession(
  world: World,
  given: SessionParameters,
  extras: SessionExtras = NO_EXTRAS,
): Session {
  const nowSeconds = world.nowSeconds();
  const currency = currencyOf(given);
  const lineItems = given.line_items.map((item) => toLineItem(world, item));
  const subtotal = lineItems.reduce((sum, { amount_total: amount }) => sum + amount, 0);
  const expiresAt = given.expires_at ?? nowSeconds + MAX_LIFE_SECONDS;
  requireLife(expiresAt - nowSeconds);
  mergeMetadata({}, given.payment_intent_data?.metadata);
  const customer = customerOfNew(world, given);
  requireTaxIdsSaved(given, customer);
  requireTaxable(world, given, { customer, currency });
  const rates = createShippingRates(world, given, currency);

  const id = `cs_test_${world.newId("a").replace("_", "")}`;
  const session: Session = {
    id,
    object: "checkout.session",
    allowed_payment_method_types: given.allowed_payment_method_types ?? null,
    amount_subtotal: subtotal,
    amount_total: subtotal,
    automatic_tax: automaticTax(given),
    billing_address_collection: given.billing_address_collection ?? null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    collected_information: null,
    created: nowSeconds,
    currency,
    custom_fields: [],
    customer: customer?.id ?? null,
    customer_creation: customer ? null : (given.customer_creation ?? "if_required"),
    customer_details: prefilled(given.customer_email ?? customer?.email ?? null),
    customer_email: given.customer_email ?? null,
    excluded_payment_method_types: given.excluded_payment_method_types ?? [],
    expires_at: expiresAt,
    livemode: false,
    locale: given.locale ?? null,
    metadata: mergeMetadata({}, given.metadata),
    mode: "payment",
    payment_intent: null,
    payment_link: extras.paymentLink,
    payment_method_types: methodTypes(given, currency),
    payment_status: "unpaid",
    phone_number_collection: { enabled: given.phone_number_collection?.enabled ?? false },
    shipping_address_collection: given.shipping_address_collection ?? null,
    shipping_cost: null,
    shipping_options: rates.map(({ id: rate, fixed_amount: { amount } }) => ({
      shipping_amount: amount,
      shipping_rate: rate,
    })),
    status: "open",
    submit_type: given.submit_type ?? null,
    success_url: given.success_url,
    tax_id_collection: {
      enabled: given.tax_id_collection?.enabled ?? false,
      required: given.tax_id_collection?.required ?? "never",
    },
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${world.baseUrl}/c/pay/${id}`,
  };
  const record: SessionRecord = { session, lineItems, given, extras };
  const location = customer?.shipping?.address ?? customer?.address ?? null;
  priceSession(world, record, { rateId: rates[0]?.id ?? null, location });
  requirePayable(session.amount_total, currency);
  world.sessions.set(id, record);
  endInTime(world, session);
  return session;
}

/** Expires a session at its time unless it was paid. */
export function endInTime(world: World, session: Session): void {
  const end = () => {
    if (session.status === "open") endSession(world, session);
  };
  const what = "expires a Checkout Session";
  world.timers.after(session.expires_at * 1000 - world.clock.nowMs(), end, () =>
    session.status === "open" ? { service: "Stripe", what, about: session.id } : undefined,
  );
}

/** Finds a session. Throws when it does not exist. */
export function sessionRecord(world: World, id: string): SessionRecord {
  const record = world.sessions.get(id);
  if (!record) throw noSuch("checkout.session", id);
  return record;
}

/** Expires an open session immediately. Throws when it is not open. */
export function expireSession(world: World, id: string): Session {
  const { session } = sessionRecord(world, id);
  if (session.status !== "open") {
    throw new StripeError(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  endSession(world, session);
  return session;
}

function automaticTax({ automatic_tax: given }: SessionParameters): Session["automatic_tax"] {
  if (!given?.enabled) return { enabled: false, liability: null, provider: null, status: null };
  return { enabled: true, liability: { type: "self" }, provider: "stripe", status: null };
}

function prefilled(email: string | null): Session["customer_details"] {
  if (email === null) return null;
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}

function endSession(world: World, session: Session): void {
  change(session, { status: "expired", url: null });
  const intent = world.paymentIntents.get(session.payment_intent ?? "");
  if (intent) {
    const nowSeconds = world.nowSeconds();
    const previous = change(intent, { status: "canceled", canceled_at: nowSeconds });
    world.emit("payment_intent.canceled", intent, { previous });
  }
  world.emit("checkout.session.expired", session);
}

function currencyOf(given: SessionParameters): string {
  const currencies = new Set(given.line_items.map(({ price_data: price }) => price.currency));
  const [currency, ...others] = currencies;
  if (currency !== undefined && others.length === 0) return currency;
  throw new StripeError("The line items of a Checkout Session must all have one currency.", {
    param: "line_items",
    beforeExecution: true,
  });
}

function methodTypes(given: SessionParameters, currency: string): string[] {
  const allowed = given.allowed_payment_method_types ?? METHOD_TYPES;
  const excluded = given.excluded_payment_method_types ?? [];
  return METHOD_TYPES.filter((type) => {
    const isSupported = type === "card" || currency === "usd";
    return (
      isSupported &&
      allowed.some((name) => name === type) &&
      !excluded.some((name) => name === type)
    );
  });
}

function toLineItem(world: World, given: SessionParameters["line_items"][number]): LineItem {
  const { currency, unit_amount: unitAmount, product_data: product } = given.price_data;
  const amount = unitAmount * given.quantity;
  return {
    id: world.newId("li"),
    object: "item",
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency,
    description: product.name,
    price: {
      id: world.newId("price"),
      object: "price",
      active: false,
      currency,
      product: world.newId("prod"),
      tax_behavior: given.price_data.tax_behavior ?? "unspecified",
      type: "one_time",
      unit_amount: unitAmount,
    },
    quantity: given.quantity,
  };
}

function requirePayable(total: number, currency: string): void {
  const minimum = minimumCharge(currency) ?? 0;
  if (total < minimum) {
    throw new StripeError(
      `The Checkout Session's total amount due must add up to at least ${formatAmount(minimum, currency)} ${currency}`,
      { code: "amount_too_small", beforeExecution: true },
    );
  }
  if (total > MAX_CHARGE) {
    throw new StripeError(
      `The Checkout Session's total amount must be no more than ${formatAmount(MAX_CHARGE, currency)} ${currency}`,
      { code: "amount_too_large", beforeExecution: true },
    );
  }
}

function requireLife(seconds: number): void {
  const refuse = (message: string) =>
    new StripeError(message, { param: "expires_at", beforeExecution: true });
  if (seconds < MIN_LIFE_SECONDS) {
    throw refuse(
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
    );
  }
  if (seconds > MAX_LIFE_SECONDS) {
    throw refuse(
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
    );
  }
}
