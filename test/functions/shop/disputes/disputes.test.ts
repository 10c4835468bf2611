import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const DAY_MINUTES = 24 * 60;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

/** The buyer's bank disputes the payment; returns the dispute's id. */
async function dispute({ chargeId }: Sale): Promise<string> {
  const { id } = cloud.stripe.openDispute(chargeId);
  await cloud.settle();
  return id;
}

async function decide(disputeId: string, outcome: "won" | "lost"): Promise<void> {
  await cloud.clock.advance(5000);
  cloud.stripe.closeDispute(disputeId, outcome);
  await cloud.settle();
}

const noticesOf = (disputeId: string) =>
  books.staffReads().filter((text) => text.includes(disputeId));
const debtsOf = async ({ builder }: Sale) => {
  const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
  const owed = docs.map((debt) => Number(debt.get("amount")) - Number(debt.get("settled")));
  return owed.filter((amount) => amount > 0);
};

describe("while a dispute is open", () => {
  test("no money of the order is released, even if it is proved", async () => {
    const sale = await books.sale("held");
    await dispute(sale);
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.pass(60);
    expect(books.has(sale)).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "building",
      hold: "held",
    });
  });

  test("staff are notified once of who, how much and why, with the stream and every message to the buyer", async () => {
    const sale = await books.sale("held");
    await people.proveOnStream(sale.builder, sale.orderId);
    const id = await dispute(sale);
    await books.repeat("charge.dispute.created", id);
    await books.repeat("charge.dispute.funds_withdrawn", id);
    const [notice = "", ...more] = noticesOf(id);
    expect(more).toEqual([]);
    expect(notice).toContain("Dispute open: $33.33");
    expect(notice).toContain("fraudulent");
    for (const user of [sale.buyer, sale.builder]) expect(notice).toContain(`<@${user}>`);
    expect(notice).toContain(sale.orderId);
    expect(notice).toMatch(/https:\/\/www\.twitch\.tv\/builder_\d+/);
    for (const { id: messageId, channel_id: channelId } of cloud.discord.dms(sale.buyer)) {
      expect(notice).toContain(messageId);
      expect(notice).toContain(channelId);
    }
    expect(cloud.discord.dms(sale.buyer).length).toBe(2);
  });

  test("a refund is refused with the reason, and changes nothing", async () => {
    const sale = await books.sale("split");
    await dispute(sale);
    const options = { order: sale.orderId, amount: "1.00" };
    const { text } = await people.command(sale.builder, "c500 refund", options);
    expect(text).toContain("The buyer's bank is looking into that payment");
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 0, refund_requested: 0 });
    expect(
      books.happened("refund.created").filter(({ charge }) => charge === sale.chargeId),
    ).toEqual([]);
  });

  test("held money is not refunded at its deadline, but is once the dispute is won without a proof", async () => {
    const sale = await books.sale("held");
    await people.pass(13 * DAY_MINUTES);
    const id = await dispute(sale);
    await people.pass(2 * DAY_MINUTES);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held", refunded: 0 });
    await decide(id, "won");
    await books.nextSweep();
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
    });
    expect(books.has(sale)).toBe(0);
  });
});

describe("each turn of a dispute", () => {
  test("is reported once to staff and the builder: inquiry, chargeback, outcome", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId, { isInquiry: true });
    await cloud.settle();
    expect(noticesOf(id)).toHaveLength(1);
    await books.repeat("charge.dispute.created", id);
    expect(noticesOf(id)).toHaveLength(1);
    await cloud.clock.advance(5000);
    cloud.stripe.escalateDispute(id);
    await cloud.settle();
    await books.repeat("charge.dispute.funds_withdrawn", id);
    expect(noticesOf(id)).toHaveLength(2);
    await decide(id, "lost");
    await books.repeat("charge.dispute.closed", id);
    expect(noticesOf(id)).toHaveLength(3);
    expect(books.timesNotified(sale.builder, "The buyer's bank is asking about")).toBe(1);
    expect(books.timesNotified(sale.builder, "The buyer's bank has taken $33.33 back")).toBe(1);
    expect(books.timesNotified(sale.builder, "back through their bank")).toBe(1);
  });
});

describe("the builder of a disputed order", () => {
  const dmsOf = ({ builder }: Sale) => people.messagesTo(builder);
  const proof =
    /Send the team everything that shows the order was made and sent: .* The team has to answer <t:\d+:F>/;

  test("reads what to send the team, and until when, at a chargeback and at an inquiry", async () => {
    for (const isInquiry of [false, true]) {
      const sale = await books.sale("split");
      cloud.stripe.openDispute(sale.chargeId, { isInquiry });
      await cloud.settle();
      const [notice = "", ...more] = dmsOf(sale).filter((text) => text.includes("buyer's bank"));
      expect(more).toEqual([]);
      expect(notice).toMatch(proof);
      expect(notice.includes("`/c500 refund` settles it now")).toBe(isInquiry);
    }
  });

  test("reads that nothing changes when an inquiry ends, and it doesn't", async () => {
    const sale = await books.sale("split");
    const { id } = cloud.stripe.openDispute(sale.chargeId, { isInquiry: true });
    await cloud.settle();
    await cloud.clock.advance(5000);
    cloud.stripe.closeDispute(id, "warning_closed");
    await cloud.settle();
    await books.repeat("charge.dispute.closed", id);
    expect(books.timesNotified(sale.builder, "closed its inquiry")).toBe(1);
    expect(books.timesNotified(sale.builder, "in your favor")).toBe(0);
    expect(noticesOf(id).filter((text) => text.includes("closed its inquiry"))).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 0 });
  });

  test("reads that the buyer has the money when the network prevented the dispute, which is not won", async () => {
    const sale = await books.sale("split");
    const id = await dispute(sale);
    await cloud.clock.advance(5000);
    cloud.stripe.closeDispute(id, "prevented");
    await cloud.settle();
    await people.pass(20);
    expect(books.timesNotified(sale.builder, "got $33.33 back through their bank")).toBe(1);
    expect(books.timesNotified(sale.builder, "in your favor")).toBe(0);
    expect(noticesOf(id).filter((text) => text.includes("nothing to answer"))).toHaveLength(1);
    expect(books.has(sale)).toBe(0);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "charged_back",
      refunded: 3333,
    });
  });
});

describe("a dispute that is won", () => {
  test("releases once what was proved meanwhile, and notifies staff once", async () => {
    const sale = await books.sale("held");
    const id = await dispute(sale);
    await people.proveOnStream(sale.builder, sale.orderId);
    await decide(id, "won");
    expect(books.has(sale)).toBe(3167);
    await books.repeat("charge.dispute.closed", id);
    await books.repeat("charge.dispute.funds_reinstated", id);
    await people.pass(20);
    expect(books.has(sale)).toBe(3167);
    expect(noticesOf(id).filter((text) => text.includes("Dispute won"))).toHaveLength(1);
  });

  test("leaves an unproved order unchanged, until its proof releases it", async () => {
    const sale = await books.sale("held");
    await decide(await dispute(sale), "won");
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "paid",
      hold: "held",
    });
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(books.has(sale)).toBe(3167);
  });

  test("lets the order be refunded again", async () => {
    const sale = await books.sale("split");
    await decide(await dispute(sale), "won");
    const { text } = await people.command(sale.builder, "c500 refund", { order: sale.orderId });
    expect(text).toContain("Done: $33.33");
    expect(books.has(sale)).toBe(0);
  });
});

describe("a dispute that is lost", () => {
  test.each([
    ["split", false],
    ["held", true],
  ] as const)(
    "leaves the builder's whole part with the platform, as taken when it opened, and charges the order back (%s)",
    async (payment, isProved) => {
      const sale = await books.sale(payment);
      if (isProved) await people.proveOnStream(sale.builder, sale.orderId);
      expect(books.has(sale)).toBe(3167);
      const id = await dispute(sale);
      expect(books.has(sale)).toBe(0);
      await decide(id, "lost");
      await books.repeat("charge.dispute.closed", id);
      expect(await people.order(sale.orderId)).toMatchObject({
        fulfillment_status: "charged_back",
        refunded: 3333,
      });
      expect(books.has(sale)).toBe(0);
      expect(await debtsOf(sale)).toEqual([]);
      expect(noticesOf(id).filter((text) => text.includes("Dispute lost"))).toHaveLength(1);
      expect(books.timesNotified(sale.buyer, "on the way back to you")).toBe(0);
    },
  );

  test("is owed once by a builder who has paid the money out, and deducted from the next sale", async () => {
    const sale = await books.sale("split");
    cloud.stripe.payOut(sale.account);
    const id = await dispute(sale);
    await decide(id, "lost");
    await books.repeat("charge.dispute.closed", id);
    expect(await debtsOf(sale)).toEqual([3167]);
    const next = await people.drop(sale.builder, { price: "50.00" });
    await people.purchase(next);
    expect(books.has(sale)).toBe(4750 - 3167);
    expect(await debtsOf(sale)).toEqual([]);
  });

  test("before the proof costs the builder nothing: the held money is lost, and none is released", async () => {
    const sale = await books.sale("held");
    await decide(await dispute(sale), "lost");
    const { embeds } = await people.proveOnStream(sale.builder, sale.orderId);
    expect(embeds).toContain("finished or cancelled");
    await people.pass(20);
    expect(books.has(sale)).toBe(0);
    expect(await debtsOf(sale)).toEqual([]);
    expect(await people.order(sale.orderId)).toMatchObject({ fulfillment_status: "charged_back" });
  });

  test("about the rest after a refund takes back that rest, never more than was paid", async () => {
    const sale = await books.sale("split");
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10.01" });
    await decide(await dispute(sale), "lost");
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "charged_back",
      refunded: 3333,
    });
    expect(books.has(sale)).toBe(0);
  });
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

  test("for a payment that is not the shop's are stored for the operators", async () => {
    const sale = await books.sale("split");
    await cloud.firestore.doc(`orders/${sale.orderId}`).delete();
    const id = await dispute(sale);
    expect(await books.deadLetters()).toContainEqual(
      expect.stringContaining(`Dispute ${id} belongs`),
    );
  });
});
