import { notify } from "../../../shared/discord/sending/notify.ts";
import { DAY_MS } from "../../shipping/domain/parcel.ts";
import type { Deadline } from "../../shipping/store/deadlines.ts";
import { type RefundDeps, refundOrder } from "../../shop/money/refund-order.ts";
import type { Deps } from "../deps.ts";
import { cancelQuestion, declinedNotice } from "../messages/cancellations.ts";
import type { CancelAnswer, CancelResult } from "../store/cancellations.ts";

/** Dependencies of cancelling orders. */
export type CancelDeps = RefundDeps & Pick<Deps, "cancellations" | "clock">;

type Accepted = Extract<CancelResult, { outcome: "accepted" | "declined" }>;

/** Id of the refund of a cancelled order. */
const CANCELED = "canceled";

/**
 * Asks a builder to cancel an order for its buyer, or cancels it where nobody has to agree.
 *
 * Idempotency: the state is stored once, messages and the refund have fixed names. Crash safety: what was accepted is
 * refunded by the repeat or by the sweeper.
 */
export async function requestCancellation(
  orderId: string,
  buyerId: string,
  deps: CancelDeps,
): Promise<CancelResult> {
  const result = await deps.cancellations.ask(orderId, buyerId, deps.clock.now());
  if (result.outcome === "accepted") return giveBack(result, deps);
  if (result.outcome === "asked") {
    const { order } = result;
    const key = `cancel-asked:${orderId}:${order.cancellation?.version}`;
    await notify(key, order.builderId, cancelQuestion(result), deps);
  }
  return result;
}

/** Answers a request to cancel: gives everything back, or tells the buyer that it stays. Idempotent like the request. */
export async function answerCancellation(
  answer: Omit<CancelAnswer, "now">,
  deps: CancelDeps,
): Promise<CancelResult> {
  const result = await deps.cancellations.answer({ ...answer, now: deps.clock.now() });
  if (result.outcome === "accepted") return giveBack(result, deps);
  if (result.outcome === "declined") {
    const { order } = result;
    const key = `cancel-declined:${order.id}:${order.cancellation?.version}`;
    const notice = { ...declinedNotice(order), orderPage: order.id };
    await notify(key, order.buyerId, notice, deps);
  }
  return result;
}

/**
 * Refunds a cancelled order. `disputed`: a bank has begun to decide about its payment since it was cancelled, and the
 * deadline asks again. Refunds and buyers' messages are those of every refund.
 */
async function giveBack(accepted: Accepted, deps: CancelDeps): Promise<CancelResult> {
  const { order } = accepted;
  const all = { id: CANCELED, orderId: order.id, amount: undefined, restock: true };
  const { outcome } = await refundOrder({ ...all, isOwed: true, isAskedAgain: true }, deps);
  return outcome === "disputed" ? { outcome, order } : accepted;
}

/**
 * Accepts what nobody answered, unless building has begun meanwhile; then its buyer is notified. While a bank decides
 * about the payment, the request, or the refund of what was accepted, waits another day. Crash safety: what was accepted
 * has a deadline of its own, and a repeat finds what was declined and notifies.
 */
export async function doCancelDeadline(
  deadline: Deadline,
  deps: CancelDeps & Pick<Deps, "deadlines">,
): Promise<void> {
  const { subjectId: orderId, version } = deadline;
  const silence = { orderId, version, by: "silence" } as const;
  const result = await answerCancellation({ ...silence, isAccepted: true }, deps);
  if (result.outcome === "disputed") {
    const dueAt = new Date(deps.clock.now().getTime() + DAY_MS);
    const next = result.order.cancellation?.version ?? version;
    await deps.deadlines.set({ kind: deadline.kind, subjectId: orderId, version: next, dueAt });
    return;
  }
  const declined = version + 1;
  const isRepeat =
    result.outcome === "not-asked" &&
    result.order.proof !== undefined &&
    result.order.cancellation?.state === "declined" &&
    result.order.cancellation.version === declined;
  if (result.outcome !== "begun" && !isRepeat) return;
  const decline = { orderId, by: "builder", isAccepted: false } as const;
  await answerCancellation({ ...decline, version: isRepeat ? declined : version }, deps);
}
