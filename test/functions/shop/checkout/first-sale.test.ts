import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);

describe("from nothing to paid", () => {
  test("a builder registers, sells held, proves the work on stream and gets the money", async () => {
    const builder = await people.builder({ isLive: true });
    const dropId = await people.drop(builder.id, { payment: "held", price: "$120", quantity: "2" });
    const { orderId, buyer } = await people.purchase(dropId);
    expect(await people.order(orderId)).toMatchObject({
      fulfillment_status: "paid",
      hold: "held",
      amount: 12000,
      fee: 600,
    });
    expect(people.messagesTo(buyer).join()).toContain("Thank you!");
    expect(await people.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });

    await people.proveOnStream(builder.id, orderId);
    expect(await people.order(orderId)).toMatchObject({
      fulfillment_status: "building",
      hold: "released",
    });
    const { accounts } = cloud.stripe.balances();
    expect(accounts[await people.accountOf(builder.id)]).toEqual({ usd: 11400 });
  });
});
