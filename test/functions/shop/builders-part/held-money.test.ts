import { beforeEach, describe, expect, test } from "@jest/globals";
import { orderReleaseRequested } from "../../../../functions/shop/events/order-release-requested.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { heldSales } from "./held-sales.ts";

const DAY_MINUTES = 24 * 60;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { refundsOf, warnings, endIn, dueTask } = heldSales(cloud, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const transfersOf = ({ chargeId }: Sale) =>
  books
    .happened("transfer.created")
    .filter((transfer) => transfer["source_transaction"] === chargeId);

describe("held money is released on the proof of work", () => {
  test.each([
    ["0.99", 99 - 4],
    ["10.01", 1001 - 50],
    ["33.33", 3333 - 166],
    ["19.99", 1999 - 99],
  ])("of $%s the builder receives the exact cents, out of that charge", async (price, share) => {
    const sale = await books.sale("held", { price });
    expect(books.has(sale)).toBe(0);
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(transfersOf(sale)).toEqual([
      expect.objectContaining({
        amount: share,
        currency: "usd",
        destination: sale.account,
        transfer_group: sale.orderId,
      }),
    ]);
    expect(books.has(sale)).toBe(share);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(books.timesNotified(sale.builder, "is on the way to your account")).toBe(1);
  });

  test("once, however often it is requested and whatever responses are lost", async () => {
    const sale = await books.sale("held");
    const copies = { kind: "duplicate", copies: 5 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-release/, fault: copies });
    const operation = /^POST \/v1\/transfers/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 3 });
    await people.proveOnStream(sale.builder, sale.orderId);
    await cloud.eventually(async () => (await people.order(sale.orderId))["hold"] === "released");
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.pass(10);
    expect(transfersOf(sale)).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
    expect(books.timesNotified(sale.builder, "is on the way to your account")).toBe(1);
  });

  test("and a request for an order that is unpaid or unknown does nothing", async () => {
    const { id: builder } = await people.builder();
    const { interactionId } = await people.buyNow(people.person(), await people.drop(builder));
    const before = cloud.logLines.length;
    for (const orderId of [interactionId, "1"]) {
      await cloud.publisher.publish(orderReleaseRequested, { id: `early.${orderId}`, orderId });
    }
    await cloud.settle();
    const runs = cloud.logLines
      .slice(before)
      .filter((line) => line.includes('"function":"order-release","event":"handled"'));
    expect(runs.map((line) => JSON.parse(line).outcome)).toEqual(["done", "done"]);
    expect(await people.order(interactionId)).toMatchObject({ fulfillment_status: "reserved" });
  });

  test("once, even if Stripe made it, did not answer and forgot its idempotency key", async () => {
    const sale = await books.sale("held");
    const create = { target: "stripe", operation: /^POST \/v1\/transfers/ } as const;
    cloud.faults.add({ ...create, fault: { kind: "lose-answer" } });
    const list = { target: "stripe", operation: /^GET \/v1\/transfers/ } as const;
    cloud.faults.add({ ...list, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...list, fault: { kind: "fail", code: 401 } });
    const pubsub = { target: "pubsub", operation: /^deliver order-release/ } as const;
    cloud.faults.add({ ...pubsub, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...pubsub, fault: { kind: "drop" } });
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "releasing" });
    await people.pass(2 * DAY_MINUTES);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "releasing" });
    cloud.faults.clear();
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(transfersOf(sale)).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
  });
});

describe("a proof before the account can receive money", () => {
  const operatorsRead = ({ builder }: Sale) =>
    books
      .staffReads()
      .filter((text) => text.includes("can't be paid") && text.includes(`<@${builder}>`));

  test("is reported, and the money follows once when the account is ready", async () => {
    const sale = await books.sale("held");
    cloud.stripe.restrict(sale.account, "external_account");
    await cloud.settle();
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(await people.order(sale.orderId)).toMatchObject({
      hold: "held",
      fulfillment_status: "building",
    });
    expect(books.timesNotified(sale.builder, "I can't pay you yet")).toBe(1);
    expect(operatorsRead(sale)).toEqual([expect.stringContaining("at Stripe is restricted")]);
    expect(transfersOf(sale)).toEqual([]);

    cloud.stripe.completeOnboarding(sale.account);
    await cloud.settle();
    await books.repeat("account.updated", sale.account);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(transfersOf(sale)).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
  });

  test("is reported once if there is no account", async () => {
    const sale = await books.sale("held");
    await cloud.firestore
      .doc(`builders/${sale.builder}`)
      .update({ stripe_account_id: null, stripe_account_state: null });
    await people.proveOnStream(sale.builder, sale.orderId);
    await books.nextSweep();
    expect(books.timesNotified(sale.builder, "I can't pay you yet")).toBe(1);
    expect(operatorsRead(sale)).toEqual([expect.stringContaining("account is missing")]);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held" });
  });

  test("is reported to the operators once for each time the account stops working", async () => {
    const sale = await books.sale("held");
    const second = await people.purchase(sale.dropId);
    const third = await people.purchase(await people.drop(sale.builder, { payment: "held" }));
    for (const incident of [1, 2]) {
      cloud.stripe.restrict(sale.account, "external_account");
      await cloud.settle();
      const proved = incident === 1 ? [sale, second] : [third];
      for (const { orderId } of proved) await people.proveOnStream(sale.builder, orderId);
      await books.nextSweep();
      expect(operatorsRead(sale)).toHaveLength(incident);
      cloud.stripe.completeOnboarding(sale.account);
      await cloud.settle();
    }
    expect(books.timesNotified(sale.builder, "I can't pay you yet")).toBe(3);
  });

  test("is in time: no warning is sent and no refund is made", async () => {
    const sale = await books.sale("held");
    cloud.stripe.restrict(sale.account, "external_account");
    await cloud.settle();
    await people.proveOnStream(sale.builder, sale.orderId);
    await endIn(sale.orderId, 60);
    expect(await dueTask(sale.orderId)).toBe(204);
    await endIn(sale.orderId, -60);
    expect(await dueTask(sale.orderId)).toBe(204);
    await books.nextSweep();
    expect(refundsOf(sale)).toEqual([]);
    expect(warnings(sale)).toEqual([0, 0]);
    cloud.stripe.completeOnboarding(sale.account);
    await cloud.settle();
    expect(books.has(sale)).toBe(3167);
  });
});

describe("held money that is earned while a refund of a part is under way", () => {
  test("is released as soon as Stripe has made the refund, however long that takes", async () => {
    const sale = await books.sale("held");
    const fault = { kind: "drop" } as const;
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/refunds/, fault });
    const refund = people.command(sale.builder, "c500 refund", {
      order: sale.orderId,
      amount: "10.00",
    });
    await cloud.clock.advance(5000);
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.pass(5 * 60);
    await refund;
    expect([refundsOf(sale), transfersOf(sale)]).toEqual([[], []]);
    expect((await books.deadLetters()).filter((why) => /release/i.test(why))).toEqual([]);
    cloud.faults.clear();
    await books.nextSweep();
    expect(refundsOf(sale)).toHaveLength(1);
    expect(transfersOf(sale).map(({ amount }) => amount)).toEqual([2216]);
  });
});
