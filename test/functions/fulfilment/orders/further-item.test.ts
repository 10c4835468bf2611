import { expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await people.builder({
  isLive: true,
  terms: { from: "US", home: "8.00", further: "2.00", "bundle-hours": 24 },
});

/** Somebody has paid for one thing and reserved a second one, which ships together with it. */
async function buyAndReserve() {
  const dropId = await people.drop(builder.id, { limit: 2 });
  const first = await post.buy(dropId);
  const second = await people.buyNow(first.buyer, dropId);
  const pay = async (entry: Parameters<typeof cloud.stripe.pay>[2] = {}) => {
    cloud.stripe.pay(people.sessionOf(second), "card", entry);
    await cloud.settle();
  };
  return { first: first.orderId, second: second.interactionId, buyer: first.buyer, pay };
}

test("an order keeps the price of a further item when the first is cancelled before it is paid", async () => {
  const { first, second, pay } = await buyAndReserve();
  await people.command(builder.id, "c500 refund", { order: first });
  await pay();
  expect(await people.order(second)).toMatchObject({ shipping_amount: 200, parcel_id: second });
  expect(await post.parcel(first)).toMatchObject({ state: "canceled" });
  expect(await post.parcel(second)).toMatchObject({ state: "open", is_price_wrong: false });
});

test("an order keeps the price of a further item when the first is cancelled after it is paid", async () => {
  const { first, second, buyer, pay } = await buyAndReserve();
  await pay();
  await people.command(buyer, "c500 cancel", { order: first });
  const question = post.dms(builder.id).findLast((text) => text.includes("would like to cancel"));
  expect(question).toContain("for the shipping that was paid for it");
  await post.press(builder.id, `cancel-accept:${first}`);
  expect(await people.order(first)).toMatchObject({ refunded: 2050 });
  expect(await people.order(second)).toMatchObject({ shipping_amount: 200, refunded: 0 });
  expect(await post.parcel(first)).toMatchObject({ state: "open", is_price_wrong: false });
});

test("the price of a further item holds for one address, also when its parcel is gone", async () => {
  const { first, second, pay } = await buyAndReserve();
  await people.command(builder.id, "c500 refund", { order: first });
  const address = { line1: "Far away 1", line2: null, city: "Nome", state: "AK" };
  await pay({
    shipping: { name: "Win", address: { ...address, country: "US", postal_code: "99762" } },
  });
  expect(await post.parcel(second)).toMatchObject({ state: "open", is_price_wrong: true });
});
