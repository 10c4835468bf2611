import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { orderDisputed } from "../events/order-disputed.ts";
import { type BankDeps, leaveToBank } from "../service/move-case.ts";

/**
 * Closes what a buyer has reported about an order that their bank decides about.
 *
 * Idempotency: a closed case stays closed, and its messages have fixed names. Order and lateness: the order is read
 * now, so an event that comes late or after the next one finds the dispute as it stands.
 */
export const handler = subscriber(orderDisputed, ({ orderId }, deps: BankDeps) =>
  leaveToBank(orderId, deps),
);
