import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { stripeBooks } from "./checks/books.ts";
import { marketOf } from "./market.ts";
import { chargeOf } from "./pick-order.ts";

/** Staff refund in Stripe's Dashboard. */
export async function refundInDashboard(stage: Stage, pick: Pick): Promise<void> {
  stage.stripe.refundInDashboard(await chargeOf(stage, pick), {
    amount: pick([undefined, 1, 333, 700]),
  });
}

/** The builder's available balance is paid out to their bank. */
export function payOut(stage: Stage): void {
  const market = marketOf(stage);
  market.paidOut += stage.stripe.payOut(market.account);
}

/** The platform's available balance is paid out to its bank, which Stripe does daily by default. */
export function payOutPlatform(stage: Stage): void {
  marketOf(stage).platformPaidOut += stage.stripe.payOutPlatform();
}

/** The platform adds its own money. */
export function topUp(stage: Stage, pick: Pick): void {
  const amount = pick([2_000, 20_000]);
  stage.stripe.topUp(amount);
  marketOf(stage).platformPaidOut -= amount;
}

/** Staff cancel a refund that is waiting for the platform's funds; they make one if none is. */
export async function cancelRefund(stage: Stage, pick: Pick): Promise<void> {
  if ((await refundsThat(stage, "pending")).length === 0) {
    payOutPlatform(stage);
    await refundInDashboard(stage, pick);
  }
  stage.stripe.cancelRefundInDashboard(pick(await refundsThat(stage, "pending")).id);
}

/** The buyer's bank returns a refund, for example because the card has expired; staff make one if there is none. */
export async function sendRefundBack(stage: Stage, pick: Pick): Promise<void> {
  if ((await refundsThat(stage, "succeeded")).length === 0) {
    await refundInDashboard(stage, pick);
    await stage.cloud.clock.sleep(pick([1_000, 60_000]));
    // Once faults have stopped nobody acts any more.
    if (stage.faults.isQuiet) return;
  }
  stage.stripe.failRefund(pick(await refundsThat(stage, "succeeded")).id);
}

async function refundsThat(stage: Stage, wanted: "pending" | "succeeded") {
  const { refunds } = await stage.withoutFaults(() => stripeBooks(stage));
  return refunds.filter(({ status }) => status === wanted);
}

/** Staff transfer money to the builder or reverse a transfer, outside the product. */
export async function moveByHand(stage: Stage, pick: Pick): Promise<void> {
  const { stripe } = stage;
  const market = marketOf(stage);
  const amount = pick([100, 500]);
  if (pick([true, false])) {
    stripe.transferInDashboard(market.account, amount);
    market.sentByHand += amount;
    return;
  }
  const { transfers } = await stage.withoutFaults(() => stripeBooks(stage));
  const { id } = pick(transfers.filter((each) => each.amount - each.amount_reversed >= amount));
  stripe.reverseInDashboard(id, amount);
  market.takenByHand.set(id, (market.takenByHand.get(id) ?? 0) + amount);
}

/**
 * Stripe requires more information from the builder and stops their transfers and payouts until
 * then.
 */
export function restrict(stage: Stage): void {
  stage.stripe.restrict(marketOf(stage).account);
}

/** The builder gives Stripe the required information. */
export function answerStripe(stage: Stage): void {
  stage.stripe.completeOnboarding(marketOf(stage).account);
}

/** Stripe rejects the builder's account. */
export function reject(stage: Stage): void {
  stage.stripe.reject(marketOf(stage).account);
}

/** The builder revokes the platform's access to their account. */
export function disconnect(stage: Stage): void {
  stage.stripe.deauthorize(marketOf(stage).account);
}
