import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import {
  type NotifyDeps,
  notify,
  notifyOperators,
} from "../../../shared/discord/sending/notify.ts";
import { isApproved } from "../../members/domain/standing.ts";
import type { SellerAccount } from "../../members/store/seller-accounts.ts";
import type { Deps } from "../deps.ts";
import type { Order, Sending } from "../domain/order.ts";
import { accountNeededNotice, releaseRefusedNotice } from "../messages/operators.ts";
import { accountNeeded, type PaidOrder, released, releaseRefused } from "../messages/payments.ts";
import { type CollectDeps, collectDebt } from "./collect-debt.ts";

/** Dependencies of `releaseOrder`. */
export type ReleaseDeps = NotifyDeps &
  CollectDeps &
  Pick<Deps, "orders" | "releases" | "builders"> & {
    readonly config: Pick<Deps["config"], "RELEASE_HELD_AFTER">;
  };

/**
 * Transfers an order's held money to its builder, less refunds and debts, once the order is proved, or once it is
 * paid if it needs no proof.
 *
 * No transfer is decided for a builder who is not approved, but decided transfers continue; an approval requests
 * the release again. No transfer is decided before the charge is on Stripe's balance; Stripe's event or the sweeper
 * requests the release again. While a refund is under way nothing is decided; its booking, or the sweeper, requests
 * the release again. A reversal of the order's money without an outcome is finished first. If the builder's account is
 * not ready, the money stays held until it is, and the builder and the operators are notified. If Stripe refuses a
 * transfer, the decision is undone, the builder and the operators are notified, and the sweeper tries again.
 *
 * Idempotency: the transfer is decided and stored once, and the client looks for it at Stripe before it makes one.
 * Crash safety: the decision is stored, and the next delivery or the sweeper continues.
 */
export async function releaseOrder(orderId: string, deps: ReleaseDeps): Promise<void> {
  const { orders, releases, builders, clock } = deps;
  const before = await orders.get(orderId);
  if (!before?.payment?.hold) return;
  const { payment } = before;
  const builder = await builders.get(before.builderId);
  const accountId = builder?.account?.state === "ACTIVE" ? builder.account.id : undefined;
  if (payment.hold === "held") {
    if (!isEarned(before, deps)) return;
    if (!accountId) {
      if (!isApproved(builder?.standing)) return;
      return noAccount({ ...before, payment }, builder?.account, deps);
    }
    if (!payment.chargeId || !(await deps.stripe.isBooked(payment.chargeId))) return;
  }
  const { outcome, order, reversedDebt } = await releases.begin(orderId, accountId, clock.now());
  if (reversedDebt !== undefined) {
    await collectDebt({ builderId: order.builderId, id: reversedDebt }, deps);
    return releaseOrder(orderId, deps);
  }
  if (outcome === "refunding") deps.log.info("A release waits for a refund", { order: orderId });
  if (outcome === "release" && order.payment) await pay({ ...order, payment: order.payment }, deps);
}

/**
 * Notifies the builder, of each order, and the operators, once for each state of the builder's account, that money
 * cannot be sent.
 */
async function noAccount(
  order: PaidOrder,
  account: SellerAccount | undefined,
  deps: ReleaseDeps,
): Promise<void> {
  const { id: orderId, builderId } = order;
  await notify(`account-needed:${orderId}`, builderId, accountNeeded(order), deps);
  const incident = account ? `${account.id}:${account.version}` : orderId;
  const notice = accountNeededNotice(order, account?.state);
  await notifyOperators(`account-needed-by:${incident}`, notice, deps);
}

/** Whether the builder has done what the order's money waits for. */
function isEarned(
  { proof, parcel, payment }: Order,
  { config }: Pick<ReleaseDeps, "config">,
): boolean {
  if (payment?.plan === "split") return true;
  const isShipped = parcel?.state === "sent" || parcel?.state === "arrived";
  // What is not shipped through us is never marked as sent.
  const waitsForParcel = config.RELEASE_HELD_AFTER === "proof-and-shipped" && parcel !== undefined;
  return proof !== undefined && (isShipped || !waitsForParcel);
}

/** Makes the decided transfer and books it. If Stripe refuses it, the decision is undone. */
async function pay(order: PaidOrder, deps: ReleaseDeps): Promise<void> {
  const { releases, stripe, clock } = deps;
  const { payment, id: orderId, builderId } = order;
  const sending = payment.transfer?.sending;
  if (!sending || !payment.chargeId) return;
  const amount = sending.gross - sending.netted;
  const { chargeId, currency, releaseAttempt: attempt } = payment;
  const { accountId } = sending;
  const isReturn = (payment.transfer?.ids.length ?? 0) > 0;
  const terms = { orderId, accountId, chargeId, amount, currency, attempt, isReturn };
  let transferId: string | undefined;
  try {
    transferId = amount > 0 ? await stripe.transfer(terms) : undefined;
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    return refused(order, error, deps);
  }
  await tell(order, sending, deps);
  const { debtId } = await releases.finish(orderId, transferId, clock.now());
  if (debtId) await collectDebt({ builderId, id: debtId }, deps);
}

async function refused(
  order: PaidOrder,
  error: StripeRefusedError,
  deps: ReleaseDeps,
): Promise<void> {
  const { id: orderId, builderId } = order;
  deps.log.error("Stripe refused a transfer", error, { order: orderId });
  const { debtId } = await deps.releases.refused(orderId, deps.clock.now());
  if (debtId) await collectDebt({ builderId, id: debtId }, deps);
  const notice = releaseRefusedNotice(order, error.message);
  await notifyOperators(`release-refused:${orderId}`, notice, deps);
  await notify(`release-refused-of:${orderId}`, builderId, releaseRefused(order), deps);
}

/**
 * Notifies the builder of a transfer that was made, before it is booked, so that a crash in between does not lose the
 * notice. For money that needs no proof, the notice of the sale is enough, unless debts reduced the transfer.
 */
async function tell(order: PaidOrder, sending: Sending, deps: ReleaseDeps): Promise<void> {
  const { id, builderId, payment } = order;
  const isFirst = payment.transfer?.gross === sending.gross;
  const isKnown = payment.plan === "split" && isFirst && sending.netted === 0;
  if (isKnown || sending.gross === 0) return;
  const key = isFirst ? `released:${id}` : `released:${id}:${payment.releaseAttempt}`;
  await notify(key, builderId, released(order, sending, isFirst), deps);
}
