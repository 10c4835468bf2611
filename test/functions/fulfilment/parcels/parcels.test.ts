import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { choosers } from "../../../support/shipping/choosers.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const list = choosers(cloud);

const builder = await people.builder({
  terms: { from: "US", home: "8.00", world: "25.00", further: "2.00", "dispatch-days": 5 },
});

const parcel = async (id: string) =>
  (await cloud.firestore.doc(`parcels/${id}`).get()).data() ?? {};
const dms = (user: string) => cloud.discord.dms(user).map(({ content }) => content ?? "");

/** Buys a unit that ships to the United States, and pays for it. */
async function buy(dropId: string, buyer = people.person()) {
  const asked = await people.buyNow(buyer, dropId);
  const answer = asked.text.startsWith("Where should it go?")
    ? await list.choose(buyer, list.answerOf(asked), "US")
    : asked;
  const sessionId = people.sessionOf(answer);
  cloud.stripe.pay(sessionId);
  await cloud.settle();
  return { orderId: answer.interactionId, buyer, sessionId };
}

/** Lets a deadline come, and the sweeper find it. */
async function letCome(kind: string, parcelId: string): Promise<void> {
  const dueAt = new Date(cloud.clock.now().getTime() - 1000);
  await cloud.firestore.doc(`deadlines/${kind}.${parcelId}`).update({ due_at: dueAt });
  await cloud.clock.advance(16 * 60_000);
  await cloud.settle();
}

describe("an order that is shipped", () => {
  test("costs its price and the shipping to the country that its buyer chose", async () => {
    const dropId = await people.drop(builder.id, { price: "100.00" });
    const asked = await people.buyNow(people.person(), dropId);
    expect(asked.text).toMatch(/^Where should it go\?/);
    const { orderId } = await buy(dropId);
    expect(await people.order(orderId)).toMatchObject({
      amount: 10_800,
      shipping_amount: 800,
      fee: 500,
      fulfillment_status: "paid",
      destination: "US",
      parcel_id: orderId,
      parcel_state: "open",
    });
    expect(await parcel(orderId)).toMatchObject({ state: "open", destination: "US" });
  });

  test("pays the builder the shipping in full", async () => {
    const dropId = await people.drop(builder.id, { price: "100.00" });
    const { orderId } = await buy(dropId);
    const order = await people.order(orderId);
    expect(order).toMatchObject({ hold: "released", transfer: { gross: 9500 + 800 } });
  });

  test("asks a buyer for their country once", async () => {
    const dropId = await people.drop(builder.id, { limit: 2 });
    const { buyer } = await buy(dropId);
    expect((await people.buyNow(buyer, dropId)).text).toMatch(/is reserved for you/);
  });

  test("is sent with its tracking number, and ends when its buyer confirms the arrival", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId, buyer } = await buy(dropId);
    const tracking = "1Z999AA10123456784";
    const sent = await people.command(builder.id, "c500 ship", { order: orderId, tracking });
    expect(sent.text).toContain("is on its way");
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "shipped" });
    expect(dms(buyer).at(-1)).toContain(`https://www.ups.com/track?tracknum=${tracking}`);
    const dm = cloud.discord.dms(buyer).at(-1);
    if (!dm) throw new Error("The buyer got no message.");
    await cloud.discord.client.component(cloud.url("discord-interactions"), {
      user: buyer,
      channelId: dm.channel_id,
      message: dm.id,
      customId: `parcel-arrived:${orderId}`,
    });
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "delivered" });
    expect(await parcel(orderId)).toMatchObject({ state: "arrived", arrived_by: "buyer" });
    expect(dms(builder.id).at(-1)).toContain("has arrived");
  });

  test("can have its number corrected, each time with one message to its buyer", async () => {
    const { orderId, buyer } = await buy(await people.drop(builder.id));
    const numbers = ["1Z999AA10123456784", "1Z12345E0205271688"] as const;
    const ship = (tracking: string) =>
      people.command(builder.id, "c500 ship", { order: orderId, tracking });
    for (const tracking of [numbers[0], numbers[1], numbers[0], numbers[0], numbers[1]]) {
      await ship(tracking);
    }
    const links = dms(buyer).flatMap((text) => /tracknum=(\w+)/.exec(text)?.[1] ?? []);
    expect(links).toEqual([numbers[0], numbers[1], numbers[0], numbers[1]]);
  });

  test("notifies its buyer of a correction whose first run died before the message", async () => {
    const { orderId, buyer } = await buy(await people.drop(builder.id));
    const [wrong, right] = ["1Z999AA10123456784", "1Z12345E0205271688"];
    await people.command(builder.id, "c500 ship", { order: orderId, tracking: wrong });
    const corrected = { number_change_id: "9".repeat(19), correction_id: "9".repeat(19) };
    await cloud.firestore.doc(`parcels/${orderId}`).update({ tracking: right, ...corrected });
    await people.command(builder.id, "c500 ship", { order: orderId, tracking: right });
    expect(dms(buyer).filter((text) => text.includes(`tracknum=${right}`))).toHaveLength(1);
  });

  test("counts as arrived after two weeks without a word, and its buyer is asked before", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId, buyer } = await buy(dropId);
    await people.command(builder.id, "c500 ship", { order: orderId });
    await letCome("arrival-question", orderId);
    expect(dms(buyer).at(-1)).toMatch(/^📦 Has/);
    expect(await parcel(orderId)).toMatchObject({ state: "sent" });
    await letCome("arrival", orderId);
    expect(await parcel(orderId)).toMatchObject({ state: "arrived", arrived_by: "time" });
    expect(dms(builder.id).at(-1)).toContain("counts as arrived: they haven't said otherwise");
  });

  test("is remembered before it is due, and reported late after", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId, buyer } = await buy(dropId);
    await letCome("dispatch-reminder", orderId);
    expect(dms(builder.id).at(-1)).toMatch(/^⏳ .* has to be on its way/);
    await letCome("dispatch-late", orderId);
    expect(dms(builder.id).at(-1)).toMatch(/^⚠️ .* is late/);
    expect(dms(buyer).at(-1)).toContain("should have been on its way");
  });

  test("leaves its parcel when it is refunded, and an empty parcel is canceled", async () => {
    const dropId = await people.drop(builder.id);
    const { orderId } = await buy(dropId);
    await people.command(builder.id, "c500 refund", { order: orderId });
    expect(await parcel(orderId)).toMatchObject({ state: "canceled" });
    const sent = await people.command(builder.id, "c500 ship", { order: orderId });
    expect(sent.text).toContain("can't be sent now");
  });

  test("is sent by its own builder alone", async () => {
    const other = await people.builder();
    const dropId = await people.drop(builder.id);
    const { orderId } = await buy(dropId);
    const tried = await people.command(other.id, "c500 ship", { order: orderId });
    expect(tried.text).toContain("can't find that order");
    expect(await parcel(orderId)).toMatchObject({ state: "open" });
  });
});

describe("an order that is picked up", () => {
  test("is paid without shipping, and its parcel goes nowhere", async () => {
    const host = await people.builder({ terms: { from: "US", pickup: true } });
    const dropId = await people.drop(host.id, { price: "100.00" });
    const { orderId } = await buy(dropId);
    expect(await people.order(orderId)).toMatchObject({
      fulfillment_status: "paid",
      amount: 10_000,
      shipping_amount: 0,
      destination: "pickup",
    });
    expect(await parcel(orderId)).toMatchObject({ state: "open", destination: "pickup" });
  });

  test("is never said to be on its way: both sides read that it is ready, and picked up", async () => {
    const host = await people.builder({ terms: { from: "US", pickup: true } });
    const { orderId, buyer } = await buy(await people.drop(host.id));
    await letCome("dispatch-reminder", orderId);
    await letCome("dispatch-late", orderId);
    const { text } = await people.command(host.id, "c500 ship", { order: orderId });
    expect(text).toContain("is ready for pickup");
    await letCome("arrival-question", orderId);
    expect(dms(buyer).at(-1)).toMatch(/^📦 Have you picked up .* picked up <t:/);
    await letCome("arrival", orderId);
    expect(dms(host.id).at(-1)).toContain("counts as picked up: they haven't said otherwise");
    expect([text, ...dms(buyer), ...dms(host.id)].join()).not.toMatch(
      /on its way|tracking|packing/i,
    );
  });
});

describe("orders of one stream", () => {
  test("ship together for what a further item adds, and are sent as one parcel", async () => {
    const terms = { from: "US", home: "8", further: "2" };
    const streamer = await people.builder({ isLive: true, terms });
    const dropId = await people.drop(streamer.id, { limit: 2 });
    const first = await buy(dropId);
    const second = await buy(dropId, first.buyer);
    expect(await people.order(second.orderId)).toMatchObject({
      shipping_amount: 200,
      parcel_id: first.orderId,
    });
    expect(await parcel(first.orderId)).toMatchObject({
      lines: [{ order_id: first.orderId }, { order_id: second.orderId }],
    });
    const early = await people.command(streamer.id, "c500 ship", { order: second.orderId });
    expect(early.text).toContain("may still add to it");
    const send = { order: second.orderId, anyway: true };
    expect((await people.command(streamer.id, "c500 ship", send)).text).toContain("on its way");
    for (const { orderId } of [first, second]) {
      expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "shipped" });
    }
  });
});

describe("the first orders of one buyer in a stream", () => {
  test("share a parcel when they are paid at the same time", async () => {
    const terms = { from: "US", home: "8", further: "2" };
    const streamer = await people.builder({ isLive: true, terms });
    const drops = [await people.drop(streamer.id), await people.drop(streamer.id)];
    const buyer = people.person();
    const orders: string[] = [];
    const sessions: string[] = [];
    for (const dropId of drops) {
      const answer = await people.buyNow(buyer, dropId);
      orders.push(answer.interactionId);
      sessions.push(people.sessionOf(answer));
    }
    for (const session of sessions) cloud.stripe.pay(session);
    await cloud.settle();
    const stored = await Promise.all(orders.map(people.order));
    const parcelIds = new Set(stored.map((order) => String(order["parcel_id"])));
    expect(parcelIds.size).toBe(1);
    const [parcelId = ""] = parcelIds;
    const lines = orders.map((order_id) => expect.objectContaining({ order_id }));
    expect((await parcel(parcelId))["lines"]).toEqual(expect.arrayContaining(lines));
  });
});

describe("what is won in an auction", () => {
  const room = bidders(cloud, people);
  const sessionOf = async (orderId: string) =>
    String((await people.order(orderId))["checkout_session_id"]);

  test("shows on its board and page what shipping costs while people bid", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder.id, channelId);
    const shown = () => JSON.stringify(cloud.discord.messages(channelId)[0]?.embeds);
    expect(shown()).toContain("United States: $8.00");
    const page = await cloud.fetch(`${cloud.url("web")}/auction/${id}`);
    expect(await page.text()).toContain("each further item in the same parcel $2.00");
    await room.bid(people.person(), channelId, "60");
    await room.pass(3);
    expect(shown()).toContain("United States: $8.00");
    await room.control(builder.id, channelId, "close", { auction: id });
    await room.pass(3);
    expect(shown()).toContain("SOLD");
    expect(shown()).not.toContain("United States");
  });

  test("ships to the country that its winner has set", async () => {
    const winner = people.person();
    await people.command(winner, "c500 country", { country: "US" });
    const { id } = await room.hammered(builder.id, ["60"], {}, [winner]);
    const orderId = `auction-${id}-0`;
    cloud.stripe.pay(await sessionOf(orderId));
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({
      amount: 6800,
      shipping_amount: 800,
      fee: 300,
      parcel_state: "open",
    });
    expect(await parcel(orderId)).toMatchObject({ destination: "US", is_price_wrong: false });
  });

  test("waits for its builder's word if the winner paid for another zone than that of the address", async () => {
    const { id } = await room.hammered(builder.id, ["60"]);
    const orderId = `auction-${id}-0`;
    const address = { city: "Berlin", country: "DE", line1: "Marker 1", postal_code: "10115" };
    cloud.stripe.pay(await sessionOf(orderId), "card", {
      shippingOption: 0,
      shipping: { name: "Win", address: { ...address, line2: null, state: null } },
    });
    await cloud.settle();
    expect(await parcel(orderId)).toMatchObject({ destination: "DE", is_price_wrong: true });
    const held = await people.command(builder.id, "c500 ship", { order: orderId });
    expect(held.text).toContain("paid for shipping to another place");
    const sent = await people.command(builder.id, "c500 ship", { order: orderId, anyway: true });
    expect(sent.text).toContain("is on its way");
  });

  test("waits for its builder's word also where it joins a parcel that was paid for rightly", async () => {
    const live = await people.builder({
      isLive: true,
      terms: { from: "US", home: "8.00", world: "25.00", "bundle-hours": 24 },
    });
    const winner = people.person();
    const address = { city: "Berlin", country: "DE", line1: "Marker 2", postal_code: "10115" };
    const win = async (shippingOption: number) => {
      const { id } = await room.hammered(live.id, ["60"], {}, [winner]);
      cloud.stripe.pay(await sessionOf(`auction-${id}-0`), "card", {
        shippingOption,
        shipping: { name: "Win", address: { ...address, line2: null, state: null } },
      });
      await cloud.settle();
      return `auction-${id}-0`;
    };
    const first = await win(1);
    expect(await parcel(first)).toMatchObject({ is_price_wrong: false });
    expect(await people.order(await win(0))).toMatchObject({ parcel_id: first });
    expect(await parcel(first)).toMatchObject({ destination: "DE", is_price_wrong: true });
  });

  test("costs the shipping to the zone that the winner chose at Stripe", async () => {
    const { id } = await room.hammered(builder.id, ["60"]);
    const orderId = `auction-${id}-0`;
    const address = { city: "Berlin", country: "DE", line1: "Marker 1", postal_code: "10115" };
    cloud.stripe.pay(await sessionOf(orderId), "card", {
      shippingOption: 1,
      shipping: { name: "Win", address: { ...address, line2: null, state: null } },
    });
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ amount: 8500, shipping_amount: 2500 });
    expect(await parcel(orderId)).toMatchObject({ destination: "DE", is_price_wrong: false });
  });
});
