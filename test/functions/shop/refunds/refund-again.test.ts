import { beforeEach, describe, expect, test } from "@jest/globals";
import { holdNext } from "../../../support/calls/held-call.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const SECOND_MS = 1000;

let sale: Sale;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const books = sales(cloud, people);
beforeEach(async () => {
  sale = await books.sale("split");
});

const refund = (amount: string) =>
  people.command(sale.builder, "c500 refund", { order: sale.orderId, amount });
const refunded = () =>
  books
    .happened("refund.created")
    .filter(({ charge }) => charge === sale.chargeId)
    .map(({ amount }) => amount);
const delayNext = (seconds: number) =>
  cloud.faults.add({
    target: "pubsub",
    operation: /^deliver shop$/,
    times: 1,
    fault: { kind: "delay", ms: seconds * SECOND_MS },
  });
const pass = async (seconds: number) => {
  await cloud.clock.advance(seconds * SECOND_MS);
  await cloud.settle();
};
const readOf = ({ interactionId }: { interactionId: string }) =>
  people.readAnswer(interactionId).text;

describe("a partial refund that is typed again because the first command is late", () => {
  test("is made once if the first arrives after the second", async () => {
    delayNext(55);
    const first = await refund("10.00");
    await pass(40);
    expect((await refund("10.00")).text).toContain("Done");
    await pass(15);
    expect(readOf(first)).toContain("Only the newer command counts");
    expect(refunded()).toEqual([1000]);
  });

  test("is made once if the second is typed after the first was done", async () => {
    delayNext(58);
    const first = await refund("10.00");
    await pass(58);
    expect(readOf(first)).toContain("Done");
    await pass(7);
    expect((await refund("10.00")).text).toContain("refunded just now");
    expect(refunded()).toEqual([1000]);
  });

  test("is made again after two minutes", async () => {
    await refund("10.00");
    await pass(121);
    expect((await refund("10.00")).text).toContain("Done");
    expect(refunded()).toEqual([1000, 1000]);
  });

  test("can be typed again at once if Stripe refused it", async () => {
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/refunds/,
      times: 1,
      fault: { kind: "fail", code: 400 },
    });
    expect((await refund("10.00")).text).toContain("Stripe refused");
    expect((await refund("10.00")).text).toContain("Done");
    expect(refunded()).toEqual([1000]);
  });
});

test("an instance that pauses between its checks and the decision refunds nothing", async () => {
  delayNext(55);
  const late = await refund("10.00");
  const read = holdNext(cloud, "firestore", /^BatchGetDocuments/);
  await cloud.clock.advance(55 * SECOND_MS);
  await read.arrived;
  await read.release();
  await cloud.settle();
  expect(readOf(late)).toContain("took too long to reach me");
  expect(refunded()).toEqual([]);
});
