import { beforeEach, describe, expect, test } from "@jest/globals";
import { createReservations } from "../../../../functions/shop/store/reservations.ts";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type Answer, type DropFields, shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const dropOf = (fields: DropFields) => people.drop(builder.id, fields);

/** Presses Buy Now and returns the question how many. */
async function ask(buyer: string, dropId: string): Promise<Answer> {
  const { id } = await people.press(buyer, dropId);
  await cloud.settle();
  return people.readAnswer(id);
}

async function choose(buyer: string, question: Answer, value: number): Promise<Answer> {
  const { id } = await people.choose(buyer, question, String(value));
  await cloud.settle();
  return people.readAnswer(id);
}

/** The numbers of all units of a stored order. */
const unitsIn = (order: Record<string, unknown>) => [
  Number(order["unit"]),
  ...((order["more_units"] ?? []) as readonly number[]),
];

const offered = ({ select }: Answer) => select?.options.map(({ value }) => Number(value));
const upTo = (most: number) => Array.from({ length: most }, (_, index) => index + 1);

/** Each unit that is not free is one of exactly one open order, and vice versa. */
async function expectBooksToAgree(dropId: string): Promise<void> {
  const units = await cloud.firestore.collection(`inventory/${dropId}/units`).get();
  const taken = units.docs
    .filter((unit) => unit.get("state") !== "free")
    .map((unit) => `${unit.get("order_id")} has ${unit.id}`);
  const orders = await cloud.firestore.collection("orders").where("drop_id", "==", dropId).get();
  const live = orders.docs
    .filter((order) =>
      ["reserved", "processing", "paid"].includes(String(order.get("fulfillment_status"))),
    )
    .flatMap((order) => unitsIn(order.data()).map((unit) => `${order.id} has ${unit}`));
  expect(taken.sort()).toEqual(live.sort());
}

/** Ends a reservation in the shop's books while its Checkout Session is still open. */
async function endTooEarly(orderId: string): Promise<void> {
  const reservations = createReservations(async () => cloud.firestore);
  expect(await reservations.giveBack(orderId, "expired", cloud.clock.now())).toBe(true);
}

describe("Buy Now asks how many", () => {
  test.each([
    ["the limit", { quantity: "5", limit: 3 }, 3],
    ["what is left", { quantity: "2", limit: 5 }, 2],
    ["ten", { quantity: "15", limit: 20 }, 10],
    ["what Stripe can charge at once", { quantity: "9", limit: 9, price: "90000" }, 5],
  ])(
    "up to %s, with what each number costs, and reserves nothing yet",
    async (_what, fields, most) => {
      const dropId = await dropOf(fields);
      const question = await ask(people.person(), dropId);
      expect(question.text).toContain("How many of **Brass weight** would you like?");
      expect(offered(question)).toEqual(upTo(most));
      const price = "price" in fields ? 90_000 : 12.5;
      const total = (2 * price).toLocaleString("en-US", { style: "currency", currency: "USD" });
      expect(question.select?.options[1]?.description).toBe(total);
      expect(await people.stock(dropId)).toMatchObject({ reserved: 0 });
    },
  );

  test.each([
    ["one buyer may have one", { quantity: "3" }],
    ["one is left", { quantity: "1", limit: 3 }],
  ])("not where %s: the press buys it", async (_what, fields) => {
    const dropId = await dropOf(fields);
    const answer = await ask(people.person(), dropId);
    expect(answer.select).toBeUndefined();
    expect(answer.text).toContain("**Brass weight** is reserved for you");
  });

  test("only for what the limit still allows, and sells no unit above it", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 4 });
    const buyer = people.person();
    await people.purchase(dropId, buyer, 1);
    expect(offered(await ask(buyer, dropId))).toEqual(upTo(3));
    await people.purchase(dropId, buyer, 2);
    const last = await ask(buyer, dropId);
    expect(last.text).toContain("**Brass weight** is reserved for you");
    cloud.stripe.pay(people.sessionOf(last));
    await cloud.settle();
    expect((await ask(buyer, dropId)).text).toContain("You already have as many of these");
    expect(await people.stock(dropId)).toEqual({ free: 5, reserved: 0, sold: 4 });
  });

  test("not while an order of the same buyer waits for its payment: its link is shown again", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 9 });
    const buyer = people.person();
    const first = await people.buyNow(buyer, dropId, 3);
    const again = await ask(buyer, dropId);
    expect(again.text).toContain("**3 × Brass weight** are reserved for you");
    expect(people.sessionOf(again)).toBe(people.sessionOf(first));
    expect(await people.stock(dropId)).toMatchObject({ reserved: 3 });
  });
});

describe("a choice of several units", () => {
  test("is one order with a line of that many at Stripe, and the fee on all of them", async () => {
    const dropId = await dropOf({ quantity: "5", limit: 3 });
    const answer = await people.buyNow(people.person(), dropId, 3);
    expect(answer.text).toContain(
      "**3 × Brass weight** are reserved for you. Pay now to secure them",
    );
    const order = await people.order(answer.interactionId);
    expect(order).toMatchObject({ amount: 3750, fee: 187 });
    expect(new Set(unitsIn(order)).size).toBe(3);
    const items = await stripeClient(cloud).checkout.sessions.listLineItems(
      people.sessionOf(answer),
    );
    expect(items.data).toMatchObject([
      { quantity: 3, amount_total: 3750, price: { unit_amount: 1250 } },
    ]);
    await expectBooksToAgree(dropId);
  });

  test("sells all of its units, and both sides read how many", async () => {
    const dropId = await dropOf({ quantity: "5", limit: 3 });
    const { orderId, buyer } = await people.purchase(dropId, people.person(), 2);
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "paid" });
    expect(await people.stock(dropId)).toEqual({ free: 3, reserved: 0, sold: 2 });
    expect(people.messagesTo(buyer).join()).toContain("**2 × Brass weight** are yours");
    expect(people.messagesTo(builder.id).join()).toContain("You sold **2 × Brass weight**");
    const { embeds } = await people.command(buyer, "c500 profile");
    expect(embeds).toContain("**2 × Brass weight**");
    await people.pass(1);
    expect(people.shown(dropId, "Units left")).toBe("3 of 5");
  });

  test("that is more than is left by then reserves nothing, says so and asks again", async () => {
    const dropId = await dropOf({ quantity: "5", limit: 5 });
    const buyer = people.person();
    const question = await ask(buyer, dropId);
    await people.purchase(dropId, people.person(), 3);
    const again = await choose(buyer, question, 4);
    expect(again.text).toContain("Only 2 are left for you now. How many of **Brass weight**");
    expect(offered(again)).toEqual([1, 2]);
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 3 });
    expect((await choose(buyer, again, 2)).text).toContain("**2 × Brass weight** are reserved");
    await expectBooksToAgree(dropId);
  });

  test("from an old list counts what its buyer has bought since, and ends at the limit", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 3 });
    const buyer = people.person();
    const question = await ask(buyer, dropId);
    for (const quantity of [2, 1]) {
      const answer = await choose(buyer, question, quantity);
      cloud.stripe.pay(people.sessionOf(answer));
      await cloud.settle();
      if (quantity === 2) expect(offered(await choose(buyer, question, 3))).toEqual([1]);
    }
    expect((await choose(buyer, question, 1)).text).toContain("You already have as many of these");
    expect(await people.stock(dropId)).toEqual({ free: 6, reserved: 0, sold: 3 });
  });

  test("made several times at once is one order", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 9 });
    const buyer = people.person();
    const question = await ask(buyer, dropId);
    const chosen = await Promise.all(
      ["2", "3", "3"].map((value) => people.choose(buyer, question, value)),
    );
    await cloud.settle();
    const links = chosen.map(({ id }) => people.sessionOf(people.readAnswer(id)));
    expect(new Set(links).size).toBe(1);
    await expectBooksToAgree(dropId);
  });

  test("that is delivered again buys nothing more", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 9 });
    const buyer = people.person();
    const question = await ask(buyer, dropId);
    const fault = { kind: "duplicate", copies: 4 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver/, fault, times: 1 });
    const first = await choose(buyer, question, 3);
    expect(first.text).toContain("**3 × Brass weight** are reserved");
    expect(await people.stock(dropId)).toEqual({ free: 6, reserved: 3, sold: 0 });
  });

  test("cannot be made by anyone but the one who was asked", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 9 });
    const question = await ask(people.person(), dropId);
    await expect(people.choose(people.person(), question, "2")).rejects.toThrow();
    expect(await people.stock(dropId)).toMatchObject({ free: 9 });
  });

  test("keeps the price of the moment it was made", async () => {
    const dropId = await dropOf({ quantity: "9", limit: 9, price: "10" });
    const buyer = people.person();
    const question = await ask(buyer, dropId);
    await people.command(builder.id, "c500 drops", { drop: dropId, price: "20" });
    const { interactionId } = await choose(buyer, question, 2);
    await people.command(builder.id, "c500 drops", { drop: dropId, price: "30" });
    expect(await people.order(interactionId)).toMatchObject({ amount: 4000 });
  });
});

test("nothing is oversold when everyone chooses several at the same moment", async () => {
  const dropId = await dropOf({ quantity: "20", limit: 10 });
  const buyers = Array.from({ length: 12 }, () => people.person());
  const questions = await Promise.all(
    buyers.map(async (buyer) => ({ buyer, id: (await people.press(buyer, dropId)).id })),
  );
  await cloud.settle();
  const chosen = await Promise.all(
    questions.map(({ buyer, id }, index) =>
      people.choose(buyer, people.readAnswer(id), String(1 + (index % 4))),
    ),
  );
  await cloud.settle();
  const answers = chosen.map(({ id }) => people.readAnswer(id).text);
  expect(answers.every((text) => /reserved for you|left for you|sold or reserved/.test(text))).toBe(
    true,
  );
  const { free, reserved } = await people.stock(dropId);
  expect(free).toBeLessThan(4);
  expect(free + reserved).toBe(20);
  await expectBooksToAgree(dropId);
});

describe("all units of an order", () => {
  test("go back together, whether it is given back or expires", async () => {
    const dropId = await dropOf({ quantity: "5", limit: 5 });
    const buyer = people.person();
    const first = await people.buyNow(buyer, dropId, 3);
    await people.giveBack(buyer, first.interactionId);
    expect(await people.stock(dropId)).toEqual({ free: 5, reserved: 0, sold: 0 });
    await people.pass(0.1);
    const second = await people.buyNow(buyer, dropId, 4);
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 4, sold: 0 });
    await people.pass(33);
    expect(await people.order(second.interactionId)).toMatchObject({
      fulfillment_status: "expired",
    });
    expect(await people.stock(dropId)).toEqual({ free: 5, reserved: 0, sold: 0 });
    expect(offered(await ask(buyer, dropId))).toEqual(upTo(5));
  });

  test("stay with the buyer after a partial refund, and are for sale again after all of it", async () => {
    const dropId = await dropOf({ quantity: "5", limit: 3 });
    const { orderId, buyer } = await people.purchase(dropId, people.person(), 3);
    const refund = (options: Record<string, string | boolean>) =>
      people.command(builder.id, "c500 refund", { order: orderId, ...options });
    await refund({ amount: "12.50", restock: true });
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 3 });
    expect((await ask(buyer, dropId)).text).toContain("You already have as many of these");
    await refund({ restock: true });
    expect(await people.order(orderId)).toMatchObject({ refunded: 3750 });
    expect(await people.stock(dropId)).toEqual({ free: 5, reserved: 0, sold: 0 });
    expect(offered(await ask(buyer, dropId))).toEqual(upTo(3));
  });

  test("are sold to a payment that comes late if as many are free", async () => {
    const dropId = await dropOf({ quantity: "6", limit: 3 });
    const { orderId: refunded } = await people.purchase(dropId, people.person(), 3);
    const answer = await people.buyNow(people.person(), dropId, 3);
    await endTooEarly(answer.interactionId);
    // The units that are free after this are none that were reserved before.
    await people.purchase(dropId, people.person(), 3);
    await people.command(builder.id, "c500 refund", { order: refunded, restock: true });
    cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    expect(await people.order(answer.interactionId)).toMatchObject({ fulfillment_status: "paid" });
    expect(await people.stock(dropId)).toEqual({ free: 0, reserved: 0, sold: 6 });
    await expectBooksToAgree(dropId);
  });

  test("are refunded to a payment that comes late if fewer are free, and none of those is taken", async () => {
    const dropId = await dropOf({ quantity: "5", limit: 3 });
    const buyer = people.person();
    const answer = await people.buyNow(buyer, dropId, 3);
    await endTooEarly(answer.interactionId);
    await people.purchase(dropId, people.person(), 3);
    cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    await people.pass(20);
    expect(await people.order(answer.interactionId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3750,
    });
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 3 });
    expect(people.messagesTo(buyer).join()).toContain("fewer units were left");
  });
});
