import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { choosers } from "../../../support/shipping/choosers.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false, environment: { TAX: "stripe" } });
cloud.stripe.setUpTax();
const people = shoppers(cloud);
const list = choosers(cloud);
const builder = await people.builder({
  terms: { from: "US", home: "8.00", world: "25.00" },
});

async function buy(dropId: string, country = "US") {
  const buyer = people.person();
  const asked = await people.buyNow(buyer, dropId);
  const answer = await list.choose(buyer, list.answerOf(asked), country);
  cloud.stripe.pay(people.sessionOf(answer));
  await cloud.settle();
  return { orderId: answer.interactionId, buyer };
}

const refundsOf = async (orderId: string) =>
  (await cloud.firestore.collection(`orders/${orderId}/refunds`).get()).docs.map((each) =>
    each.data(),
  );

describe("an order with tax", () => {
  test("adds the tax to items and shipping, and leaves it with the platform", async () => {
    const dropId = await people.drop(builder.id, { price: "100.00" });
    const { orderId, buyer } = await buy(dropId);
    const order = await people.order(orderId);
    const tax = Number(order["tax"]);
    expect(tax).toBeGreaterThan(0);
    expect(order).toMatchObject({
      amount: 10_000 + 800 + tax,
      shipping_amount: 800,
      fee: 500,
      transfer: { gross: 10_000 - 500 + 800 },
    });
    const receipt = JSON.stringify(cloud.discord.dms(buyer));
    for (const name of ["Items", "Shipping", "Tax"]) expect(receipt).toContain(`"name":"${name}"`);
  });

  test("is not changed by further deliveries of its payment", async () => {
    const { orderId } = await buy(await people.drop(builder.id, { price: "100.00" }));
    const paid = cloud.stripe.events().filter(({ type }) => type === "checkout.session.completed");
    for (const { id } of paid) await cloud.stripe.repeat(id);
    await cloud.settle();
    const order = await people.order(orderId);
    expect(order).toMatchObject({ fulfillment_status: "paid", shipping_amount: 800 });
    expect((await cloud.firestore.collection("dead_letters").get()).docs).toEqual([]);
  });

  test("goes back to the last cent when everything is refunded", async () => {
    const dropId = await people.drop(builder.id, { price: "33.33" });
    const { orderId } = await buy(dropId);
    const { amount } = await people.order(orderId);
    for (const part of ["7.77", "11.11", undefined]) {
      await people.command(builder.id, "c500 refund", {
        order: orderId,
        ...(part && { amount: part }),
      });
    }
    const order = await people.order(orderId);
    expect(order).toMatchObject({ refunded: amount, fulfillment_status: "refunded" });
    expect(order["transfer"]).toMatchObject({
      taken_back: (order["transfer"] as { gross: number }).gross,
    });
  });
});

describe("a refund of the shipping alone", () => {
  test("takes nothing from the items, and at most what the shipping was", async () => {
    const dropId = await people.drop(builder.id, { price: "100.00" });
    const { orderId } = await buy(dropId);
    const refund = (options: Record<string, string>) =>
      people.command(builder.id, "c500 refund", { order: orderId, of: "shipping", ...options });
    const tooMuch = await refund({ amount: "50.00" });
    expect(tooMuch.text).toContain("can still be refunded");
    await refund({});
    const order = await people.order(orderId);
    const [made] = await refundsOf(orderId);
    expect(made).toMatchObject({ state: "made", shipping_amount: made?.["amount"] });
    expect(Number(made?.["amount"])).toBeGreaterThanOrEqual(800);
    expect(order).toMatchObject({
      fulfillment_status: "paid",
      transfer: { gross: 9500 + 800, taken_back: 800 },
    });
  });
});
