import { describe, expect, test } from "@jest/globals";
import { community, seeder, useCloud } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";

const cloud = await useCloud();
const seed = seeder(cloud);

const stored = async (orderId: string) =>
  (await cloud.firestore.doc(`orders/${orderId}`).get()).data() ?? {};
const refusedCalls = () => cloud.discord.events().filter(({ kind }) => kind === "call-refused");

describe("an order of the builder's own", () => {
  test("is on the workbench with its stream, and its buyer learns where to watch", async () => {
    const builder = await seed.builder({ title: "GMK Cozy build" });
    const order = await seed.order(builder.id);
    const before = cloud.clock.nowMs();
    const { answer, report } = await goLive(cloud, builder.id, {
      context: "order",
      orders: order.id,
    });

    const after = await stored(order.id);
    const link = `https://www.twitch.tv/${builder.login}`;
    expect(after).toMatchObject({ fulfillment_status: "building", twitch_vod_link: link });
    expect((after["updated_at"] as { toMillis(): number }).toMillis()).toBeGreaterThanOrEqual(
      Math.floor(before),
    );

    const [dm, ...more] = cloud.discord.dms(order.buyerId);
    expect(more).toEqual([]);
    expect(dm?.content).toContain(order.id);
    expect(dm?.content).toContain("on the workbench right now");
    expect(dm?.content).toContain(link);
    expect(dm?.embeds[0]).toMatchObject({ title: "LIVE NOW: GMK Cozy build", url: link });
    expect(dm?.embeds[0]?.image?.url).toMatch(/1280x720/);
    expect(answer).toContain("You're live!");
    expect(report).toBe(`\`${order.id}\` ✅ is on the workbench, and the buyer got a DM.`);
  });

  test("does not notify its buyer again when the command is repeated", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    const first = await stored(order.id);
    const { report } = await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(report).toContain("already on the workbench");
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(1);
    expect(await stored(order.id)).toEqual(first);
  });

  test("notifies its buyer with the next command if no message was recorded", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    const sent = cloud.firestore.collection("processed");
    await sent.doc(`on-the-workbench:${order.id}`).delete();
    await cloud.clock.advance(3_600_000);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(2);
  });

  test("keeps its first proof when the builder streams with it again", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    const first = await stored(order.id);
    cloud.twitch.endStream(builder.login);
    cloud.twitch.goLive(builder.login);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(await stored(order.id)).toEqual(first);
  });
});

describe("several orders at once", () => {
  test("each has its outcome in the report, and an invalid one does not stop the others", async () => {
    const [builder, other] = [await seed.builder(), await seed.builder()];
    const good = await seed.order(builder.id);
    const also = await seed.order(builder.id);
    const theirs = await seed.order(other.id);
    const shipped = await seed.order(builder.id, { fulfillment_status: "shipped" });
    const ids = [good.id, "cs_nowhere", theirs.id, shipped.id, also.id, good.id];
    const { report } = await goLive(cloud, builder.id, {
      context: "orders",
      orders: ids.join(" , "),
    });

    expect(report.split("\n")).toEqual([
      `\`${good.id}\` ✅ is on the workbench, and the buyer got a DM.`,
      "`cs_nowhere` ❓ isn't among your orders. Check the id and try again.",
      `\`${theirs.id}\` ❓ isn't among your orders. Check the id and try again.`,
      `\`${shipped.id}\` 🚫 is finished or cancelled, so there is nothing to build.`,
      `\`${also.id}\` ✅ is on the workbench, and the buyer got a DM.`,
    ]);
    expect(await stored(theirs.id)).toMatchObject({ fulfillment_status: "paid" });
    expect(await stored(shipped.id)).toMatchObject({ fulfillment_status: "shipped" });
    for (const { buyerId } of [theirs, shipped]) expect(cloud.discord.dms(buyerId)).toEqual([]);
    for (const { buyerId } of [good, also]) expect(cloud.discord.dms(buyerId)).toHaveLength(1);
  });

  test("a malformed document is reported to the operators, and the other orders are processed", async () => {
    const builder = await seed.builder();
    const good = await seed.order(builder.id);
    await cloud.firestore.doc("orders/cs_broken").set({ builder_id: builder.id, buyer_id: 5 });
    const orders = `${good.id},cs_broken`;
    const { report } = await goLive(cloud, builder.id, { context: "orders", orders });
    expect(report).toContain("`cs_broken` ⚠️ couldn't be read");
    expect(cloud.discord.dms(good.buyerId)).toHaveLength(1);
    const deadLetters = await cloud.firestore.collection("dead_letters").get();
    const reasons = deadLetters.docs.map((deadLetter) => deadLetter.data()["reason"]);
    expect(reasons).toContainEqual(
      expect.stringContaining("orders/cs_broken is malformed in: buyer_id"),
    );
  });
});

describe("a buyer with closed DMs", () => {
  test("is notified in the builder's order channel, and nobody else is pinged", async () => {
    const builder = await seed.builder();
    const channelId = "400000000000000001";
    cloud.discord.addChannel({ id: channelId, guildId: community.guildId, name: "builder-orders" });
    await cloud.firestore.doc(`builders/${builder.id}`).update({ order_channel_id: channelId });
    const order = await seed.order(builder.id, { dmsClosed: true });
    const { report } = await goLive(cloud, builder.id, { context: "order", orders: order.id });

    expect(report).toContain("pinged them in your order channel");
    const [message, ...more] = cloud.discord.messages(channelId);
    expect(more).toEqual([]);
    expect(message?.content).toContain(`<@${order.buyerId}>`);
    expect(message?.content).toContain(order.id);
    expect(message?.pinged).toEqual({ users: [order.buyerId], roles: [], everyone: false });
  });

  test("is remembered, so that Discord refuses only one DM", async () => {
    const builder = await seed.builder();
    const first = await seed.order(builder.id, { dmsClosed: true });
    await goLive(cloud, builder.id, { context: "order", orders: first.id });
    const user = await cloud.firestore.doc(`users/${first.buyerId}`).get();
    expect(user.data()).toMatchObject({ dm_closed: true });

    const second = await seed.order(builder.id, { buyer_id: first.buyerId });
    const refusedBefore = refusedCalls().length;
    await goLive(cloud, builder.id, { context: "order", orders: second.id });
    expect(refusedCalls()).toHaveLength(refusedBefore);
    const sent = cloud.discord.messages(community.ordersChannelId).map(({ content }) => content);
    expect(sent).toContainEqual(expect.stringContaining(second.id));
  });

  test("and an order channel we may not post in leave the notification to the builder, as the report says", async () => {
    const builder = await seed.builder();
    const channelId = "400000000000000002";
    const botMay = { sendMessages: false };
    cloud.discord.addChannel({ id: channelId, guildId: community.guildId, botMay });
    await cloud.firestore.doc(`builders/${builder.id}`).update({ order_channel_id: channelId });
    const order = await seed.order(builder.id, { dmsClosed: true });
    const { report } = await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(report).toContain("Please message them yourself");
    expect(await stored(order.id)).toMatchObject({ fulfillment_status: "building" });
  });
});

describe("failing calls to Discord", () => {
  test("a DM that Discord refuses permanently is replaced by the order channel, without a dead letter", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const deadLetters = cloud.firestore.collection("dead_letters");
    const before = (await deadLetters.get()).size;
    const operation = /^POST \/channels\/\d+\/messages$/;
    const fault = { kind: "fail" as const, code: 403 };
    cloud.faults.add({ target: "discord", operation, fault, times: 1 });
    const { report } = await goLive(cloud, builder.id, { context: "order", orders: order.id });
    expect(report).toContain("pinged them in your order channel");
    expect(cloud.discord.dms(order.buyerId)).toEqual([]);
    expect((await deadLetters.get()).size).toBe(before);
  });

  test.each([
    ["is lost after Discord has accepted it", { kind: "lose-answer" as const }],
    ["is refused with 500 for a while", { kind: "fail" as const, code: 500 }],
    ["is refused with 401 once", { kind: "fail" as const, code: 401 }],
    ["is refused with 429", { kind: "fail" as const, code: 429, retryAfterMs: 50 }],
  ])("a DM whose call %s is sent once", async (_what, fault) => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const operation = /^POST \/channels\/\d+\/messages$/;
    cloud.faults.add({ target: "discord", operation, fault, times: 1 });
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    await cloud.eventually(() => cloud.discord.dms(order.buyerId).length > 0);
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(1);
  });
});
