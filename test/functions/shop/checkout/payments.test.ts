import { beforeEach, describe, expect, test } from "@jest/globals";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const DAY_MINUTES = 24 * 60;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const builder = (await people.builder()).id;
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

/** A Checkout Session that a new buyer can pay. */
async function openPage(quantity = "2") {
  const dropId = await people.drop(builder, { price: "12.50", quantity });
  const buyer = people.person();
  const answer = await people.buyNow(buyer, dropId);
  const orderId = answer.interactionId;
  const sessionId = people.sessionOf(answer);
  const status = async () => (await people.order(orderId))["fulfillment_status"];
  const soldNotices = () => books.timesNotified(builder, `<@${buyer}>`);
  return { dropId, buyer, orderId, sessionId, status, soldNotices };
}

/** A signed event with arbitrary contents about a session. */
function eventOf(session: object) {
  return {
    id: "evt_by_hand",
    object: "event",
    type: "checkout.session.completed",
    created: Math.floor(cloud.clock.nowMs() / 1000),
    livemode: false,
    data: { object: session },
  };
}

function sendByHand(session: object) {
  const [secret = ""] = (cloud.settings.STRIPE_WEBHOOK_SECRETS ?? "").split(",");
  return cloud.stripe.send(cloud.url("stripe-webhook"), eventOf(session), { secret });
}

describe("an order is paid only when Stripe's API says so", () => {
  test("an event's contents do not count: the session is read from Stripe", async () => {
    const { sessionId, orderId, status, buyer } = await openPage();
    const said = { id: sessionId, status: "complete", payment_status: "paid" };
    const { status: answer } = await sendByHand({ ...said, metadata: { order_id: orderId } });
    expect(answer).toBe(204);
    await cloud.settle();
    expect(await status()).toBe("reserved");
    expect(people.messagesTo(buyer)).toEqual([]);
  });

  test("a declined card leaves the unit reserved, and another card can pay", async () => {
    const { sessionId, status, dropId } = await openPage();
    cloud.stripe.pay(sessionId, "declined");
    await cloud.settle();
    expect(await status()).toBe("reserved");
    cloud.stripe.pay(sessionId);
    await cloud.settle();
    expect(await status()).toBe("paid");
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
  });

  test("a payment of a different amount is not booked, and is reported to the operators", async () => {
    const { sessionId, orderId, status } = await openPage();
    await cloud.firestore.doc(`orders/${orderId}`).update({ amount: 99_900 });
    cloud.stripe.pay(sessionId);
    await cloud.settle();
    expect(await status()).toBe("reserved");
    const reason = `Order ${orderId} was paid with another amount than it asked for.`;
    expect(await books.deadLetters()).toContainEqual(expect.stringContaining(reason));
    expect(books.staffReads().join()).toContain(reason);
    await cloud.firestore.doc(`orders/${orderId}`).update({ amount: 1250 });
  });
});

describe("a bank debit", () => {
  test("keeps the unit for days while the bank processes it, and is paid when the bank confirms", async () => {
    const { sessionId, status, dropId, buyer, soldNotices } = await openPage();
    cloud.stripe.pay(sessionId, "bank-debit");
    await cloud.settle();
    expect(await status()).toBe("processing");
    expect(books.timesNotified(buyer, "Your bank is processing the payment")).toBe(1);
    await people.pass(2 * DAY_MINUTES);
    expect(await status()).toBe("processing");
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 1, sold: 0 });
    expect(books.timesNotified(buyer, "Receipt") + soldNotices()).toBe(0);

    cloud.stripe.settleBankDebit(sessionId, "succeeded");
    await cloud.settle();
    expect(await status()).toBe("paid");
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
    expect([books.timesNotified(buyer, "Receipt"), soldNotices()]).toEqual([1, 1]);
  });

  test("that fails later frees the unit and notifies the buyer, who may buy again", async () => {
    const { sessionId, status, dropId, buyer, orderId, soldNotices } = await openPage("1");
    cloud.stripe.pay(sessionId, "bank-debit");
    await people.pass(60);
    cloud.stripe.settleBankDebit(sessionId, "failed");
    await cloud.settle();
    expect(await status()).toBe("cancelled");
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 0 });
    expect(books.timesNotified(buyer, "Your bank refused the payment")).toBe(1);
    expect(soldNotices()).toBe(0);

    await books.repeat("checkout.session.completed", sessionId);
    await books.repeat("checkout.session.async_payment_failed", sessionId);
    expect(await status()).toBe("cancelled");
    expect(books.timesNotified(buyer, "Your bank refused the payment")).toBe(1);
    await people.pass(1);
    const again = await people.purchase(dropId, buyer);
    expect(again.orderId).not.toBe(orderId);
    expect(await people.order(again.orderId)).toMatchObject({ fulfillment_status: "paid" });
  });

  test("is paid at once when the bank's answer arrives before the event of the debit", async () => {
    const { sessionId, status, buyer } = await openPage();
    const operation = /^deliver checkout\.session\.completed/;
    const fault = { kind: "delay", ms: 3_600_000 } as const;
    cloud.faults.add({ target: "stripe", operation, fault });
    cloud.stripe.pay(sessionId, "bank-debit");
    cloud.stripe.settleBankDebit(sessionId, "succeeded");
    await cloud.settle();
    expect(await status()).toBe("paid");
    await people.pass(90);
    expect(await status()).toBe("paid");
    expect(books.timesNotified(buyer, "Your bank is processing")).toBe(0);
    expect(books.timesNotified(buyer, "Receipt")).toBe(1);
  });
});

describe("faulty deliveries lead to the same state", () => {
  const deliver = /^deliver (checkout|order-payment)/;

  test.each([
    ["many copies at once", { kind: "duplicate", copies: 3 } as const, 99],
    ["the wrong order", { kind: "reorder" } as const, 99],
    ["lost answers", { kind: "lose-answer" } as const, 2],
    ["lost deliveries", { kind: "drop" } as const, 2],
  ])("%s", async (_what, fault, times) => {
    const { sessionId, status, dropId, buyer, soldNotices, orderId } = await openPage();
    cloud.faults.add({ target: "stripe", operation: deliver, fault, times });
    cloud.faults.add({ target: "pubsub", operation: deliver, fault, times });
    cloud.stripe.pay(sessionId);
    await cloud.eventually(async () => (await status()) === "paid");
    await people.pass(10);
    const after = await people.order(orderId);
    await books.repeat("checkout.session.completed", sessionId);
    expect(await people.order(orderId)).toEqual(after);
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
    expect([books.timesNotified(buyer, "Receipt"), soldNotices()]).toEqual([1, 1]);
  });

  test("a session of an unknown order is stored and reported once to the operators' channel", async () => {
    const client = stripeClient(cloud);
    const price_data = { currency: "usd", unit_amount: 900, product_data: { name: "Other" } };
    const session = await client.checkout.sessions.create({
      mode: "payment",
      line_items: [{ price_data, quantity: 1 }],
      metadata: { order_id: "nobody-knows" },
      success_url: "https://example.com",
    });
    cloud.stripe.pay(session.id);
    await cloud.settle();
    const reason = `Checkout Session ${session.id} belongs to no order we know.`;
    expect(await books.deadLetters()).toContainEqual(expect.stringContaining(reason));
    expect(books.staffReads().filter((text) => text.includes(reason))).toHaveLength(1);
  });
});

describe("an instance that crashes at any step of booking a payment", () => {
  /** A fault that affects only the call after `skipped` others. */
  function strikeAfter(skipped: number, target: "firestore" | "stripe" | "discord") {
    const operation = { firestore: /^Commit/, stripe: /^GET/, discord: /^POST .*messages$/ }[
      target
    ];
    const nothing = { kind: "delay", ms: 0 } as const;
    if (skipped > 0) cloud.faults.add({ target, operation, fault: nothing, times: skipped });
    cloud.faults.add({ target, operation, fault: { kind: "lose-answer" }, times: 1 });
  }

  test.each([
    ["firestore", 0],
    ["firestore", 1],
    ["firestore", 2],
    ["stripe", 0],
    ["discord", 0],
    ["discord", 1],
  ] as const)(
    "has booked it once and notified each side once (%s, call %i)",
    async (target, skipped) => {
      const { sessionId, status, dropId, buyer, soldNotices } = await openPage();
      strikeAfter(skipped, target);
      cloud.stripe.pay(sessionId);
      await cloud.eventually(async () => (await status()) === "paid" && soldNotices() > 0);
      await people.pass(10);
      expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
      expect([books.timesNotified(buyer, "Receipt"), soldNotices()]).toEqual([1, 1]);
      expect(await books.deadLetters()).not.toContainEqual(expect.stringContaining("attempts"));
    },
  );
});

test("a buyer who accepts no DMs has paid all the same, and the builder is notified of the sale", async () => {
  const dropId = await people.drop(builder);
  const buyer = people.person({ dmsClosed: true });
  const { orderId } = await people.purchase(dropId, buyer);
  expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "paid" });
  expect(books.timesNotified(builder, `<@${buyer}>`)).toBe(1);
});
