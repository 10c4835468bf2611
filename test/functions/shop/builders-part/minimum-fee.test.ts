import { expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ environment: { PLATFORM_MIN_FEE: "100" } });
const people = shoppers(cloud);
const builder = await people.builder();

test.each([
  [1, 100],
  [2, 100],
  [3, 150],
])(
  "a sale of %i units costs the minimum fee once, or the rate of all if that is more",
  async (quantity, fee) => {
    const dropId = await people.drop(builder.id, { price: "10", quantity: "9", limit: 3 });
    const { interactionId } = await people.buyNow(people.person(), dropId, quantity);
    expect(await people.order(interactionId)).toMatchObject({ amount: quantity * 1000, fee });
  },
);
