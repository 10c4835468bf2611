import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { orderDisputed } from "../events/order-disputed.ts";
import { draftEvidence, type EvidenceDeps } from "../service/draft-evidence.ts";
import { type BankDeps, leaveToBank } from "../service/move-case.ts";

/**
 * Closes what a buyer has reported about an order that their bank decides about, and drafts the evidence.
 *
 * Idempotency: a closed case stays closed, a draft keeps what it has, and messages have fixed names. Order and
 * lateness: the order and the dispute are read now, so an event that comes late or after the next one finds them as
 * they stand.
 */
export const handler = subscriber(orderDisputed, async (event, deps: BankDeps & EvidenceDeps) => {
  await leaveToBank(event.orderId, deps);
  await draftEvidence(event, deps);
});
