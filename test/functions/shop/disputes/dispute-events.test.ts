import { beforeEach, describe, expect, test } from "@jest/globals";
import { holdNext } from "../../../support/calls/held-call.ts";
import { useCloud } from "../../../support/cloud.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { bankDisputes } from "./bank-disputes.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { dispute, decide, noticesOf } = bankDisputes(cloud, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

describe("dispute events out of order", () => {
  test("an end that arrives before the opening: the opening does not reopen the dispute", async () => {
    const sale = await books.sale("held");
    const late = { kind: "delay", ms: 3_600_000 } as const;
    const operation = /^deliver charge\.dispute\.(created|funds_withdrawn)/;
    cloud.faults.add({ target: "stripe", operation, fault: late });
    const { id } = cloud.stripe.openDispute(sale.chargeId);
    await decide(id, "won");
    const decided = { disputes: [expect.objectContaining({ id, outcome: "won" })] };
    expect(await people.order(sale.orderId)).toMatchObject(decided);
    await people.pass(90);
    expect(await people.order(sale.orderId)).toMatchObject(decided);
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(books.has(sale)).toBe(3167);
    expect(noticesOf(id)).toHaveLength(1);
  });

  test("a dispute that arrives before its payment: the payment is booked first, and the order is frozen", async () => {
    const { id: builder } = await people.builder({ isLive: true });
    const dropId = await people.drop(builder, { payment: "held", price: "33.33" });
    const answer = await people.buyNow(people.person(), dropId);
    const late = { kind: "delay", ms: 7_200_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: late });
    cloud.stripe.pay(people.sessionOf(answer));
    const [charge] = books.happened("charge.succeeded").slice(-1);
    const { id } = cloud.stripe.openDispute(String(charge?.["id"]));
    await cloud.settle();
    await people.proveOnStream(builder, answer.interactionId);
    expect(await people.order(answer.interactionId)).toMatchObject({
      fulfillment_status: "building",
      hold: "held",
      disputes: [{ id, outcome: "open" }],
    });
    cloud.faults.clear();
    await people.pass(130);
    await decide(id, "won");
    expect(await people.order(answer.interactionId)).toMatchObject({ hold: "released" });
  });

  test.each(["won", "lost"] as const)(
    "a run that read the dispute before it was %s and stalls does not reopen it",
    async (outcome) => {
      const sale = await books.sale("split");
      const later = { kind: "delay", ms: 3_600_000 } as const;
      const others = /^deliver charge\.dispute\.funds/;
      cloud.faults.add({ target: "stripe", operation: others, fault: later });
      const first = holdNext(cloud, "stripe", /^GET .v1.payment_intents/);
      const { id } = cloud.stripe.openDispute(sale.chargeId, { amount: 1000 });
      await first.arrived;
      const slow = { kind: "delay", ms: 15_000 } as const;
      const operation = /^POST .v1.transfers.*reversals/;
      cloud.faults.add({ target: "stripe", operation, fault: slow, times: 1 });
      cloud.stripe.closeDispute(id, outcome);
      await cloud.settle();
      await first.release();
      await cloud.clock.advance(10_000);
      await cloud.settle();
      const disputes = [expect.objectContaining({ id, outcome, is_booked: outcome === "lost" })];
      expect(await people.order(sale.orderId)).toMatchObject({ disputes });
      expect(
        books
          .happened("transfer.reversed")
          .filter((each) => each["source_transaction"] === sale.chargeId),
      ).toHaveLength(outcome === "lost" ? 1 : 0);
    },
  );

  test("for a payment that is not the shop's are stored for the operators", async () => {
    const sale = await books.sale("split");
    await cloud.firestore.doc(`orders/${sale.orderId}`).delete();
    const id = await dispute(sale);
    expect(await books.deadLetters()).toContainEqual(
      expect.stringContaining(`Dispute ${id} belongs`),
    );
  });
});
