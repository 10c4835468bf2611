import type { CheckoutSession } from "../../../shared/clients/stripe/objects.ts";
import type { PostalAddress } from "../../../shared/clients/stripe/reading.ts";
import { type Parcel, takesMore } from "../../shipping/domain/parcel.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import type { Deps } from "../deps.ts";
import type { Order, Payment } from "../domain/order.ts";
import type { PaidDelivery, PaymentFacts } from "../store/payments/settle-payment.ts";

/** Dependencies of `destinationOf`. */
export type DestinationDeps = Pick<Deps, "parcels" | "builders" | "orders" | "stripe" | "clock">;

/** What a paid session has charged, by its parts. */
export function amountsOf({
  amount,
  taxAmount: tax,
  shipping,
}: CheckoutSession): Pick<PaymentFacts, "amount" | "tax" | "shipping" | "shippingTax"> {
  return { amount, tax, shipping: shipping?.amount ?? 0, shippingTax: shipping?.taxAmount ?? 0 };
}

/**
 * Whether a session has charged what the order says: its items, and one of its ways of delivery. The same when the
 * payment is delivered again and the order says what was charged.
 */
export function isAsAgreed(
  session: CheckoutSession,
  { payment, delivery }: Pick<Order, "delivery"> & { readonly payment: Payment },
): boolean {
  if (session.currency !== payment.currency) return false;
  const { amount, shipping, tax, shippingTax } = amountsOf(session);
  const items = amount - tax - shipping;
  const agreed = payment.amount - payment.shipping - payment.tax;
  if (!isPrice(agreed, items, tax - shippingTax)) return false;
  // What is picked up or not shipped has no options.
  const options = delivery?.options.map((option) => option.amount) ?? [];
  const prices = options.length > 0 ? options : [0];
  return prices.some((price) => isPrice(price, shipping, shippingTax));
}

/** Whether a price was charged, with its tax in it or added to it. */
function isPrice(price: number, net: number, tax: number): boolean {
  return net === price || net + tax === price;
}

/**
 * Where a paid order is sent, and which open parcel of its buyer it joins. Parcels are joined only if Stripe has the
 * same address for both: the addresses are compared and forgotten. Undefined where an order is not shipped.
 */
export async function destinationOf(
  order: Order,
  session: CheckoutSession,
  deps: DestinationDeps,
): Promise<PaidDelivery | undefined> {
  const { delivery } = order;
  if (!delivery) return undefined;
  const destination = session.shipping?.country ?? PICKUP;
  const report = await deps.builders.streamReport(order.builderId);
  const streamId = report.isLive ? report.streamId : undefined;
  const now = deps.clock.now();
  const newestId = await deps.parcels.newestOf(order.buyerId);
  const open = await deps.parcels.openOf(order.buyerId, order.builderId);
  const candidates = open.filter(
    (parcel) =>
      parcel.destination === destination &&
      (parcel.id === delivery.joins || takesMore(parcel, report, now)),
  );
  const joined = await findSameAddress(candidates, session, deps);
  const isElsewhere = !joined && (await isQuotedElsewhere(delivery.joins, session, deps));
  return {
    destination,
    joins: joined?.id,
    isPriceWrong: isElsewhere || isOtherZone(order, session),
    streamId,
    newestId,
  };
}

/**
 * Whether the price of a further item was for a parcel to another address. If that parcel was cancelled or sent
 * meanwhile, the price still holds, but only for its address.
 */
async function isQuotedElsewhere(
  parcelId: string | undefined,
  session: CheckoutSession,
  deps: DestinationDeps,
): Promise<boolean> {
  const quoted = parcelId === undefined ? undefined : await deps.parcels.get(parcelId);
  return quoted !== undefined && !(await findSameAddress([quoted], session, deps));
}

/** Of several ways of delivery the buyer chose one that is not for their country. */
function isOtherZone({ delivery }: Order, { shipping }: CheckoutSession): boolean {
  const chosen = delivery?.options.find(({ id }) => id === shipping?.optionId);
  if (!delivery || delivery.options.length < 2 || !chosen || !shipping?.country) return false;
  return chosen.countries.length > 0 && !chosen.countries.includes(shipping.country);
}

async function findSameAddress(
  parcels: readonly Parcel[],
  session: CheckoutSession,
  deps: DestinationDeps,
): Promise<Parcel | undefined> {
  if (parcels.length === 0) return undefined;
  const own = (await deps.stripe.readCollected(session.id)).address;
  for (const parcel of parcels) {
    const first = await deps.orders.get(parcel.lines[0]?.orderId ?? parcel.id);
    const sessionId = first?.payment?.checkout.sessionId;
    const theirs = sessionId && (await deps.stripe.readCollected(sessionId)).address;
    if (own && theirs && isSame(own, theirs)) return parcel;
  }
  return undefined;
}

/** Whether two addresses are written the same, apart from spaces and capitals. */
function isSame(one: PostalAddress, other: PostalAddress): boolean {
  return written(one) === written(other);
}

function written({ lines, city, state, postalCode, country }: PostalAddress): string {
  const parts = [...lines, city, state, postalCode, country].map((part) =>
    (part ?? "").toLowerCase().replace(/\s+/g, " ").trim(),
  );
  return JSON.stringify(parts);
}
