import type { CheckoutSession, StripeDispute } from "../clients/stripe-objects.ts";
import { saleTime } from "../domain/sale-reading.ts";
import type { SaleMade, SaleRefunded } from "../events/sale.ts";
import type { Deps } from "../runtime/deps.ts";
import { TerminalError } from "../runtime/errors.ts";
import type { DisputeTurn } from "../store/sales.ts";

/** All refunds of a charge are one to us: what is refunded of it so far. */
const ALL_REFUNDS = "refunds";

type MerchDeps = Pick<Deps, "stripe" | "orders">;

/**
 * Whether a session sells something that is no order of ours, once: by a Payment Link, say. Older
 * orders are known by their session's id only.
 */
async function isMerch(
  { id, orderId, mode }: CheckoutSession,
  { orders }: Pick<Deps, "orders">,
): Promise<boolean> {
  return orderId === undefined && mode === "payment" && (await orders.get(id)) === undefined;
}

/** The merch that a payment was for; undefined for a payment of an order, or outside of Checkout. */
export async function merchOfPayment(
  paymentIntentId: string | undefined,
  deps: MerchDeps,
): Promise<CheckoutSession | undefined> {
  const { stripe } = deps;
  if (!paymentIntentId || (await stripe.orderOfPayment(paymentIntentId))) return undefined;
  const session = await stripe.sessionOfPayment(paymentIntentId);
  return session?.payment && (await isMerch(session, deps)) ? session : undefined;
}

/** The sale that merch is once it is paid. Throws TerminalError when it can not be counted. */
export async function merchSale(
  session: CheckoutSession,
  { orders, clock }: Pick<Deps, "orders" | "clock">,
): Promise<SaleMade | undefined> {
  if (!session.payment || !(await isMerch(session, { orders }))) return undefined;
  const { payment, itemsAmount: base, currency, lobbyId, title = "Merch" } = session;
  const time = saleTime(payment.paidAt, clock.now());
  if (!time || base < 0) {
    throw new TerminalError(`The amounts or the time of merch ${session.id} can not be.`);
  }
  return {
    id: saleIdOf(payment.paymentIntentId),
    provider: "stripe",
    base,
    currency,
    ...time,
    ...(lobbyId && { lobbyId }),
    title,
  };
}

/** What was refunded of merch so far; undefined when nothing was. */
export function merchRefund(session: CheckoutSession): SaleRefunded | undefined {
  const { refunded: amount } = session;
  const currency = session.payment?.currency ?? session.currency;
  return amount === 0 ? undefined : refundOf(session, { refundId: ALL_REFUNDS, amount, currency });
}

/** What a dispute takes of merch that it is over for: all of it, or nothing of it any more. */
export function merchDispute(
  session: CheckoutSession,
  { id, amount, currency }: Pick<StripeDispute, "id" | "amount" | "currency">,
  { outcome, turn }: DisputeTurn,
): SaleRefunded {
  const taken = outcome === "lost" ? amount : 0;
  return refundOf(session, { refundId: `dispute-${id}`, amount: taken, currency, turn });
}

/**
 * Its amount is a part of the charge, which need not be the session's total. A part has no currency: of
 * a charge in another currency than the session, which Stripe does not make now, it takes as much of
 * the sale. What is in neither is left as it is, for the operators.
 * https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
 */
function refundOf(
  session: CheckoutSession,
  news: Pick<SaleRefunded, "refundId" | "amount" | "currency" | "turn">,
): SaleRefunded {
  const { payment = session } = session;
  const isPart = news.currency === payment.currency;
  const taken = isPart ? { ...news, currency: session.currency } : news;
  const saleId = merchSaleId(session);
  const id = `${saleId}/${taken.refundId}/${taken.turn ?? 0}/${taken.amount}`;
  return { ...taken, id, saleId, paid: payment.amount };
}

/** The id of the sale that paid merch is. */
export function merchSaleId({ payment }: CheckoutSession): string {
  return saleIdOf(payment?.paymentIntentId ?? "");
}

function saleIdOf(paymentIntentId: string): string {
  return `stripe:${paymentIntentId}`;
}
