import { PLATFORM } from "../balances.ts";
import type { Charge, PaymentIntent } from "../objects/objects.ts";
import type { Session } from "../objects/session-objects.ts";
import { mergeMetadata } from "../requests/parameters.ts";
import { change, type World } from "../world.ts";
import {
  type BuyerEntry,
  billingDetails,
  collected,
  type Entered,
  enter,
  parcel,
  saveBuyer,
  taxLocation,
} from "./buyers.ts";
import { priceSession } from "./sessions/session-amounts.ts";
import { type SessionRecord, sessionRecord } from "./sessions/sessions.ts";
import { type CardFailure, GENERIC_DECLINE, type TestCard } from "./test-cards.ts";

/** What a person does on the payment page. */
export type PaymentWay = "card" | "declined" | "bank-debit";

/** https://docs.stripe.com/error-codes#payment-intent-authentication-failure */
const UNAUTHENTICATED: CardFailure = {
  code: "payment_intent_authentication_failure",
  message:
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
};
const DEBIT_FAILURE = {
  code: "payment_method_provider_decline",
  message: "The customer's bank account could not be debited.",
};

/** The card that somebody enters, and why their bank refuses it when it does. */
export interface CardUse {
  readonly card?: Pick<TestCard, "brand" | "number"> | undefined;
  readonly failure?: CardFailure | undefined;
}

/**
 * Pays an open session or has the card declined. The amount follows from what the person enters.
 * Throws an error with the reason when it cannot be paid.
 */
export function paySession(
  world: World,
  id: string,
  way: PaymentWay,
  entry: BuyerEntry = {},
  { card, failure = GENERIC_DECLINE }: CardUse = {},
): Session {
  const record = openRecord(world, id, way === "bank-debit" ? "us_bank_account" : "card");
  const { session } = record;
  const entered = submit(world, record, entry);
  if (way !== "declined") saveBuyer(world, record, entered);
  const intent = intentOf(world, record, entered);
  if (way === "declined") {
    const charge = makeCharge(world, entered, intent, { status: "failed", card });
    change(intent, { latest_charge: charge.id });
    fail(world, intent, charge, failure);
    return session;
  }
  const pending = way === "bank-debit";
  const status = pending ? "pending" : "succeeded";
  const charge = makeCharge(world, entered, intent, { status, card });
  change(intent, { latest_charge: charge.id, last_payment_error: null });
  if (pending) {
    change(intent, { status: "processing" });
    world.emit("charge.pending", charge);
    world.emit("payment_intent.processing", intent);
  } else {
    succeed(world, intent, charge);
  }
  change(session, {
    ...collected(entered),
    payment_status: pending ? "unpaid" : "paid",
    status: "complete",
    url: null,
  });
  world.emit("checkout.session.completed", session);
  return session;
}

/**
 * A person submits a card whose bank asks them to authenticate the payment: until they do, nothing
 * is charged. Throws like `paySession`.
 */
export function startAuthentication(world: World, id: string, entry: BuyerEntry): Session {
  const record = openRecord(world, id, "card");
  const intent = intentOf(world, record, submit(world, record, entry));
  change(intent, { status: "requires_action" });
  world.emit("payment_intent.requires_action", intent);
  return record.session;
}

/** The person fails to authenticate the payment. Throws unless they were asked to. */
export function failAuthentication(world: World, id: string): Session {
  const { session } = openRecord(world, id, "card");
  const intent = world.paymentIntents.get(session.payment_intent ?? "");
  if (intent?.status !== "requires_action") {
    throw new Error(`The session ${id} is not being authenticated.`);
  }
  change(intent, {
    last_payment_error: { type: "invalid_request_error", ...UNAUTHENTICATED },
    status: "requires_payment_method",
  });
  world.emit("payment_intent.payment_failed", intent);
  return session;
}

/** The bank answers the debit of a completed session. Throws when no debit is pending. */
export function settleDebit(
  world: World,
  sessionId: string,
  outcome: "succeeded" | "failed",
): Session {
  const { session } = sessionRecord(world, sessionId);
  const intent = world.paymentIntents.get(session.payment_intent ?? "");
  const charge = world.charges.get(intent?.latest_charge ?? "");
  if (!intent || charge?.status !== "pending") {
    throw new Error(`${sessionId} has no pending bank debit.`);
  }
  if (outcome === "succeeded") {
    succeed(world, intent, charge);
    change(session, { payment_status: "paid" });
    world.emit("checkout.session.async_payment_succeeded", session);
  } else {
    fail(world, intent, charge, DEBIT_FAILURE);
    world.emit("checkout.session.async_payment_failed", session);
  }
  return session;
}

/** Takes what was entered on the page, and prices the session by it. */
function submit(world: World, record: SessionRecord, entry: BuyerEntry): Entered {
  const entered = enter(world, record, entry);
  priceSession(world, record, {
    rateId: entered.rateId,
    location: taxLocation(world, record, entered),
  });
  requireTaxed(record.session);
  return entered;
}

function openRecord(world: World, id: string, method: string): SessionRecord {
  const record = sessionRecord(world, id);
  const { session } = record;
  if (session.status !== "open") throw new Error(`The session ${id} is ${session.status}.`);
  if (!session.payment_method_types.includes(method)) {
    throw new Error(`The session ${id} does not take ${method}.`);
  }
  return record;
}

/** Without its tax a session cannot be paid. */
function requireTaxed({ id, automatic_tax: { status } }: Session): void {
  if (status !== "failed" && status !== "requires_location_inputs") return;
  throw new Error(`The tax of the session ${id} cannot be calculated: ${status}.`);
}

/** The session's payment, with the amount and the delivery of the current attempt. */
function intentOf(
  world: World,
  { session, given, extras: { charged, application = null } }: SessionRecord,
  entered: Entered,
): PaymentIntent {
  const data = given.payment_intent_data ?? {};
  const current = {
    amount: charged?.amount ?? session.amount_total,
    customer: session.customer,
    shipping: parcel(entered),
  };
  const known = world.paymentIntents.get(session.payment_intent ?? "");
  if (known) {
    change(known, current);
    return known;
  }
  const id = world.newId("pi");
  const intent: PaymentIntent = {
    id,
    object: "payment_intent",
    ...current,
    amount_received: 0,
    application,
    canceled_at: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${world.newId("local")}`,
    created: world.nowSeconds(),
    currency: charged?.currency ?? session.currency,
    description: data.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: mergeMetadata({}, data.metadata),
    payment_method_types: session.payment_method_types,
    receipt_email: data.receipt_email ?? null,
    statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
    status: "requires_payment_method",
    transfer_group: data.transfer_group ?? null,
  };
  world.paymentIntents.set(id, intent);
  change(session, { payment_intent: id });
  world.emit("payment_intent.created", intent);
  return intent;
}

function makeCharge(
  world: World,
  entered: Entered,
  intent: PaymentIntent,
  { status, card }: { readonly status: Charge["status"]; readonly card?: CardUse["card"] },
): Charge {
  const charge: Charge = {
    id: world.newId(status === "pending" ? "py" : "ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: intent.application,
    balance_transaction: null,
    billing_details: billingDetails(entered),
    captured: false,
    created: world.nowSeconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: { ...intent.metadata },
    paid: false,
    payment_intent: intent.id,
    payment_method_details:
      status === "pending"
        ? { type: "us_bank_account", us_bank_account: { bank_name: "STRIPE TEST BANK" } }
        : {
            type: "card",
            card: { brand: card?.brand ?? "visa", last4: card?.number.slice(-4) ?? "4242" },
          },
    receipt_email: intent.receipt_email,
    receipt_url: null,
    refunded: false,
    shipping: intent.shipping,
    source_transfer: null,
    status,
    transfer_group: intent.transfer_group,
  };
  world.charges.set(charge.id, charge);
  return charge;
}

/** Adds the money to the platform's balance; it becomes available after its delay. */
function succeed(world: World, intent: PaymentIntent, charge: Charge): void {
  const { amount, currency } = charge;
  const { fundsMs, bookedMs } = world.timing;
  const availableAtMs = world.clock.nowMs() + (fundsMs?.() ?? 0);
  world.fundsAtMs.set(charge.id, availableAtMs);
  world.balances.add(PLATFORM, currency, amount, availableAtMs);
  change(charge, {
    amount_captured: amount,
    captured: true,
    paid: true,
    receipt_url: `${world.baseUrl}/receipts/${charge.id}`,
    status: "succeeded",
  });
  change(intent, { amount_received: amount, status: "succeeded" });
  const untilBookedMs = bookedMs?.() ?? 0;
  if (untilBookedMs > 0) {
    const book = () => {
      const previous = bookCharge(world, charge);
      world.emit("charge.updated", charge, { previous });
    };
    const what = "books a payment";
    world.timers.after(untilBookedMs, book, () => ({ service: "Stripe", what, about: charge.id }));
  } else {
    bookCharge(world, charge);
  }
  world.emit("charge.succeeded", charge);
  world.emit("payment_intent.succeeded", intent);
}

/** Creates the balance transaction of a charge. */
export function bookCharge(world: World, charge: Charge): Partial<Charge> {
  const { id, amount, currency } = charge;
  const entry = { amount, currency, source: id, type: "charge" } as const;
  return change(charge, { balance_transaction: world.enter(entry, world.fundsAtMs.get(id)) });
}

/** The payment method of a failed charge; it contains personal data of the payer. */
function failedMethod({ id, billing_details, created, payment_method_details }: Charge): object {
  const own = { id: `pm_${id.slice(id.indexOf("_") + 1)}`, object: "payment_method" };
  return { ...own, billing_details, created, ...payment_method_details };
}

function fail(world: World, intent: PaymentIntent, charge: Charge, reason: CardFailure): void {
  change(charge, {
    failure_code: reason.code,
    failure_message: reason.message,
    status: "failed",
  });
  change(intent, {
    last_payment_error: {
      type: "card_error",
      charge: charge.id,
      ...reason,
      payment_method: failedMethod(charge),
    },
    status: "requires_payment_method",
  });
  world.emit("charge.failed", charge);
  world.emit("payment_intent.payment_failed", intent);
}
