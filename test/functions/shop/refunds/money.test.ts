import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { community, startTestCloud, type TestCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const DAY_MINUTES = 24 * 60;

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  people = shoppers(cloud);
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

/** A builder with one sale of $33.33 at a fee of 5 %: 166 cents for the platform, 3167 for the builder. */
async function sale(payment: "split" | "held") {
  const builder = await people.builder({ isLive: true });
  const dropId = await people.drop(builder.id, {
    payment,
    price: "33.33",
    quantity: "2",
    limit: 2,
  });
  const account = await people.accountOf(builder.id);
  const has = () => cloud.stripe.balances().accounts[account]?.["usd"] ?? 0;
  return { builder, dropId, account, has, ...(await people.purchase(dropId)) };
}

const chargeOf = async (orderId: string) => String((await people.order(orderId))["charge_id"]);
const staffReads = () => cloud.discord.messages(community.operatorsChannelId);

describe("refunds", () => {
  test("partial refunds of a split sale take back the builder's part to the exact cent, never too much", async () => {
    const { builder, orderId, has, buyer } = await sale("split");
    expect(has()).toBe(3167);
    for (const amount of ["10", "0.01", "$3.33"]) {
      await people.command(builder.id, "c500 refund", { order: orderId, amount });
    }
    expect(await people.order(orderId)).toMatchObject({
      refunded: 1334,
      fulfillment_status: "paid",
    });
    expect(has()).toBe(Math.floor((3167 * (3333 - 1334)) / 3333));
    const tooMuch = await people.command(builder.id, "c500 refund", {
      order: orderId,
      amount: "20",
    });
    expect(tooMuch.text).toContain("$19.99");
    await people.command(builder.id, "c500 refund", { order: orderId });
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "refunded" });
    expect(has()).toBe(0);
    expect(
      people.messagesTo(buyer).filter((text) => text.includes("on the way back")),
    ).toHaveLength(4);
  });

  test("a partial refund of held money leaves the rest to be released", async () => {
    const { builder, orderId, has } = await sale("held");
    await people.command(builder.id, "c500 refund", { order: orderId, amount: "3.33" });
    expect(has()).toBe(0);
    await people.proveOnStream(builder.id, orderId);
    expect(has()).toBe(Math.floor((3167 * 3000) / 3333));
  });

  test("what the builder no longer has is owed, shown, and deducted from the next sale of either kind", async () => {
    const { builder, orderId, account, has, dropId } = await sale("split");
    expect(cloud.stripe.payOut(account)).toBe(3167);
    const staff = people.person({ permissions: String(1n << 5n) });
    const { text } = await people.command(staff, "c500 refund", { order: orderId });
    expect(text).toContain("Done: $33.33");
    expect((await people.command(builder.id, "c500 profile")).embeds).toContain("$31.67");
    const next = await people.purchase(dropId);
    expect(has()).toBe(0);
    expect(people.messagesTo(builder.id).join()).toContain("comes off your next payouts");
    expect((await people.order(next.orderId))["transfer"]).toMatchObject({ netted: 3167 });

    const again = await people.command(staff, "c500 refund", { order: next.orderId });
    expect(again.text).toContain("Done");
    const heldDrop = await people.drop(builder.id, { payment: "held", price: "50" });
    const held = await people.purchase(heldDrop);
    await people.proveOnStream(builder.id, held.orderId);
    expect(has()).toBe(4750 - 3167);
  });

  test("are for the order's builder and the server's managers; for others the order does not exist", async () => {
    const { orderId, buyer } = await sale("split");
    const other = await people.builder();
    for (const user of [buyer, other.id]) {
      const { text } = await people.command(user, "c500 refund", { order: orderId });
      expect(text).toContain("can't find that order");
    }
    expect((await people.order(orderId))["refunded"]).toBe(0);
    const staff = people.person({ permissions: String(1n << 5n) });
    const { text } = await people.command(staff, "c500 refund", { order: orderId, amount: "1" });
    expect(text).toContain("Done: $1.00");
  });

  test("with restock put the unit back on sale once the whole is refunded", async () => {
    const { builder, orderId, dropId } = await sale("split");
    await people.command(builder.id, "c500 refund", { order: orderId, restock: true });
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
  });

  test("in Stripe's dashboard are booked and take the builder's part back, however often they are reported", async () => {
    const { orderId, has } = await sale("split");
    cloud.faults.add({
      target: "stripe",
      operation: /^deliver refund/,
      fault: { kind: "duplicate", copies: 3 },
    });
    cloud.stripe.refundInDashboard(await chargeOf(orderId), { amount: 1000 });
    await people.pass(1);
    expect(await people.order(orderId)).toMatchObject({ refunded: 1000 });
    expect(has()).toBe(Math.floor((3167 * 2333) / 3333));
  });

  test("are made once even if Stripe fails, or succeeds and drops the connection", async () => {
    const { builder, orderId, has } = await sale("split");
    const operation = /^POST \/v1\/refunds/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 500 }, times: 1 });
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 3 });
    await people.command(builder.id, "c500 refund", { order: orderId, amount: "10" });
    await cloud.eventually(async () => (await people.order(orderId))["refunded"] === 1000);
    expect(has()).toBe(Math.floor((3167 * 2333) / 3333));
    expect(
      cloud.stripe.events().filter(({ type }) => type === "refund.created").length,
    ).toBeGreaterThan(0);
  });
});

describe("held money", () => {
  test("is refunded after 14 days without a proof; both sides are warned three days and one day before", async () => {
    const { builder, orderId, buyer, dropId } = await sale("held");
    // The sweeper runs every 15 minutes.
    await people.pass(11 * DAY_MINUTES + 15);
    await people.pass(2 * DAY_MINUTES);
    const warned = (user: string) =>
      people.messagesTo(user).filter((text) => text.includes("hasn't been on"));
    expect([warned(buyer).length, warned(builder.id).length]).toEqual([2, 2]);
    expect(await people.order(orderId)).toMatchObject({ hold: "held", refunded: 0 });
    await people.pass(DAY_MINUTES);
    await people.pass(20);
    expect(await people.order(orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
      hold: "returned",
    });
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
    expect((await people.proveOnStream(builder.id, orderId)).embeds).toContain(
      "finished or cancelled",
    );
  });

  test("waits for an account that can receive it, and then follows automatically", async () => {
    const { builder, orderId, account, has } = await sale("held");
    cloud.stripe.restrict(account, "external_account");
    await cloud.settle();
    await people.proveOnStream(builder.id, orderId);
    expect(await people.order(orderId)).toMatchObject({
      hold: "held",
      fulfillment_status: "building",
    });
    expect(people.messagesTo(builder.id).join()).toContain("can't pay you yet");
    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ hold: "released" });
    expect(has()).toBe(3167);
  });
});

describe("disputes", () => {
  test("freeze the release, notify staff once with the evidence, and continue when won", async () => {
    const { builder, orderId, has } = await sale("held");
    const before = staffReads().length;
    const { id } = cloud.stripe.openDispute(await chargeOf(orderId)) as { id: string };
    await cloud.settle();
    await people.proveOnStream(builder.id, orderId);
    expect(has()).toBe(0);
    const refused = await people.command(builder.id, "c500 refund", { order: orderId });
    expect(refused.text).toContain("bank is looking into");
    cloud.stripe.closeDispute(id, "won");
    await cloud.settle();
    expect(has()).toBe(3167);
    const reads = staffReads().slice(before);
    const notices = reads.flatMap(({ embeds }) =>
      embeds.length > 0 ? JSON.stringify(embeds) : [],
    );
    // The third message is about the draft of the evidence at Stripe.
    expect([notices.length, reads.length]).toEqual([2, 3]);
    expect(notices[0]).toContain("Dispute open: $33.33");
    expect(notices[0]).toContain("the receipt");
    expect(notices[1]).toContain("twitch.tv/");
  });

  test("that are lost take the builder's part back", async () => {
    const { builder, orderId, has } = await sale("held");
    await people.proveOnStream(builder.id, orderId);
    const { id } = cloud.stripe.openDispute(await chargeOf(orderId)) as { id: string };
    cloud.stripe.closeDispute(id, "lost");
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "charged_back" });
    expect(has()).toBe(0);
  });
});
