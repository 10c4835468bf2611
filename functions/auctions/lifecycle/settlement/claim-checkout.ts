import { feeOf } from "../../../../shared/money/money.ts";
import { isApproved } from "../../../members/domain/standing.ts";
import {
  endOfSession,
  type FeeSetting,
  feeTermsOf,
  type PayDeps,
  payFor,
} from "../../../shop/checkout/checkout.ts";
import { type QuoteDeps, quoteUnasked } from "../../../shop/checkout/quote-delivery.ts";
import type { Order } from "../../../shop/domain/order.ts";
import type { Deps } from "../../deps.ts";
import { type Auction, auctionOrderId, type Claim } from "../../domain/auction.ts";

/** The dependencies of creating a Checkout Session. */
export type ClaimCheckoutDeps = PayDeps &
  QuoteDeps &
  Pick<Deps, "orders" | "wonOrders" | "builders" | "clock"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL" | "TAX" | FeeSetting>;
  };

/**
 * The time to pay for someone who had to wait for their Checkout link, because nobody knows when it comes. Stripe
 * allows 24 hours at most:
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
const TO_PAY_AFTER_WAITING_MS = 23 * 3_600_000;
/** How long a session is tried with the same end; afterwards the end moves so that the whole time is left. */
const TRIED_FOR_MS = 30 * 60_000;

/** Whether an auction's builder is approved and can be paid now. */
export async function isPayable(
  { builderId }: Pick<Auction, "builderId">,
  { builders }: Pick<Deps, "builders">,
): Promise<boolean> {
  const builder = await builders.get(builderId);
  return isApproved(builder?.standing) && builder?.account?.state === "ACTIVE";
}

/**
 * The Checkout Session of a claim's order. `over` if its time has ended or the result was taken back, `processing`
 * while a bank processes its payment, `unpayable` while the builder is not approved or cannot be paid, `refused` if
 * Stripe refuses to create one. An open session is kept.
 */
export async function checkoutOf(auction: Auction, claim: Claim, deps: ClaimCheckoutDeps) {
  const id = auctionOrderId(auction.id, claim.round);
  const builder = await deps.builders.get(auction.builderId);
  const account = builder?.account;
  if (!account) return "unpayable";
  const canSell = isApproved(builder.standing) && account.state === "ACTIVE";
  if (!canSell && !(await hasCheckoutLink(id, deps))) return "unpayable";
  const now = deps.clock.now();
  const expiresAt = claim.checkoutUntil
    ? new Date(now.getTime() + TO_PAY_AFTER_WAITING_MS)
    : endOfSession(now);
  const { shipping, ...delivered } = await quoteWon(auction, claim, deps);
  const won = await deps.wonOrders.create({
    id,
    auctionId: auction.id,
    now,
    expiresAt,
    round: claim.round,
    buyerId: claim.bidderId,
    builderId: auction.builderId,
    title: auction.title,
    amount: claim.amount + shipping,
    shipping,
    delivery: delivered.delivery,
    fee: feeOf(claim.amount, feeTermsOf(deps.config)),
    currency: auction.currency,
    plan: auction.plan,
  });
  if (!won) return "over";
  if (won.fulfillmentStatus === "processing") return "processing";
  const checkout = await payFor(await withWholeTime(won, expiresAt, deps), deps);
  if (checkout.ok) return checkout;
  return checkout.refusal === "payment-unavailable" ? "refused" : "over";
}

/** How a won item is delivered to its winner, and what that costs. */
async function quoteWon(auction: Auction, claim: Claim, deps: ClaimCheckoutDeps) {
  const { builderId, shipping } = auction;
  // Of a time when terms were not required.
  if (!shipping) return { shipping: 0, delivery: undefined };
  const request = { buyerId: claim.bidderId, builderId, itemsAmount: claim.amount, quantity: 1 };
  return quoteUnasked(shipping, request, deps);
}

/** Whether a claim's order ran out of time while it had no Checkout Session. */
export async function isLate(
  orderId: string,
  { orders, clock }: Pick<Deps, "orders" | "clock">,
): Promise<boolean> {
  const checkout = (await orders.get(orderId))?.payment?.checkout;
  return checkout !== undefined && !checkout.sessionId && checkout.expiresAt <= clock.now();
}

/** While no Checkout Session can be created, the waiting order's time does not end. */
export async function holdOrder(
  orderId: string,
  checkoutUntil: Date,
  { orders, payments }: Pick<Deps, "orders" | "payments">,
): Promise<void> {
  const checkout = (await orders.get(orderId))?.payment?.checkout;
  const until = new Date(checkoutUntil.getTime() + TO_PAY_AFTER_WAITING_MS);
  if (!checkout || checkout.sessionId || checkout.expiresAt >= until) return;
  await payments.nextAttempt(orderId, checkout.attempt, until);
}

/**
 * Gives an order that waited for its Checkout Session its whole time from now on, less the time for which a session is
 * tried: Stripe would refuse a longer one.
 */
async function withWholeTime(
  order: Order,
  expiresAt: Date,
  { payments, clock }: Pick<Deps, "payments" | "clock">,
): Promise<Order> {
  const checkout = order.payment?.checkout;
  if (!checkout || checkout.sessionId) return order;
  const isShort = checkout.expiresAt.getTime() + TRIED_FOR_MS <= expiresAt.getTime();
  const leftMs = checkout.expiresAt.getTime() - clock.now().getTime();
  if (!isShort && leftMs <= TO_PAY_AFTER_WAITING_MS) return order;
  return payments.nextAttempt(order.id, checkout.attempt, expiresAt);
}

async function hasCheckoutLink(
  orderId: string,
  { orders }: Pick<Deps, "orders">,
): Promise<boolean> {
  return (await orders.get(orderId))?.payment?.checkout.url !== undefined;
}
