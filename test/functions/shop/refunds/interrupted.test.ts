import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let books: ReturnType<typeof sales>;

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  people = shoppers(cloud);
  books = sales(cloud, people);
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

const REFUSED = { kind: "fail", code: 400 } as const;
/** With a gRPC status that the client does not retry. https://grpc.io/docs/guides/status-codes/ */
const UNPUBLISHED = { kind: "fail", code: 7 } as const;

describe("work that is interrupted", () => {
  test("a refund that two concurrent deliveries make is made once", async () => {
    const sale = await books.sale("split");
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/refunds/,
      fault: { kind: "delay", ms: 3000 },
      times: 1,
    });
    cloud.faults.add({ target: "pubsub", fault: { kind: "duplicate", copies: 3 } });
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10" });
    await cloud.eventually(async () => (await people.order(sale.orderId))["refunded"] === 1000);
    await people.pass(30);
    const made = books.happened("refund.created").filter(({ charge }) => charge === sale.chargeId);
    expect(made).toHaveLength(1);
  });

  test("a transfer that Stripe refuses leaves the money held and refundable, and is made later", async () => {
    const sale = await books.sale("held");
    const operation = /^POST \/v1\/transfers/;
    cloud.faults.add({ target: "stripe", operation, fault: REFUSED });
    await people.proveOnStream(sale.builder, sale.orderId);
    await books.nextSweep();
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
    const alarms = books.staffReads().filter((text) => text.includes(sale.orderId));
    expect(alarms).toHaveLength(1);
    const refund = { order: sale.orderId, amount: "3.33" };
    expect((await people.command(sale.builder, "c500 refund", refund)).text).toContain("Done");
    cloud.faults.clear();
    await books.nextSweep();
    expect(books.has(sale)).toBe(Math.floor((3167 * 3000) / 3333));
    expect(books.timesNotified(sale.builder, "is proved:")).toBe(1);
  });

  test("held money that Stripe refuses to refund is refunded once Stripe accepts it", async () => {
    const sale = await books.sale("held");
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault: REFUSED });
    await people.pass(14 * 24 * 60 + 1);
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "ended", refunded: 0 });
    expect(books.timesNotified(sale.buyer, "wasn't built")).toBe(0);
    expect(books.staffReads().filter((text) => text.includes(sale.orderId))).toHaveLength(1);
    cloud.faults.clear();
    await books.nextSweep();
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "returned", refunded: 3333 });
    expect(books.timesNotified(sale.buyer, "wasn't built")).toBe(1);
  });

  test("a booked payment that could not be announced is announced later", async () => {
    const { id: builder } = await people.builder();
    const dropId = await people.drop(builder, { payment: "held" });
    const buyer = people.person();
    const answer = await people.buyNow(buyer, dropId);
    const operation = /^POST \/users/;
    cloud.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 500 } });
    cloud.stripe.pay(people.sessionOf(answer));
    await people.pass(180);
    expect(books.timesNotified(buyer, "Thank you!")).toBe(0);
    expect(await people.order(answer.interactionId)).toMatchObject({ is_settling: false });
    cloud.faults.clear();
    await people.pass(10);
    expect(await books.deadLetters()).toEqual([]);
    expect(books.timesNotified(buyer, "Thank you!")).toBe(1);
    expect(books.timesNotified(builder, "You sold")).toBe(1);
  });

  test("a builder is notified of a transfer even if the delivery that made it could not send the message", async () => {
    const sale = await books.sale("held");
    const operation = /^POST \/channels/;
    await people.command(sale.builder, "c500 profile");
    cloud.faults.add({
      target: "discord",
      operation,
      fault: { kind: "fail", code: 500 },
      times: 8,
    });
    await people.proveOnStream(sale.builder, sale.orderId);
    await cloud.eventually(() => books.timesNotified(sale.builder, "is proved:") > 0);
    await people.pass(60);
    expect(books.timesNotified(sale.builder, "is proved:")).toBe(1);
  });

  test.each([
    ["Stripe refuses it", "Stripe refused the refund", "Stripe refuses a refund"],
    ["their account has too little by then", "doesn't have enough available", "your decision"],
  ])(
    "a builder's refund that was to go on by itself, and is not made because %s, is reported to them",
    async (why, words, alarm) => {
      const sale = await books.sale("split");
      const isStripes = why === "Stripe refuses it";
      const operation = isStripes ? /^POST \/v1\/refunds/ : /^GET \/v1\/transfers/;
      cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
      await people.command(sale.builder, "c500 refund", { order: sale.orderId });
      await cloud.eventually(async () => books.timesNotified(sale.builder, "I go on with it") > 0);
      cloud.faults.clear();
      if (isStripes) cloud.faults.add({ target: "stripe", operation, fault: REFUSED });
      else cloud.stripe.payOut(sale.account);
      // The first run that finds this dies before it can notify anyone.
      const publish = { target: "pubsub", operation: /^Publish$/, fault: UNPUBLISHED } as const;
      const fault = cloud.faults.add(publish);
      await books.nextSweep();
      expect(books.timesNotified(sale.builder, words)).toBe(0);
      cloud.faults.remove(fault);
      await books.nextSweep();
      await books.nextSweep();
      expect(await people.order(sale.orderId)).toMatchObject({ refunded: 0, open_refunds: [] });
      expect(books.timesNotified(sale.builder, words)).toBe(1);
      const alarms = books.staffReads().filter((text) => text.includes(alarm));
      expect(alarms.filter((text) => text.includes(sale.orderId))).toHaveLength(1);
    },
  );
});
