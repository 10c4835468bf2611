import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

/** A gRPC status that the client does not retry. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;
const SWEEP_MS = 16 * 60_000;

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();

const found = async (id: string) => (await cloud.firestore.doc(`cases/${id}`).get()).data() ?? {};
const closedNotices = (user: string, title: string) =>
  post.dms(user).filter((text) => text.includes(title) && text.includes("the money has gone back"));
const refund = (order: string, options: Record<string, string> = {}) =>
  people.command(builder.id, "c500 refund", { order, ...options });

async function pass(): Promise<void> {
  await cloud.clock.advance(SWEEP_MS);
  await cloud.settle();
}

/** A buyer has got a parcel. */
async function sent(title: string) {
  const bought = await post.buy(await people.drop(builder.id, { title }));
  await people.command(builder.id, "c500 ship", { order: bought.orderId });
  return bought;
}

/** They say that it is damaged. */
async function report(title: string) {
  const bought = await sent(title);
  const problem = { order: bought.orderId, what: "damaged" };
  const answer = await people.command(bought.buyer, "c500 problem", problem);
  return { ...bought, answer };
}

const settled = { state: "settled", outcome: "refund", moved_by: "refund" };

describe("the case of an order whose money has all gone back", () => {
  test.each([
    ["open", async (_id: string, _buyer: string) => undefined],
    [
      "answered",
      (order) => people.command(builder.id, "c500 case", { order, do: "answer", text: "Sorry!" }),
    ],
    [
      "escalated",
      async (order, buyer) => {
        await people.command(builder.id, "c500 case", { order, do: "answer", text: "No." });
        await post.press(buyer, `case:escalate:${order}`);
      },
    ],
  ] satisfies [string, (id: string, buyer: string) => Promise<unknown>][])(
    "is closed as refunded though it was %s, and both are notified once",
    async (state, bring) => {
      const title = `Weight that is ${state}`;
      const { orderId, buyer } = await report(title);
      await bring(orderId, buyer);
      expect(await found(orderId)).toMatchObject({ state });
      await refund(orderId);
      for (const _ of [1, 2, 3]) await pass();
      expect(await found(orderId)).toMatchObject(settled);
      for (const user of [buyer, builder.id]) expect(closedNotices(user, title)).toHaveLength(1);
    },
  );

  test("is closed when it goes back in Stripe's dashboard, part by part", async () => {
    const { orderId, buyer } = await report("Dashboard weight");
    const { charge_id: charge } = await people.order(orderId);
    cloud.stripe.refundInDashboard(String(charge), { amount: 2000 });
    await cloud.settle();
    await pass();
    expect(await found(orderId)).toMatchObject({ state: "open" });
    cloud.stripe.refundInDashboard(String(charge), { amount: 50 });
    await cloud.settle();
    await pass();
    expect(await found(orderId)).toMatchObject(settled);
    expect(closedNotices(buyer, "Dashboard weight")).toHaveLength(1);
  });

  test("is closed once although the sweeper died before it notified", async () => {
    const { orderId, buyer } = await report("Mortal weight");
    await refund(orderId);
    const fault = { kind: "fail", code: PERMISSION_DENIED } as const;
    cloud.faults.add({ target: "pubsub", operation: /^Publish$/, fault });
    await pass();
    expect(await found(orderId)).toMatchObject(settled);
    expect(closedNotices(buyer, "Mortal weight")).toHaveLength(0);
    cloud.faults.clear();
    for (const _ of [1, 2]) await pass();
    expect(closedNotices(buyer, "Mortal weight")).toHaveLength(1);
  });

  test("is not settled by another refund that Stripe has not made, and then refuses", async () => {
    const { orderId, buyer } = await report("Refused weight");
    const operation = /^POST .v1.refunds/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
    await refund(orderId);
    const { text } = await people.command(builder.id, "c500 case", {
      order: orderId,
      do: "refund",
    });
    expect(text).toContain("$20.50 of that order is already being refunded");
    cloud.faults.clear();
    const refused = { kind: "fail", code: 400 } as const;
    cloud.faults.add({ target: "stripe", operation, fault: refused, times: 1 });
    for (const _ of [1, 2, 3]) await pass();
    expect(await people.order(orderId)).toMatchObject({ refund_requested: 0, refunded: 0 });
    expect(await found(orderId)).toMatchObject({ state: "open" });
    await people.command(builder.id, "c500 case", { order: orderId, do: "refund" });
    expect(await found(orderId)).toMatchObject({ state: "settled", outcome: "refund" });
    expect(post.dms(buyer).filter((dm) => dm.includes("is on the way back"))).toHaveLength(1);
  });

  test("is settled by the team although the refund in Stripe's dashboard is not reported yet", async () => {
    const { orderId, buyer } = await report("Overtaken weight");
    await people.command(builder.id, "c500 case", { order: orderId, do: "answer", text: "No." });
    await post.press(buyer, `case:escalate:${orderId}`);
    const late = { kind: "delay", ms: 3_600_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver /, fault: late });
    const { charge_id: charge } = await people.order(orderId);
    cloud.stripe.refundInDashboard(String(charge), { amount: 2050 });
    const staff = people.person({ permissions: "32" });
    const escalated = await found(orderId);
    await post.press(staff, `case:refund:${orderId}`);
    expect(await found(orderId)).toMatchObject({ ...settled, moved_by: "staff" });
    // As if the process had died before the case was settled.
    await cloud.firestore.doc(`cases/${orderId}`).set(escalated);
    await post.press(staff, `case:refund:${orderId}`);
    cloud.faults.clear();
    expect(await found(orderId)).toMatchObject({ ...settled, moved_by: "staff" });
    await cloud.clock.advance(late.ms);
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ refunded: 2050, refund_requested: 2050 });
  });

  test("stays as its builder or the team settled it", async () => {
    const { orderId, buyer } = await report("Settled weight");
    await post.press(builder.id, `case:refund:${orderId}`);
    await pass();
    expect(await found(orderId)).toMatchObject({ ...settled, moved_by: "builder", version: 2 });
    expect(closedNotices(buyer, "Settled weight")).toHaveLength(0);
  });

  test("cannot be opened any more", async () => {
    const { orderId, buyer } = await sent("Returned weight");
    await refund(orderId);
    const problem = { order: orderId, what: "damaged" };
    const { text } = await people.command(buyer, "c500 problem", problem);
    expect(text).toContain("has gone back to you");
    expect(await found(orderId)).toEqual({});
  });
});

test("a case stays open after a refund of a part", async () => {
  const { orderId } = await report("Partly refunded weight");
  await refund(orderId, { amount: "5.00" });
  await pass();
  expect(await found(orderId)).toMatchObject({ state: "open" });
});
