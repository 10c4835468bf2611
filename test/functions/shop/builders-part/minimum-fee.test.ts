import { describe, expect, test } from "@jest/globals";
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

describe("a sale whose price is the fee", () => {
  const notices = () => people.messagesTo(builder.id).filter((text) => text.includes("You sold"));

  test.each([
    ["split", /nothing of it is left for you\. Time to ship!/],
    [
      "held",
      /nothing of it is left for you\. Build it on stream with .*; otherwise the money goes/,
    ],
  ] as const)(
    "is announced to its builder without an amount on the way (%s)",
    async (payment, words) => {
      await people.purchase(await people.drop(builder.id, { price: "0.99", payment }));
      const notice = notices().at(-1) ?? "";
      expect(notice).toMatch(words);
      expect(notice).not.toContain("$0.00");
    },
  );
});
