import { expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({
  rateLimits: false,
  environment: { RELEASE_HELD_AFTER: "proof-and-shipped" },
});
const people = shoppers(cloud);

test("held money is released once the order was built on stream and shipped", async () => {
  const builder = await people.builder({ isLive: true });
  const dropId = await people.drop(builder.id, { payment: "held" });
  const { orderId } = await people.purchase(dropId);
  const early = await people.command(builder.id, "c500 ship", { order: orderId });
  expect(early.text).toContain("held until you build it on stream");
  await people.proveOnStream(builder.id, orderId);
  expect(await people.order(orderId)).toMatchObject({
    fulfillment_status: "building",
    hold: "held",
  });
  await people.command(builder.id, "c500 ship", { order: orderId, anyway: true });
  expect(await people.order(orderId)).toMatchObject({
    fulfillment_status: "shipped",
    hold: "released",
  });
});
