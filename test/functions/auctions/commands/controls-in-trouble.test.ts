import { describe, expect, test } from "@jest/globals";
import { state } from "../../../../functions/auctions/engine/state.ts";
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

useAuctionHouse({ fields: { duration: "10m" }, isRegistered: true });

/** Sends a command without waiting for its effects. */
const send = (user: string, channelId: string, words: string, options: Record<string, string>) =>
  cloud.discord.client.command(cloud.url("discord-interactions"), {
    user,
    channelId,
    name: `c500 auction ${words}`,
    options,
  });

const leads = (user: string) => people.messagesTo(user).filter((text) => text.includes("You lead"));

describe("the new leader after someone's bids are removed", () => {
  test("is notified even if the first run crashed before it could", async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.bid(troll, channelId, "60");
    await room.pass(2);
    const posts = new RegExp(`^POST .*channels/${channelId}/messages`);
    cloud.faults.add({ target: "discord", operation: posts, fault: { kind: "fail", code: 500 } });
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    cloud.faults.clear();
    await room.pass(60);
    expect(leads(ann)).toHaveLength(1);
  });

  test("is not notified if they had already led, even if that was not recorded", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, troll] = [people.person(), people.person(), people.person()];
    await room.bid(troll, channelId, "50");
    await room.bid(ann, channelId, "60");
    await room.pass(2);
    await room.bid(bob, channelId, "70");
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await room.pass(3);
    expect(leads(bob)).toEqual([]);
  });

  test("is notified if they had been outbid, even if that was not recorded", async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(ann, channelId, "60");
    await room.pass(2);
    await room.bid(troll, channelId, "70");
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await room.pass(3);
    expect(leads(ann)).toHaveLength(1);
  });
});

describe("a removal of bids that is delivered again after Redis was restored", () => {
  test("is answered as done, and everyone is notified", async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.bid(troll, channelId, "60");
    await room.pass(2);
    const posts = new RegExp(`^POST .*channels/${channelId}/messages`);
    cloud.faults.add({ target: "discord", operation: posts, fault: { kind: "fail", code: 500 } });
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    const removal = await send(staff, channelId, "remove-bids", options);
    await cloud.clock.advance(400);
    await cloud.upstash?.loseData();
    await room.bid(ann, channelId, "70");
    await cloud.clock.advance(3000);
    cloud.faults.clear();
    await room.pass(60);
    expect(toAnswer(cloud.discord, removal.id).text).toContain("are removed");
    expect(people.messagesTo(troll).join()).toContain("Bids for fun");
    expect(leads(ann)).toHaveLength(1);
  });
});

describe("a removal of bids that only Redis's stream of bids still has after a failover", () => {
  /** An auction whose hash went back to before a removal, which was made but neither answered nor recorded. */
  const failedOver = async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.bid(troll, channelId, "60");
    await room.pass(2);
    const run = async (...command: string[]) => cloud.upstash?.run(...command);
    const fields = (await run("HGETALL", `auction:${id}`)) as string[];
    const boards = { target: "tasks", operation: /^dispatch auction-board/ } as const;
    cloud.faults.add({ ...boards, fault: { kind: "fail", code: 503 } });
    const reads = { target: "upstash", operation: /^XRANGE/ } as const;
    const outage = cloud.faults.add({ ...reads, fault: { kind: "fail", code: 500 } });
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    const removal = await send(staff, channelId, "remove-bids", options);
    await cloud.clock.advance(900);
    await run("DEL", `auction:${id}`);
    await run("HSET", `auction:${id}`, ...fields);
    cloud.faults.remove(outage);
    expect(await run("XLEN", `auction-bids:${id}`)).toBe(3);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: troll } });
    return { id, removal, ann, troll };
  };

  const expectDone = async ({
    id,
    removal,
    ann,
    troll,
  }: Awaited<ReturnType<typeof failedOver>>) => {
    expect(toAnswer(cloud.discord, removal.id).text).toContain("are removed");
    expect(people.messagesTo(troll).join()).toContain("Bids for fun");
    expect(leads(ann)).toHaveLength(1);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann, price: 5000 } });
  };

  test("is answered as done when it is delivered again, and everyone is notified", async () => {
    const made = await failedOver();
    await room.pass(30);
    cloud.faults.clear();
    await room.pass(60);
    await expectDone(made);
  });

  test("is finished even if it is delivered again when it is too old", async () => {
    const deliveries = { target: "pubsub", operation: /^deliver auction-control/ } as const;
    const made = await failedOver();
    cloud.faults.add({ ...deliveries, fault: { kind: "fail", code: 503 } });
    await room.pass(301);
    expect(people.messagesTo(made.troll).join()).not.toContain("Bids for fun");
    cloud.faults.clear();
    await room.pass(60);
    await expectDone(made);
  });
});

describe("a removal of bids that found none", () => {
  test("removes none that came after its answer when it is delivered again", async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    const removal = await room.control(staff, channelId, "remove-bids", options);
    expect(removal.text).toContain("nothing to remove");
    await room.bid(troll, channelId, "60");
    const command = "c500 auction remove-bids";
    await redeliver(cloud, removal, { command, handler: "auction-control", options });
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: troll, price: 6000 } });
    expect(toAnswer(cloud.discord, removal.interactionId).text).toContain("nothing to remove");
  });
});

describe("an auction whose only bids were removed, and that Redis has lost", () => {
  test("is restored with the number of its bids, and counts on from there", async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(troll, channelId, "60");
    await room.pass(2);
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await room.pass(3);
    await cloud.upstash?.loseData();
    await room.bid(ann, channelId, "70");
    await room.pass(60);
    expect(await stored(id)).toMatchObject({ interruption: { bids: 1 } });
    await room.bid(ann, channelId, "80");
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann, bids: 2, sequence: 3 } });
  });
});

describe("a sale below the reserve at the time of the hammer", () => {
  test("asks the winner to pay at once", async () => {
    const { channelId, id } = await auction({ duration: "30s", reserve: "100" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    const hammerAtMs = Math.ceil((await endOf(id)) / 1000) * 1000;
    await cloud.clock.advance(hammerAtMs - 50 - cloud.clock.nowMs());
    await cloud.settle();
    const slow = { kind: "delay", ms: 700 } as const;
    cloud.faults.add({ target: "upstash", operation: /^EVALSHA/, fault: slow, times: 1 });
    await send(builder, channelId, "sell", { auction: id });
    await cloud.clock.advance(600);
    expect(await stored(id)).toMatchObject({ state: "unsold" });
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann } });
    expect(people.messagesTo(ann).join()).toContain("is yours for **$50.00**");
  });
});

describe("a sale below the reserve while a bid meets it", () => {
  test("is refused, and the auction runs on with its reserve", async () => {
    const { channelId, id } = await auction({ reserve: "100" });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const slow = { kind: "delay", ms: 700 } as const;
    cloud.faults.add({ target: "upstash", operation: /^EVALSHA/, fault: slow, times: 1 });
    const sale = await send(builder, channelId, "sell", { auction: id });
    await cloud.clock.advance(100);
    await room.bid(bob, channelId, "120");
    await room.pass(3);
    expect(toAnswer(cloud.discord, sale.id).text).toContain("Its reserve is met");
    expect(await stored(id)).toMatchObject({ state: "live", standing: { leader_id: bob } });
    await room.control(builder, channelId, "close", { auction: id });
    expect(await stored(id)).toMatchObject({ state: "sold" });
    expect((await stored(id))?.["runners_up"]).toEqual([]);
  });
});

describe("an item that is sold below the reserve while a rerun is requested", () => {
  test("does not run again", async () => {
    const { channelId, id } = await room.hammered(builder, ["50"], { reserve: "100" });
    const slow = { kind: "delay", ms: 700 } as const;
    cloud.faults.add({ target: "upstash", operation: /^GET$/, fault: slow, times: 1 });
    const rerun = await send(builder, channelId, "rerun", { auction: id });
    await cloud.clock.advance(100);
    await send(staff, channelId, "sell", { auction: id });
    await cloud.clock.advance(300);
    expect(await stored(id)).toMatchObject({ state: "sold" });
    await room.pass(3);
    expect(await stored(rerun.id)).toBeUndefined();
    expect(toAnswer(cloud.discord, rerun.id).text).toContain("is sold");
  });
});

describe("a sale below the reserve that is interrupted while its builder is notified of the hammer", () => {
  test("is settled by the sweeper", async () => {
    const { channelId, id } = await auction({ duration: "30s", reserve: "100" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(25);
    const notice = holdNext(cloud, "discord", /^POST .*channels$/);
    await cloud.clock.advance((await endOf(id)) + 3000 - cloud.clock.nowMs());
    await notice.arrived;
    expect(await stored(id)).toMatchObject({ state: "unsold", is_settling: true });
    const outage = { kind: "fail", code: 14 } as const;
    cloud.faults.add({ target: "tasks", operation: /^CreateTask/, fault: outage });
    const sale = await send(builder, channelId, "sell", { auction: id });
    await cloud.clock.advance(900);
    expect(await stored(id)).toMatchObject({ state: "sold" });
    await notice.release();
    await cloud.clock.advance(5000);
    cloud.faults.clear();
    await room.pass(60);
    expect(toAnswer(cloud.discord, sale.id).text).toContain("is sold for **$50.00**");
    await room.pass(15 * 60);
    expect(await stored(id)).toMatchObject({ claim: { bidder_id: ann } });
    expect(people.messagesTo(ann).join()).toContain("is yours for");
  });
});

describe("an item that is rerun twice at once, in two channels", () => {
  test("runs again in one of them, even if one command is slow", async () => {
    const other = await room.hammered(builder, [], {});
    const { channelId, id } = await room.hammered(builder, [], {});
    const slow = { kind: "delay", ms: 700 } as const;
    cloud.faults.add({ target: "firestore", operation: /^Commit/, fault: slow, times: 2 });
    const first = await send(builder, channelId, "rerun", { auction: id });
    await cloud.clock.advance(900);
    const second = await send(staff, other.channelId, "rerun", { auction: id });
    await room.pass(5);
    const reruns = [await stored(first.id), await stored(second.id)];
    expect(reruns.flatMap((each) => each?.["state"] ?? [])).toEqual(["live"]);
  });
});

describe("a hammer that the builder dropped, and that Redis has lost", () => {
  test("accepts no bid after it", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await room.control(builder, channelId, "close", { auction: id });
    // As after a failover that lost the last write.
    await (await redisOf(cloud)()).hset(`auction:${id}`, { status: "live" });
    const client = await redisOf(cloud)();
    const closed = state.decode(await client.hget(`auction:${id}`, "state"));
    if (!closed) throw new Error("Redis does not have the auction.");
    const endsAtMs = Math.round(cloud.clock.nowMs()) + 300_000;
    await client.hset(`auction:${id}`, { state: state.encode({ ...closed, endsAtMs }) });
    await client.set(`auction-channel:${channelId}`, id);
    await room.bid(bob, channelId, "60");
    await room.pass(5);
    expect((await room.bid(bob, channelId, "70")).text).toContain("Too late");
    await room.pass(5);
    expect(await stored(id)).toMatchObject({ state: "sold", standing: { leader_id: ann } });
    expect(people.messagesTo(bob).join()).toContain("was lost");
  });
});

describe("a voiding that was interrupted, and whose message was acknowledged", () => {
  const linksOf = (user: string) =>
    JSON.stringify(cloud.discord.dms(user).map(({ components }) => components));
  const sweep = async () => {
    await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    await cloud.settle();
  };

  test("is finished by the sweeper: the link is closed and the winner is notified", async () => {
    const { channelId, id, who } = await room.hammered(builder, ["50"], {});
    const [winner = ""] = who;
    const orderId = `auction-${id}-0`;
    const operation = /^POST .*\/expire$/;
    const isDown = { kind: "fail", code: 503 } as const;
    const outage = cloud.faults.add({ target: "stripe", operation, fault: isDown });
    expect(linksOf(winner)).toContain("cs_test_");
    await send(builder, channelId, "void", { auction: id });
    await cloud.clock.advance(1000);
    expect(await stored(id)).toMatchObject({ state: "void", is_settling: true });
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver auction-control/,
      fault: { kind: "drop" },
    });
    await cloud.clock.advance(60_000);
    cloud.faults.remove(outage);
    expect(people.messagesTo(winner).join()).not.toContain("was taken back");
    await sweep();
    expect(await stored(id)).toMatchObject({ is_settling: false });
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "cancelled" });
    expect(people.messagesTo(winner).filter((text) => text.includes("you owe"))).toHaveLength(1);
    expect(linksOf(winner)).not.toContain("cs_test_");
  });

  test("is finished by the sweeper: a payment is refunded", async () => {
    const { id } = await room.hammered(builder, ["50"], {});
    const orderId = `auction-${id}-0`;
    cloud.stripe.pay(String((await people.order(orderId))["checkout_session_id"]));
    await cloud.settle();
    // As a run leaves it that ended right after it had voided the result.
    await cloud.firestore.doc(`auctions/${id}`).update({ state: "void", is_settling: true });
    await sweep();
    expect(await stored(id)).toMatchObject({ is_settling: false });
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "refunded" });
  });
});
