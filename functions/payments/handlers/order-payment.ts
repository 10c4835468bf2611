import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { saleMade } from "../../races/events/sale.ts";
import { type SettleDeps, settleCheckout } from "../../shop/checkout/settle-checkout.ts";
import type { Deps } from "../deps.ts";
import { merchSale } from "../service/merch.ts";

type OrderPaymentDeps = SettleDeps & Pick<Deps, "config" | "publisher">;

/**
 * Handles a change of a Checkout Session: its order gets the state of the session. A session without an order
 * that carries our metadata is merch, which becomes a sale once it is paid. The session of an unknown order
 * becomes a dead letter.
 *
 * Idempotency: repeats and order do not matter, because the session is read from Stripe and a sale has one id.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: OrderPaymentDeps) => {
  if (!event.type.startsWith("checkout.session.")) return;
  const session = await deps.stripe.session(event.objectId);
  if (session.orderId !== undefined) return settleCheckout(session, deps);
  const sale = await merchSale(session, deps);
  if (sale) await deps.publisher.publish(saleMade, sale);
  else deps.log.info("A session without an order is no sale", { session: session.id });
});
