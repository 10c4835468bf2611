import { beforeEach, describe, expect, test } from "@jest/globals";
import { holdNext } from "../../../support/calls/held-call.ts";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const ordersOf = async (dropId: string) =>
  (await cloud.firestore.collection("orders").where("drop_id", "==", dropId).get()).docs;
const statusOf = async (orderId: string) => (await people.order(orderId))["fulfillment_status"];

/** Each unit that is not free belongs to exactly one open order, and vice versa. */
async function expectBooksToAgree(dropId: string): Promise<void> {
  const units = await cloud.firestore.collection(`inventory/${dropId}/units`).get();
  const taken = units.docs
    .filter((unit) => unit.get("state") !== "free")
    .map((unit) => `${unit.get("order_id")} has ${unit.id}`);
  const live = (await ordersOf(dropId))
    .filter((order) =>
      ["reserved", "processing", "paid"].includes(String(order.get("fulfillment_status"))),
    )
    .map((order) => `${order.id} has ${order.get("unit")}`);
  expect(taken.sort()).toEqual(live.sort());
}

describe("Buy Now", () => {
  test("reserves a unit and answers with the Checkout link and a way to give the unit back", async () => {
    const dropId = await people.drop(builder.id, { title: "Brass weight" });
    const answer = await people.buyNow(people.person(), dropId);
    expect(answer.text).toMatch(
      /^\*\*Brass weight\*\* is reserved for you\. Pay now to secure it: the reservation ends <t:\d+:F> \(<t:\d+:R>\)/,
    );
    expect(answer.buttons.map(({ label }) => label)).toEqual(["Pay with Stripe", "Give it back"]);
    expect((await cloud.fetch(answer.buttons[0]?.url ?? "")).status).toBe(200);
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 1, sold: 0 });
    expect(await people.order(answer.interactionId)).toMatchObject({
      fulfillment_status: "reserved",
      amount: 1250,
      fee: 62,
      currency: "usd",
      plan: "split",
    });
  });

  test("pressed again returns the same link and reserves nothing more", async () => {
    const dropId = await people.drop(builder.id, { limit: 5 });
    const buyer = people.person();
    const first = await people.buyNow(buyer, dropId);
    const second = await people.buyNow(buyer, dropId);
    expect(people.sessionOf(second)).toBe(people.sessionOf(first));
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 1, sold: 0 });
  });

  test("pressed ten times at once by one buyer results in one order and one link", async () => {
    const dropId = await people.drop(builder.id, { quantity: "10" });
    const buyer = people.person();
    const presses = await Promise.all(
      Array.from({ length: 10 }, () => people.press(buyer, dropId)),
    );
    await cloud.settle();
    const pages = presses.map(({ id }) => people.sessionOf(people.readAnswer(id)));
    expect(new Set(pages).size).toBe(1);
    expect(await people.stock(dropId)).toEqual({ free: 9, reserved: 1, sold: 0 });
    await expectBooksToAgree(dropId);
  });

  test("delivered several times by Discord results in one order", async () => {
    const dropId = await people.drop(builder.id, { limit: 5 });
    const fault = { kind: "duplicate", copies: 4 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver press/, fault, times: 1 });
    await people.buyNow(people.person(), dropId);
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 1, sold: 0 });
    expect(await ordersOf(dropId)).toHaveLength(1);
  });

  test("sells one buyer no more than the limit, including what they paid for", async () => {
    const dropId = await people.drop(builder.id, { quantity: "5", limit: 2 });
    const buyer = people.person();
    await people.purchase(dropId, buyer);
    await people.purchase(dropId, buyer);
    const third = await people.buyNow(buyer, dropId);
    expect(third.text).toContain("You already have as many of these as one buyer may have.");
    expect(await people.stock(dropId)).toEqual({ free: 3, reserved: 0, sold: 2 });
  });

  test("is refused for the builder's own drop", async () => {
    const dropId = await people.drop(builder.id);
    expect((await people.buyNow(builder.id, dropId)).text).toContain("This is your own drop");
    expect(await people.stock(dropId)).toMatchObject({ free: 3 });
  });

  test("for a drop whose units are all taken says when to try again", async () => {
    const dropId = await people.drop(builder.id, { quantity: "1" });
    const [one, other] = [people.person(), people.person()];
    const presses = await Promise.all([people.press(one, dropId), people.press(other, dropId)]);
    await cloud.settle();
    const answers = presses.map(({ id }) => people.readAnswer(id).text);
    expect(answers.filter((text) => text.includes("is reserved for you"))).toHaveLength(1);
    expect(answers.filter((text) => text.includes("within half an hour"))).toHaveLength(1);
    await expectBooksToAgree(dropId);
  });

  test("waits until the builder can be paid, and then sells", async () => {
    const restricted = await people.builder();
    const dropId = await people.drop(restricted.id);
    const account = await people.accountOf(restricted.id);
    cloud.stripe.restrict(account);
    await cloud.settle();
    const refused = await people.buyNow(people.person(), dropId);
    expect(refused.text).toContain("This builder's payout account needs attention");
    expect(await people.stock(dropId)).toMatchObject({ free: 3, reserved: 0 });
    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    expect((await people.buyNow(people.person(), dropId)).text).toContain("is reserved for you");
  });

  test("for which Stripe cannot create a Checkout Session reserves nothing and says so", async () => {
    const other = await people.builder();
    const dropId = await people.drop(other.id);
    const operation = /POST \/v1\/checkout\/sessions/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 400 }, times: 1 });
    const buyer = people.person();
    expect((await people.buyNow(buyer, dropId)).text).toContain("nothing is reserved");
    expect(await people.stock(dropId)).toMatchObject({ free: 3, reserved: 0 });
    expect((await people.buyNow(buyer, dropId)).text).toContain("is reserved for you");
  });

  test("creates one Checkout Session even if Stripe's response was lost", async () => {
    const dropId = await people.drop(builder.id);
    const operation = /POST \/v1\/checkout\/sessions$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 1 });
    const { interactionId: orderId } = await people.buyNow(people.person(), dropId);
    expect(await statusOf(orderId)).toBe("reserved");
    await people.pass(40);
    const ended = cloud.stripe
      .events()
      .filter(({ type }) => type === "checkout.session.expired")
      .filter(({ data }) => JSON.stringify(data.object).includes(orderId));
    expect(ended).toHaveLength(1);
  });
});

describe("a crowd", () => {
  const CROWD = 500;

  test("pressed by 500 people at once sells exactly the ten units in stock; 490 are refused kindly", async () => {
    const dropId = await people.drop(builder.id, { quantity: "10" });
    const crowd = Array.from({ length: CROWD }, () => people.person());
    const presses = await Promise.all(crowd.map((user) => people.press(user, dropId)));
    await cloud.settle();
    // On a machine too slow for Discord's three seconds the answer arrives as a DM.
    const answers = presses.map(({ id, userId }) => {
      const { text } = people.readAnswer(id);
      return text || people.messagesTo(userId).join();
    });
    expect(answers.filter((text) => text.includes("is reserved for you"))).toHaveLength(10);
    expect(answers.filter((text) => text.startsWith("All units are sold"))).toHaveLength(490);
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 10, sold: 0 });
    expect(await ordersOf(dropId)).toHaveLength(10);
    await expectBooksToAgree(dropId);
  }, 90_000);
});

test("what delivery costs follows from the price at which the item is reserved", async () => {
  const terms = { from: "US", home: "8.00", "free-from": "30" };
  const { id } = await people.builder({ terms });
  const dropId = await people.drop(id, { price: "25" });
  const quote = holdNext(cloud, "firestore", /^RunQuery/);
  const asked = people.buyNow(people.person(), dropId);
  await quote.arrived;
  await cloud.firestore.doc(`inventory/${dropId}`).update({ price: 4000 });
  await quote.release();
  const { interactionId } = await asked;
  const order = await cloud.firestore.doc(`orders/${interactionId}`).get();
  expect(order.get("amount")).toBe(4000);
});
