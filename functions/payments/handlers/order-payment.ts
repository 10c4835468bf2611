import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/subscriber.ts";
import { saleMade } from "../../races/events/sale.ts";
import { type SettleDeps, settleCheckout } from "../../shop/checkout/settle-checkout.ts";
import type { Deps } from "../deps.ts";
import { merchSale } from "../service/merch.ts";

type OrderPaymentDeps = SettleDeps & Pick<Deps, "config" | "publisher">;

/**
 * Something has happened to a Checkout Session: its order becomes what the session is now. One without an
 * order that carries our mark is merch, which is a sale once it is paid; the oldest orders are known only by
 * their ids.
 *
 * Repeats and order do not matter, because the session is read from Stripe, and a sale has one id. A session
 * of an order we do not know goes to the dead letters.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: OrderPaymentDeps) => {
  if (!event.type.startsWith("checkout.session.")) return;
  const session = await deps.stripe.session(event.objectId);
  if (session.orderId !== undefined) return settleCheckout(session, deps);
  const sale = await merchSale(session, deps);
  if (sale) await deps.publisher.publish(saleMade, sale);
  else deps.log.info("A session without an order is no sale", { session: session.id });
});
