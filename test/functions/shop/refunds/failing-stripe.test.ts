import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { refundCommand, shareOf } from "./refund-command.ts";

const REFUNDS = /^POST \/v1\/refunds/;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { refund, refundsOf, debtsOf } = refundCommand(cloud, people, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

describe("Stripe failures during a refund", () => {
  test.each([
    ["answers 500 once", { kind: "fail" as const, code: 500 }, 1],
    ["answers 500 many times", { kind: "fail" as const, code: 500 }, 5],
    ["answers 429", { kind: "fail" as const, code: 429, retryAfterMs: 0 }, 4],
    ["makes it and drops the connection, again and again", { kind: "lose-answer" as const }, 4],
    ["cannot be reached", { kind: "drop" as const }, 4],
  ])("that %s makes exactly one refund", async (_what, fault, times) => {
    const sale = await books.sale("split");
    cloud.faults.add({ target: "stripe", operation: REFUNDS, fault, times });
    const { interactionId } = await refund(sale, { amount: "10.01" });
    await cloud.eventually(async () => (await people.order(sale.orderId))["refunded"] === 1001);
    await people.pass(10);
    expect(refundsOf(sale)).toEqual([1001]);
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    expect(people.readAnswer(interactionId).text).toContain("Done: $10.01");
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
  });

  test("takes the builder's part back once, even if the connection is dropped afterwards", async () => {
    const sale = await books.sale("split");
    const operation = /reversals$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 4 });
    await refund(sale, { amount: "10.01" });
    await people.pass(30);
    expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    const part = 3167 - shareOf(3333 - 1001);
    expect(await debtsOf(sale)).toEqual([{ amount: part, settled: part }]);
  });

  test.each([0, 1, 2, 3])(
    "or an instance that crashes after a commit makes one refund (commit %i)",
    async (skipped) => {
      const sale = await books.sale("split");
      const commit = { target: "firestore", operation: /^Commit/ } as const;
      const nothing = { kind: "delay", ms: 0 } as const;
      if (skipped > 0) cloud.faults.add({ ...commit, fault: nothing, times: skipped });
      cloud.faults.add({ ...commit, fault: { kind: "lose-answer" }, times: 1 });
      await refund(sale, { amount: "10.01" });
      await people.pass(20);
      expect(refundsOf(sale)).toEqual([1001]);
      expect(await people.order(sale.orderId)).toMatchObject({
        refunded: 1001,
        refund_requested: 1001,
      });
      expect(books.has(sale)).toBe(shareOf(3333 - 1001));
    },
  );

  test("a command that Pub/Sub delivers many times makes one refund", async () => {
    const sale = await books.sale("split");
    const copies = { kind: "duplicate", copies: 4 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver shop/, fault: copies });
    await refund(sale, { amount: "10.01" });
    await people.pass(5);
    expect(refundsOf(sale)).toEqual([1001]);
    expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(1);
  });
});
