import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type Sale, sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { bankDisputes } from "./bank-disputes.ts";

const DAY_MINUTES = 24 * 60;

const cloud = await useCloud();
const people = shoppers(cloud);
const books = sales(cloud, people);
const { dispute, decide, noticesOf } = bankDisputes(cloud, books);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

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

  test("a refund is refused with the reason, and changes nothing, whatever the bank decides", async () => {
    const sale = await books.sale("split");
    const id = await dispute(sale);
    const options = { order: sale.orderId, amount: "1.00" };
    const { text } = await people.command(sale.builder, "c500 refund", options);
    expect(text).toContain("The buyer's bank is looking into that payment");
    await decide(id, "won");
    await people.pass(31);
    expect(books.timesNotified(sale.builder, "the $33.33 is yours")).toBe(1);
    expect(await people.order(sale.orderId)).toMatchObject({ refunded: 0, refund_requested: 0 });
    expect(
      books.happened("refund.created").filter(({ charge }) => charge === sale.chargeId),
    ).toEqual([]);
  });

  test("held money is not refunded at its deadline, but is three days after the dispute is won without a proof", async () => {
    const sale = await books.sale("held");
    await people.pass(13 * DAY_MINUTES);
    const id = await dispute(sale);
    await people.pass(2 * DAY_MINUTES);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held", refunded: 0 });
    await decide(id, "won");
    await people.pass(3 * DAY_MINUTES - 30);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "held", refunded: 0 });
    await people.pass(60);
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

test("a dispute that is reported again without a change writes nothing to its order", async () => {
  const sale = await books.sale("split");
  const id = await dispute(sale);
  const order = cloud.firestore.doc(`orders/${sale.orderId}`);
  const before = await order.get();
  await cloud.clock.advance(5000);
  await books.repeat("charge.dispute.created", id);
  const after = await order.get();
  expect(after.data()).toEqual(before.data());
});

describe("the builder of a disputed order", () => {
  const dmsOf = ({ builder }: Sale) => people.messagesTo(builder);
  const proof =
    /Send the team everything that shows the order was made and sent: .* The team has to answer by <t:\d+:F>/;

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

  test.each([
    ["held", "your part isn't paid out; if we win", "Your part of it isn't paid out."],
    ["split", "your part is taken back too; you get it again if we win", "is taken back from"],
  ] as const)(
    "reads what becomes of their part of a payment that is %s",
    async (plan, open, lost) => {
      const sale = await books.sale(plan);
      const id = await dispute(sale);
      expect(books.timesNotified(sale.builder, open)).toBe(1);
      await decide(id, "lost");
      await books.repeat("charge.dispute.closed", id);
      expect(books.timesNotified(sale.builder, lost)).toBe(1);
      expect(books.has(sale)).toBe(0);
    },
  );

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
