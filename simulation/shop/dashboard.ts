import type { Pick } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { stripeBooks } from "./books.ts";
import { marketOf } from "./market.ts";
import { chargeOf } from "./orders-at-hand.ts";

/** Staff refund at Stripe. */
export async function refundInDashboard(stage: Stage, pick: Pick): Promise<void> {
  stage.stripe.refundInDashboard(await chargeOf(stage, pick), {
    amount: pick([undefined, 1, 333, 700]),
  });
}

/** All that the builder has available leaves to their bank. */
export function payOut(stage: Stage): void {
  const market = marketOf(stage);
  market.paidOut += stage.stripe.payOut(market.account);
}

/** What the platform has available leaves to its bank, as Stripe does each day unless told otherwise. */
export function payOutPlatform(stage: Stage): void {
  marketOf(stage).platformPaidOut += stage.stripe.payOutPlatform();
}

/** The platform adds money of its own. */
export function topUp(stage: Stage, pick: Pick): void {
  const amount = pick([2_000, 20_000]);
  stage.stripe.topUp(amount);
  marketOf(stage).platformPaidOut -= amount;
}

/** Staff cancel a refund that waits for the platform's money. */
export async function cancelRefund(stage: Stage, pick: Pick): Promise<void> {
  const { refunds } = await stage.aside(() => stripeBooks(stage));
  stage.stripe.cancelRefundInDashboard(pick(refunds.filter(isPending)).id);
}

/** The bank of a buyer, whose card has expired, sends a refund back. */
export async function sendRefundBack(stage: Stage, pick: Pick): Promise<void> {
  const { refunds } = await stage.aside(() => stripeBooks(stage));
  stage.stripe.failRefund(pick(refunds.filter(({ status }) => status === "succeeded")).id);
}

function isPending({ status }: { readonly status: string }): boolean {
  return status === "pending";
}

/** Staff send the builder money, or take some of a transfer back, beside our books. */
export async function moveByHand(stage: Stage, pick: Pick): Promise<void> {
  const { stripe } = stage;
  const market = marketOf(stage);
  const amount = pick([100, 500]);
  if (pick([true, false])) {
    stripe.transferInDashboard(market.account, amount);
    market.sentByHand += amount;
    return;
  }
  const { transfers } = await stage.aside(() => stripeBooks(stage));
  const { id } = pick(transfers.filter((each) => each.amount - each.amount_reversed >= amount));
  stripe.reverseInDashboard(id, amount);
  market.takenByHand.set(id, (market.takenByHand.get(id) ?? 0) + amount);
}

/** Stripe wants to know more of the builder; until it does they get nothing. */
export function restrict(stage: Stage): void {
  stage.stripe.restrict(marketOf(stage).account);
}

/** The builder answers Stripe's questions. */
export function answerStripe(stage: Stage): void {
  stage.stripe.completeOnboarding(marketOf(stage).account);
}

/** Stripe ends its business with the builder. */
export function reject(stage: Stage): void {
  stage.stripe.reject(marketOf(stage).account);
}

/** The builder takes the platform's access to their account away. */
export function disconnect(stage: Stage): void {
  stage.stripe.deauthorize(marketOf(stage).account);
}
