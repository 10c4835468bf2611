import type { Timestamp } from "@google-cloud/firestore";
import { actors } from "../actors/actors.ts";
import { abroad, people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";
import type { PlayedDrop } from "./shop.ts";

const DAY_MS = 24 * 3_600_000;
const SHORTLY_MS = 60_000;

/** Plays payments, proof of work and release, and a partial refund. */
export async function playMoney(
  stage: Stage,
  timeline: Timeline,
  { purchases }: PlayedDrop,
): Promise<void> {
  const { stripe, discord, firestore } = stage;
  const act = actors(stage, timeline);
  const [first, second, third] = purchases;
  if (!first || !second || !third) throw new Error("The drop was not sold.");
  const mina = String(
    (await firestore.doc(`builders/${people.mina}`).get()).get("stripe_account_id"),
  );

  timeline.scene("They pay at Stripe: one card is declined first, one bank debit takes days");
  timeline.does(first.who, "pays by card");
  stripe.pay(first.sessionId, "card", abroad(first.who));
  timeline.does(second.who, "tries a card that is declined, then another");
  stripe.pay(second.sessionId, "declined", abroad(second.who));
  stripe.pay(second.sessionId, "card", abroad(second.who));
  timeline.does(third.who, "pays by bank debit");
  stripe.pay(third.sessionId, "bank-debit", abroad(third.who));
  await timeline.printEvents();
  timeline.expect(
    "the debit is pending, and nobody has been thanked yet",
    (await timeline.order(third.orderId)).fulfillment_status === "processing" &&
      !discord.dms(people[third.who]).some(({ content }) => content.includes("Thank you")),
  );
  timeline.does("Stripe", "reports that the bank has paid, three times");
  stripe.settleBankDebit(third.sessionId, "succeeded");
  const paid = stripe.events().findLast(({ type }) => type.startsWith("checkout.session.async"));
  if (paid) await Promise.all([stripe.repeat(paid.id), stripe.repeat(paid.id)]);
  await timeline.printEvents();
  const receipts = discord
    .dms(people[third.who])
    .filter(({ content }) => content.includes("Thank you"));
  timeline.expect("there is one receipt", receipts.length === 1);
  timeline.expect(
    "all three are paid, and the money is held",
    (await Promise.all(purchases.map(({ orderId }) => timeline.order(orderId)))).every(
      ({ fulfillment_status: status, hold }) => status === "paid" && hold === "held",
    ),
  );

  timeline.scene("Mina builds two of them on stream: their money is released");
  for (const { orderId } of [first, second]) {
    await act.types("mina", "c500 live", { context: "order", orders: orderId });
    await timeline.order(orderId);
  }
  timeline.expect(
    "she received $114.00 twice",
    stripe.balances().accounts[mina]?.["usd"] === 22_800,
  );

  timeline.scene("A scratch on the case: Mina refunds part of the price");
  const refund = await act.types("mina", "c500 refund", { order: first.orderId, amount: "20" });
  timeline.expect("she gets a confirmation", refund.text.includes("$20.00"));
  timeline.expect(
    "her share was reversed: $19.00",
    stripe.balances().accounts[mina]?.["usd"] === 20_900,
  );
}

/** Plays a dispute, the expiry of the time for proof, and what the builder sees then. */
export async function playDisputes(
  stage: Stage,
  timeline: Timeline,
  { purchases }: PlayedDrop,
): Promise<void> {
  const { stripe, cloud, firestore, discord } = stage;
  const act = actors(stage, timeline);
  const [, second, third] = purchases;
  if (!second || !third) throw new Error("The drop was not sold.");

  timeline.scene("A bank contests a payment");
  const order = await firestore.doc(`orders/${second.orderId}`).get();
  const dispute = stripe.openDispute(String(order.get("charge_id"))) as { id: string };
  await timeline.printEvents();
  timeline.does("Stripe", "reports that the bank decided for the buyer");
  stripe.closeDispute(dispute.id, "lost");
  await timeline.printEvents();
  timeline.expect(
    "the order is charged back",
    (await timeline.order(second.orderId)).fulfillment_status === "charged_back",
  );

  timeline.scene("Nobody builds the third within 14 days");
  const { held_until: heldUntil } = await timeline.order(third.orderId);
  const endMs = (heldUntil as Timestamp).toMillis();
  // Stops at each deadline so that its work finishes before the clock moves on.
  for (const dueMs of [endMs - 3 * DAY_MS, endMs - DAY_MS, endMs]) {
    // The order's tasks do everything here; the scheduled sweeps of all these days would only take
    // time.
    cloud.scheduler.pause();
    await cloud.clock.advance(dueMs - SHORTLY_MS - cloud.clock.nowMs());
    cloud.scheduler.resume();
    await cloud.settle();
    await cloud.clock.advance(2 * SHORTLY_MS);
    await cloud.settle();
  }
  await timeline.printEvents();
  timeline.expect(
    "the buyer got a full refund",
    (await timeline.order(third.orderId)).fulfillment_status === "refunded",
  );
  const warnings = discord
    .dms(people[third.who])
    .filter(({ content }) => content.includes("hasn't been on stream"));
  timeline.expect("both sides were warned twice", warnings.length === 2);

  timeline.scene("What Mina sees");
  await act.types("mina", "c500 profile");
}
