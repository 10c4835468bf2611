import type { CheckoutSession, StripeDispute } from "../clients/stripe-objects.ts";
import { saleTime } from "../domain/sale-reading.ts";
import type { SaleMade, SaleRefunded } from "../events/sale.ts";
import type { Deps } from "../runtime/deps.ts";
import { TerminalError } from "../runtime/errors.ts";

/** All refunds of a charge are one to us: what is refunded of it so far. */
const ALL_REFUNDS = "refunds";

/** Whether a session sells something that is no order of ours, once: by a Payment Link, say. */
export function isMerch({ orderId, mode }: CheckoutSession): boolean {
  return orderId === undefined && mode === "payment";
}

/** The merch that a payment was for; undefined for a payment of an order, or outside of Checkout. */
export async function merchOfPayment(
  paymentIntentId: string | undefined,
  { stripe }: Pick<Deps, "stripe">,
): Promise<CheckoutSession | undefined> {
  if (!paymentIntentId || (await stripe.orderOfPayment(paymentIntentId))) return undefined;
  const session = await stripe.sessionOfPayment(paymentIntentId);
  return session && isMerch(session) && session.payment ? session : undefined;
}

/** The sale that merch is once it is paid. Throws TerminalError when it can not be counted. */
export function merchSale(session: CheckoutSession, heardAt: Date): SaleMade | undefined {
  if (!isMerch(session) || !session.payment) return undefined;
  const { payment, itemsAmount: base, currency, lobbyId, title = "Merch" } = session;
  const soldAt = saleTime(payment.paidAt, heardAt);
  if (!soldAt || base < 0) {
    throw new TerminalError(`The amounts or the time of merch ${session.id} can not be.`);
  }
  return {
    id: saleIdOf(payment.paymentIntentId),
    provider: "stripe",
    base,
    currency,
    soldAtMs: soldAt.getTime(),
    ...(lobbyId && { lobbyId }),
    title,
  };
}

/** What was refunded of merch so far; undefined when nothing was. */
export function merchRefund(session: CheckoutSession): SaleRefunded | undefined {
  if (session.refunded === 0) return undefined;
  return refundOf(session, ALL_REFUNDS, shareOf(session, session.refunded));
}

/** What a dispute that is over takes of merch, or gives back: a win gives what the same one took. */
export function merchDispute(
  session: CheckoutSession,
  { id, amount }: Pick<StripeDispute, "id" | "amount">,
  outcome: "lost" | "won",
): SaleRefunded {
  const { refunded } = session;
  const taken = shareOf(session, refunded + amount) - shareOf(session, refunded);
  return outcome === "lost"
    ? refundOf(session, `dispute-${id}`, taken)
    : refundOf(session, `dispute-${id}-won`, -taken);
}

/** What of the items a part of everything that was paid stands for; all of it for all. */
function shareOf({ itemsAmount, amount }: CheckoutSession, part: number): number {
  if (part >= amount) return itemsAmount;
  return Number((BigInt(itemsAmount) * BigInt(part)) / BigInt(amount));
}

function refundOf(session: CheckoutSession, refundId: string, amount: number): SaleRefunded {
  const saleId = saleIdOf(session.payment?.paymentIntentId ?? "");
  const { currency } = session;
  return { id: `${saleId}/${refundId}/${amount}`, saleId, refundId, amount, currency };
}

function saleIdOf(paymentIntentId: string): string {
  return `stripe:${paymentIntentId}`;
}
