import type { CheckoutSession, StripeDispute } from "../../../shared/clients/stripe/objects.ts";
import { saleTime } from "../../../shared/money/sale-reading.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { refundIdOfDispute } from "../../races/domain/sale.ts";
import type { SaleMade, SaleRefunded } from "../../races/events/sale.ts";
import type { DisputeTurn } from "../../races/store/sales/sale-disputes.ts";
import type { Deps } from "../deps.ts";

/** All refunds of a charge are booked as one: the total refunded so far. */
const ALL_REFUNDS = "refunds";

type IsMerchDeps = Pick<Deps, "orders"> & {
  readonly config: Pick<Deps["config"], "STRIPE_PAYMENT_LINKS">;
};
type PurposeDeps = IsMerchDeps & Pick<Deps, "stripe" | "sales">;

/** What a payment that is refunded or disputed was for. */
export type Purpose =
  | { readonly kind: "merch"; readonly session: CheckoutSession }
  /** An order of ours, or unknown. */
  | { readonly kind: "order" }
  /** Not ours. If it counts as a sale, the shop that made it reports it. */
  | { readonly kind: "foreign" };

/** Whether a session was paid for one of our orders. The oldest orders can be found only by the session's id. */
async function isOrder(
  { id, orderId, mode }: CheckoutSession,
  { orders }: Pick<Deps, "orders">,
): Promise<boolean> {
  return orderId !== undefined || mode !== "payment" || (await orders.get(id)) !== undefined;
}

/**
 * Whether a session without an order carries our mark of merch: docs/decisions/0027-what-is-merch.md.
 * Without the mark it may be a purchase that Shopify or Ko-fi reports too.
 */
function isMarked(
  { isForeign, isMarkedMerch, paymentLinkId }: CheckoutSession,
  { config }: Pick<IsMerchDeps, "config">,
): boolean {
  if (isForeign) return false;
  if (paymentLinkId === undefined) return isMarkedMerch;
  return config.STRIPE_PAYMENT_LINKS?.includes(paymentLinkId) ?? true;
}

/**
 * What a payment was for. A payment that was booked as merch stays merch, even if its Payment Link is no longer
 * allowed.
 */
export async function purposeOfPayment(
  paymentIntentId: string | undefined,
  deps: PurposeDeps,
): Promise<Purpose> {
  if (!paymentIntentId) return { kind: "order" };
  const { orderId, isForeign } = await deps.stripe.purposeOf(paymentIntentId);
  if (orderId) return { kind: "order" };
  if (isForeign) return { kind: "foreign" };
  const session = await deps.stripe.sessionOfPayment(paymentIntentId);
  if (!session?.payment || (await isOrder(session, deps))) return { kind: "order" };
  const isMerch = isMarked(session, deps) || (await deps.sales.get(merchSaleId(session)));
  return isMerch ? { kind: "merch", session } : { kind: "foreign" };
}

/**
 * The sale of a paid session; undefined if it is not merch. Throws TerminalError if its amounts or its time are
 * impossible.
 */
export async function merchSale(
  session: CheckoutSession,
  { clock, ...deps }: IsMerchDeps & Pick<Deps, "clock">,
): Promise<SaleMade | undefined> {
  if (!session.payment || !isMarked(session, deps) || (await isOrder(session, deps))) {
    return undefined;
  }
  const { payment, itemsAmount: base, currency, lobbyId, title = "Merch" } = session;
  const time = saleTime(payment.paidAt, clock.now());
  if (!time || base < 0) {
    throw new TerminalError(`The amounts or the time of merch ${session.id} cannot be.`);
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

/** The total refunded of a merch sale so far; undefined if nothing was. */
export function merchRefund(session: CheckoutSession): SaleRefunded | undefined {
  const { refunded: amount } = session;
  const currency = session.payment?.currency ?? session.currency;
  return amount === 0 ? undefined : refundOf(session, { refundId: ALL_REFUNDS, amount, currency });
}

/** What a decided dispute takes from a merch sale: the disputed amount if it is lost, nothing if it is won. */
export function merchDispute(
  session: CheckoutSession,
  { id, amount, currency }: Pick<StripeDispute, "id" | "amount" | "currency">,
  { outcome, turn }: DisputeTurn,
): SaleRefunded {
  const taken = outcome === "lost" ? amount : 0;
  return refundOf(session, { refundId: refundIdOfDispute(id), amount: taken, currency, turn });
}

/**
 * A refund of a part of the charge. If the charge is in another currency than the session, which Stripe does not do at
 * present, the same number of minor units is taken from the sale. An amount in a third currency is passed on unchanged,
 * for the operators.
 * https://docs.stripe.com/changelog/basil/2025-03-31/add_presentment_details
 */
function refundOf(
  session: CheckoutSession,
  refund: Pick<SaleRefunded, "refundId" | "amount" | "currency" | "turn">,
): SaleRefunded {
  const { payment = session } = session;
  const isPart = refund.currency === payment.currency;
  const taken = isPart ? { ...refund, currency: session.currency } : refund;
  const saleId = merchSaleId(session);
  const id = `${saleId}/${taken.refundId}/${taken.turn ?? 0}/${taken.amount}`;
  return { ...taken, id, saleId, paid: payment.amount };
}

/** The id of the sale of a paid session. */
export function merchSaleId({ payment }: CheckoutSession): string {
  return saleIdOf(payment?.paymentIntentId ?? "");
}

function saleIdOf(paymentIntentId: string): string {
  return `stripe:${paymentIntentId}`;
}
