import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import type { CheckoutShipping } from "../../../shared/clients/stripe/shipping.ts";
import type { FeeTerms } from "../../../shared/money/money.ts";
import { tooYoungUntil } from "../../members/domain/account-age.ts";
import { isApproved } from "../../members/domain/standing.ts";
import type { CountryQuestion } from "../../shipping/messages/country.ts";
import type { Deps } from "../deps.ts";
import { type Drop, isHidden } from "../domain/drop.ts";
import { isReserved, type Order, type Payment, quantityOf } from "../domain/order.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../drops/drop-board.ts";
import { reservationEndDue } from "../events/reservation-end-due.ts";
import type { buyRefusalTexts } from "../messages/drops.ts";
import type { QuantityQuestion } from "../messages/quantity.ts";
import type { ReservationResult } from "../store/reservations.ts";
import { mostNow } from "./most-now.ts";
import {
  countriesOfDelivery,
  type Delivery,
  type QuoteDeps,
  quoteDelivery,
} from "./quote-delivery.ts";
import { taxIn } from "./tax.ts";
import { type CustomerDeps, withCustomer } from "./with-customer.ts";

/** What opening a page to pay on needs. */
export type PayDeps = ScheduleBoardDeps &
  CustomerDeps &
  Pick<Deps, "reservations" | "payments" | "stripe"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL" | "TAX">;
  };

/** What buying needs. */
export type BuyDeps = PayDeps &
  QuoteDeps &
  Pick<Deps, "orders" | "drops" | "builders" | "limiter"> & {
    readonly config: Pick<
      Deps["config"],
      "PUBLIC_SITE_URL" | "TAX" | FeeSetting | "MIN_ACCOUNT_AGE_DAYS"
    >;
  };

/** The settings that say what the platform takes of a sale. */
export type FeeSetting = "PLATFORM_FEE_BPS" | "PLATFORM_MIN_FEE";

/** What the platform takes of a sale. */
export function feeTermsOf(config: Pick<Deps["config"], FeeSetting>): FeeTerms {
  return { rateBps: config.PLATFORM_FEE_BPS, minimum: config.PLATFORM_MIN_FEE };
}

/** Who wants which drop; `orderId` is the press's id. */
export interface BuyRequest {
  readonly orderId: string;
  readonly dropId: string;
  readonly buyerId: string;
  /** How many units; undefined if the buyer is to be asked where they may have several. */
  readonly quantity: number | undefined;
  /** What the buyer chose for this order alone: a country, or "pickup". */
  readonly destination?: string | undefined;
}

/**
 * Why an order was not bought: as `buyRefusalTexts` says, or one of the limits per person. `too-often` is
 * of reservations made lately, `cannot-count` says that Redis, which counts them, does not answer.
 */
export type BuyRefusal =
  | keyof typeof buyRefusalTexts
  | "too-many-open"
  | "too-often"
  | "cannot-count"
  | "too-young"
  | "how-many"
  | "which-country"
  | "not-there";

/** A page to pay on, or why there is none and, where that can be said, from when on there may be. */
export type BuyResult =
  | {
      readonly ok: true;
      readonly order: Order;
      readonly url: string;
      readonly expiresAt: Date;
    }
  | {
      readonly ok: false;
      readonly refusal: BuyRefusal;
      readonly retryAt?: Date | undefined;
      /** What is to be asked of a buyer who may have several units, or fewer than they chose. */
      readonly howMany?: QuantityQuestion;
      /** What is to be asked of a buyer who must say where it goes. */
      readonly question?: Omit<CountryQuestion, "soldId">;
      /** The country that it is not shipped to. */
      readonly country?: string;
    };

/**
 * Stripe takes 30 minutes at the least, counted by its own clock:
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
const SESSION_MS = 30 * 60_000;
const CLOCK_MARGIN_MS = 60_000;
/** After a session's end its event has this long before we look ourselves. */
const END_MARGIN_MS = 30_000;
/** Stripe's page is opened anew this often, when an answer came too late for its time. */
const MAX_ATTEMPTS = 3;

/**
 * Reserves units and opens their Checkout Session. Limits are checked only before something new is reserved.
 *
 * Idempotency: the same order id, or a buyer with an unpaid order of this drop, gets the same session, even while Redis
 * does not answer. Crash safety: a crash after the reservation leaves an order without a session: a repeat creates it;
 * otherwise the task at the reservation's end gives the units back.
 */
export async function buy(request: BuyRequest, deps: BuyDeps): Promise<BuyResult> {
  const drop = await deps.drops.get(request.dropId);
  if (!drop || isHidden(drop)) return { ok: false, refusal: "not-found" };
  const builder = await deps.builders.get(drop.builderId);
  if (!isApproved(builder?.standing)) return { ok: false, refusal: "builder-paused" };
  if (builder?.account?.state !== "ACTIVE") return { ok: false, refusal: "builder-not-ready" };
  // Of a time when terms were not required: nobody could say where it goes.
  if (!drop.shipping) return { ok: false, refusal: "closed" };
  const most = request.quantity === undefined ? await mostNow(drop, request, deps) : 1;
  if (most > 1) return { ok: false, refusal: "how-many", howMany: { drop, most } };
  const quantity = request.quantity ?? 1;
  const itemsAmount = drop.price * quantity;
  const quote = await quoteDelivery(
    drop.shipping,
    {
      buyerId: request.buyerId,
      builderId: drop.builderId,
      itemsAmount,
      quantity,
      destination: request.destination,
    },
    deps,
  );
  if (quote.outcome === "which-country") {
    const { isFurther } = quote;
    const question = { terms: drop.shipping, itemsAmount, quantity, isFurther };
    return { ok: false, refusal: "which-country", question };
  }
  if (quote.outcome === "not-there") {
    return { ok: false, refusal: "not-there", country: quote.country };
  }

  const now = deps.clock.now();
  const { orderId: id, buyerId: userId } = request;
  const youngUntil = tooYoungUntil(userId, now, deps.config.MIN_ACCOUNT_AGE_DAYS);
  const result = await deps.reservations.reserve({
    ...request,
    quantity,
    feeTerms: feeTermsOf(deps.config),
    price: drop.price,
    delivery: quote.delivery,
    shipping: quote.shipping,
    now,
    expiresAt: endOfSession(now),
    admit: async () =>
      youngUntil
        ? { isAllowed: false, retryAt: youngUntil }
        : deps.limiter.count("reservations", { userId, id }),
  });
  // Its builder has changed the price since: that of the delivery may follow from it.
  if (result.outcome === "other-price") return buy(request, deps);
  if (result.outcome !== "reserved") return refused(result, drop, youngUntil !== undefined);
  await scheduleBoard(request.dropId, deps);
  return payFor(result.order, deps);
}

/** Why nothing was reserved. */
function refused(
  result: Exclude<ReservationResult, { outcome: "reserved" | "other-price" }>,
  drop: Drop,
  isTooYoung: boolean,
): BuyResult {
  switch (result.outcome) {
    case "not-admitted": {
      const { retryAt } = result;
      if (isTooYoung) return { ok: false, refusal: "too-young", retryAt };
      return { ok: false, refusal: retryAt ? "too-often" : "cannot-count", retryAt };
    }
    case "too-many-open":
      return { ok: false, refusal: result.outcome, retryAt: result.retryAt };
    case "fewer": {
      const howMany = { drop, most: result.most, isAgain: true };
      return { ok: false, refusal: "how-many", howMany };
    }
    default:
      return { ok: false, refusal: result.outcome };
  }
}

/**
 * The page where a reserved order is paid, and the task for its end. Again, the same page; an order
 * that is not reserved any more has none.
 */
export async function payFor(order: Order, deps: PayDeps): Promise<BuyResult> {
  if (!isReserved(order)) return { ok: false, refusal: "over" };
  await scheduleEnd(order, deps);
  return openCheckout(order, deps);
}

/** When a Checkout Session that opens now is to end. */
export function endOfSession(now: Date): Date {
  return new Date(now.getTime() + SESSION_MS + CLOCK_MARGIN_MS);
}

async function scheduleEnd(order: Order, { tasks }: Pick<Deps, "tasks">): Promise<void> {
  const endsAt = order.payment?.checkout.expiresAt;
  if (!endsAt) return;
  const id = `reservation-end.${order.id}.${order.payment?.checkout.attempt}`;
  const dueAt = new Date(endsAt.getTime() + END_MARGIN_MS);
  await tasks.enqueue(reservationEndDue, { id, orderId: order.id }, dueAt);
}

async function openCheckout(first: Order, deps: PayDeps): Promise<BuyResult> {
  let order = first;
  for (let attempt = 1; ; attempt += 1) {
    const { payment } = order;
    if (!payment || !isReserved(order)) return { ok: false, refusal: "over" };
    const { checkout } = payment;
    // Its page has ended, and the event or the task that says so is on its way.
    const hasEnded = checkout.expiresAt <= deps.clock.now();
    if (checkout.url && hasEnded) return { ok: false, refusal: "over" };
    if (checkout.url) return { ok: true, order, url: checkout.url, expiresAt: checkout.expiresAt };
    try {
      order = await createCheckout(order, payment, deps);
    } catch (error) {
      if (!(error instanceof StripeRefusedError)) throw error;
      const isTooLate = error.parameter === "expires_at" && attempt < MAX_ATTEMPTS;
      if (!isTooLate) {
        deps.log.error("Stripe refused a Checkout Session", error, { order: order.id });
        await deps.reservations.giveBack(order.id, "cancelled", deps.clock.now(), null);
        if (order.dropId) await scheduleBoard(order.dropId, deps);
        return { ok: false, refusal: "payment-unavailable" };
      }
      const expiresAt = endOfSession(deps.clock.now());
      order = await deps.payments.nextAttempt(order.id, checkout.attempt, expiresAt);
      await scheduleEnd(order, deps);
    }
  }
}

/**
 * Makes a page and gives the order as it is then: it may have ended meanwhile, or have another page.
 * What was made in vain is closed, and nobody has its address.
 */
async function createCheckout(
  order: Order,
  payment: Payment,
  { stripe, payments, config, customers }: PayDeps,
): Promise<Order> {
  const { id, title, delivery, buyerId } = order;
  const { attempt, expiresAt } = payment.checkout;
  const quantity = quantityOf(order);
  const site = config.PUBLIC_SITE_URL;
  const create = (customerId: string | undefined) =>
    stripe.createCheckout(
      {
        orderId: id,
        title: title ?? "C500",
        unitAmount: (payment.amount - payment.shipping) / quantity,
        quantity,
        currency: payment.currency,
        expiresAt,
        customerId,
        shipping: delivery && shippingOf(delivery),
        tax: config.TAX === "stripe" ? taxIn(payment.currency) : undefined,
        successUrl: `${site}/success?session_id={CHECKOUT_SESSION_ID}`,
        cancelUrl: `${site}/cancel?order=${encodeURIComponent(id)}`,
      },
      attempt,
    );
  // Only those whose address is asked for are customers.
  const session = delivery
    ? await withCustomer(buyerId, create, { customers, stripe })
    : await create(undefined);
  if (!session.url) throw new Error(`Checkout Session ${session.id} of order ${id} has no page.`);
  const page = { attempt, sessionId: session.id, url: session.url };
  const after = await payments.recordSession(id, page);
  if (after.payment?.checkout.sessionId !== session.id) await closePage(session.id, { stripe });
  return after;
}

/** What Checkout asks and offers about a delivery; nothing of what is picked up. */
function shippingOf(delivery: Delivery): CheckoutShipping | undefined {
  if (delivery.options.length === 0) return undefined;
  return {
    countries: countriesOfDelivery(delivery),
    options: delivery.options.map(({ id, name, amount }) => ({ id, name, amount })),
    collectsPhone: delivery.needsPhone,
  };
}

/** Closes a page at Stripe. One that is paid, or closed already, refuses; what it is can be read then. */
export async function closePage(
  sessionId: string,
  { stripe }: Pick<Deps, "stripe">,
): Promise<void> {
  try {
    await stripe.expireSession(sessionId);
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
  }
}
