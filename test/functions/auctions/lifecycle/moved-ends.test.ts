import { describe, expect, test } from "@jest/globals";
import { holdNext } from "../../../support/calls/held-call.ts";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import { toAnswer } from "../../../support/shop/shop.ts";
import {
  auction,
  builder,
  cloud,
  endOf,
  people,
  room,
  staff,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

useAuctionHouse({ isRegistered: true });

/** Polls until the condition holds while a call hangs; waiting for all work would end the hang. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns += 1) {
    if (await check()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("The condition did not become true.");
}

/** Sends a command without waiting for its effects. */
const send = (channelId: string, words: string, options: Record<string, string>) =>
  cloud.discord.client.command(cloud.url("discord-interactions"), {
    user: builder,
    channelId,
    name: `c500 auction ${words}`,
    options,
  });

describe("an end that the builder has moved", () => {
  test("stays when an earlier bid is recorded after it", async () => {
    const { channelId, id } = await auction({ duration: "1m", counter_bid: 60 });
    await cloud.clock.advance(5000);
    const recording = holdNext(cloud, "firestore", /^Commit/);
    await room.bid(people.person(), channelId, "50");
    const endsAtMs = cloud.clock.nowMs() + 60_000;
    await cloud.clock.advance(1500);
    await recording.arrived;
    await send(channelId, "extend", { auction: id, by: "5m" });
    await until(async () => (await endOf(id)) > endsAtMs + 200_000);
    const moved = await endOf(id);
    await recording.release();
    await cloud.settle();
    expect(await stored(id)).toMatchObject({ standing: { price: 5000 } });
    expect(await endOf(id)).toBe(moved);
  });

  test("is restored in Redis after Redis has lost it", async () => {
    const { channelId, id } = await auction({ duration: "1m" });
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    const client = await redisOf(cloud)();
    const state = await client.hget(`auction:${id}`, "state");
    await room.control(builder, channelId, "extend", { auction: id, by: "5m" });
    await client.hset(`auction:${id}`, { state });
    await room.pass(120);
    expect(await stored(id)).toMatchObject({ state: "live" });
    expect((await room.bid(people.person(), channelId, "60")).text).toContain("You lead at");
  });

  test("holds even if Redis loses it just before the earlier end", async () => {
    const { channelId, id } = await auction({ duration: "1m" });
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    const client = await redisOf(cloud)();
    const state = await client.hget(`auction:${id}`, "state");
    const before = await endOf(id);
    await cloud.clock.advance(before - 5000 - cloud.clock.nowMs());
    await room.control(builder, channelId, "extend", { auction: id, by: "5m" });
    await room.pass(3);
    await client.hset(`auction:${id}`, { state });
    await room.pass(10);
    expect(await stored(id)).toMatchObject({ state: "live" });
    expect(await endOf(id)).toBe(before + 300_000);
    expect((await room.bid(people.person(), channelId, "60")).text).toContain("You lead at");
    await room.pass(300);
    expect(await stored(id)).toMatchObject({ state: "sold", standing: { price: 6000 } });
  });

  test("gets the same answer when its command is redelivered, even if another would now be refused", async () => {
    const { channelId, id } = await auction({ duration: "6d12h" });
    const options = { auction: id, by: "10h" };
    const answer = await room.control(builder, channelId, "extend", options);
    expect(answer.text).toContain("ends <t:");
    const moved = await endOf(id);
    const what = { command: "c500 auction extend", handler: "auction-control", options } as const;
    await redeliver(cloud, answer, what);
    expect(toAnswer(cloud.discord, answer.interactionId).text).toBe(answer.text);
    expect(await endOf(id)).toBe(moved);
    expect((await room.control(builder, channelId, "extend", options)).text).toContain("days");
    await room.control(builder, channelId, "cancel", { auction: id });
  });
});

describe("a control that was half done when a long outage began", () => {
  const LONG_S = 20 * 60;

  test("is finished: an extension is not refused as too old", async () => {
    const { channelId, id } = await auction({ duration: "2h" });
    const options = { auction: id, by: "10m" };
    const answer = await room.control(builder, channelId, "extend", options);
    await cloud.pass(LONG_S * 1000);
    const what = { command: "c500 auction extend", handler: "auction-control", options } as const;
    await redeliver(cloud, answer, what);
    expect(people.messagesTo(builder).join()).not.toContain("didn't act on it");
    await room.control(builder, channelId, "cancel", { auction: id });
  });

  test("is finished: everyone is notified of removed bids", async () => {
    const { channelId, id } = await auction({ duration: "2h" });
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.bid(troll, channelId, "60");
    await room.pass(2);
    const posts = new RegExp(`^POST .*channels/${channelId}/messages`);
    cloud.faults.add({ target: "discord", operation: posts, fault: { kind: "fail", code: 500 } });
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await cloud.pass(LONG_S * 1000);
    cloud.faults.clear();
    await cloud.pass(LONG_S * 1000);
    expect(people.messagesTo(troll).join()).toContain("Bids for fun");
    expect(people.messagesTo(ann).join()).toContain("You lead");
    await room.control(builder, channelId, "cancel", { auction: id });
  });
});

describe("the number of bidders", () => {
  test("is correct after a bid that arrived while earlier ones were being recorded", async () => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    const slow = { kind: "delay", ms: 500 } as const;
    cloud.faults.add({ target: "upstash", operation: /^XRANGE/, fault: slow, times: 1 });
    await cloud.clock.advance(1200);
    await room.bid(people.person(), channelId, "60");
    await room.pass(5);
    expect(await stored(id)).toMatchObject({ standing: { bids: 2 }, bidder_count: 2 });
  });
});

describe("someone who wants to be notified when they are outbid", () => {
  test("is notified, even after an auction that Redis had partly lost was restored", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await room.press(ann, channelId, room.board(channelId).id, `bid-notify:${id}`);
    await (await redisOf(cloud)()).del(`auction-bids:${id}`);
    expect((await room.bid(bob, channelId, "60")).text).toContain("Bidding pauses for a moment");
    await room.pass(3);
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at");
    await room.pass(3);
    expect(people.messagesTo(ann).join()).toContain("outbid");
  });
});
