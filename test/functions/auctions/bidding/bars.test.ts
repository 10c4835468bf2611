import { describe, expect, test } from "@jest/globals";
import { createBiddingBars } from "../../../../functions/auctions/store/bidding-bars/bidding-bars.ts";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import { community, directDatabase } from "../../../support/cloud.ts";
import type { Answer } from "../../../support/shop/shop.ts";
import { builder, cloud, people, room, staff, useAuctionHouse } from "../auction-house.ts";

const DAY_MS = 24 * 3_600_000;

useAuctionHouse({ isRegistered: true });

/** Someone who has won twice without paying. */
async function nonPayer(): Promise<string> {
  const person = people.person();
  for (let times = 0; times < 2; times += 1) {
    await room.hammered(builder, ["50"], {}, [person]);
    await people.pass(33);
    await room.pass(3);
  }
  return person;
}

/** The answer to someone's bid in a separate auction. */
async function bids(person: string): Promise<string> {
  const channelId = room.channel(community.guildId);
  await room.start(builder, channelId);
  return (await room.bid(person, channelId, "50")).text;
}

const bar = (by: string, bidder: string, options: { reason?: string; days?: number } = {}) =>
  room.control(by, community.ordersChannelId, "bar", {
    bidder,
    reason: "Bids for fun",
    ...options,
  });
const lift = (by: string, bidder: string) =>
  room.control(by, community.ordersChannelId, "lift", { bidder });

/** Pub/Sub redelivers a command long after it was done. */
const repeat = (
  answer: Answer,
  command: string,
  options: Readonly<Record<string, string>>,
): Promise<void> => redeliver(cloud, answer, { command, handler: "auction-control", options });

describe("a bar that is lifted while an auction opens", () => {
  test("stays lifted", async () => {
    const ann = people.person();
    await bar(staff, ann);
    const { id: seller } = await people.builder();
    const slow = { kind: "delay", ms: 700 } as const;
    cloud.faults.add({ target: "upstash", operation: /^SET/, fault: slow, times: 1 });
    await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: seller,
      channelId: room.channel(community.guildId),
      name: "c500 auction start",
      options: { title: "Brass C500", price: "50", duration: "5m" },
    });
    await cloud.clock.advance(300);
    await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: staff,
      channelId: community.ordersChannelId,
      name: "c500 auction lift",
      options: { bidder: ann },
    });
    await room.pass(5);
    expect(await bids(ann)).toContain("You lead");
    expect(await (await redisOf(cloud)()).exists(`auction-barred:${ann}`)).toBe(0);
  });
});

describe("two unpaid wins within 90 days", () => {
  test("keep their bidder from bidding until a builder lifts it", async () => {
    const ann = await nonPayer();
    expect(await bids(ann)).toContain("You didn't pay for two auctions");
    expect((await lift(people.person(), ann)).text).toContain("That's for");
    expect((await lift(builder, ann)).text).toContain("can bid again");
    expect(await bids(ann)).toContain("You lead");
    expect((await lift(builder, ann)).text).toContain("They aren't barred");
  });

  test("do so for 90 days, in Firestore and in Redis, even after Redis was lost and restored", async () => {
    const ann = await nonPayer();
    const other = await nonPayer();
    await cloud.pass(89 * DAY_MS);
    expect(await bids(ann)).toContain("You didn't pay for two auctions");
    const redis = await redisOf(cloud)();
    // Redis is restored a day before the bar's end, with the original end.
    await redis.flushall();
    expect(await bids(other)).toContain("You didn't pay for two auctions");
    expect(await redis.pttl(`auction-barred:${other}`)).toBeGreaterThan(0);
    await cloud.pass(DAY_MS);
    expect(await bids(ann)).toContain("You lead");
    expect(await bids(other)).toContain("You lead");
  }, 180_000);

  test("are not lifted by an older command that is redelivered", async () => {
    const ann = await nonPayer();
    const lifted = await lift(builder, ann);
    await room.hammered(builder, ["50"], {}, [ann]);
    await people.pass(33);
    await room.pass(3);
    await room.hammered(builder, ["50"], {}, [ann]);
    await people.pass(33);
    await room.pass(3);
    expect(await bids(ann)).toContain("You didn't pay for two auctions");
    await repeat(lifted, "c500 auction lift", { bidder: ann });
    expect(await bids(ann)).toContain("You didn't pay for two auctions");
  }, 180_000);

  test("do not bar anyone whose wins are lifted while the second one is recorded", async () => {
    const { clock } = cloud;
    const bars = createBiddingBars(async () => directDatabase(cloud));
    const now = clock.now();
    const lifter = { actId: "1000", isStaff: true };
    for (let round = 0; round < 20; round += 1) {
      const ann = people.person();
      await bars.noteUnpaid(ann, "first", now);
      const both = [bars.noteUnpaid(ann, "second", now), bars.lift(ann, lifter, now)];
      // A transaction that loses the conflict retries a second later, by the clock.
      await clock.drive(Promise.all(both));
      expect(await bars.get(ann, now)).toBeUndefined();
    }
  });

  test("cannot be lifted by the barred bidder, even a builder", async () => {
    const seller = (await people.builder({ isLive: true })).id;
    await room.hammered(builder, ["50"], {}, [seller]);
    expect((await lift(seller, seller)).text).toContain("You can't lift your own bar");
    expect((await lift(staff, staff)).text).toContain("You can't lift your own bar");
  });
});

describe("a bar by staff", () => {
  test("is reserved to staff", async () => {
    const ann = people.person();
    expect((await bar(builder, ann)).text).toContain("That's for the team");
    expect((await bar(people.person(), ann)).text).toContain("That's for the team");
    expect(await bids(ann)).toContain("You lead");
    expect((await bar(staff, staff)).text).toContain("can't bar yourself");
  });

  test("refuses every bid with its reason, of which the person is notified once", async () => {
    const ann = people.person();
    const answer = await bar(staff, ann, { reason: "Bids for [fun](https://x.example)" });
    expect(answer.text).toContain("I've sent them the reason");
    const refused = await bids(ann);
    expect(refused).toContain("Bids for \\[fun\\]");
    expect(people.messagesTo(ann).filter((text) => text.includes("barred you"))).toHaveLength(1);
    await repeat(answer, "c500 auction bar", { bidder: ann, reason: "Bids for fun" });
    expect(people.messagesTo(ann).filter((text) => text.includes("barred you"))).toHaveLength(1);
  });

  test("is lifted by staff, not by builders", async () => {
    const ann = people.person();
    const barred = await bar(staff, ann);
    expect((await lift(builder, ann)).text).toContain("only the team can lift it");
    expect(await bids(ann)).toContain("The team accepts no bids");
    expect((await lift(people.person({ permissions: "32" }), ann)).text).toContain("bid again");
    expect(await bids(ann)).toContain("You lead");
    // The bar's message is redelivered: the later decision remains.
    await repeat(barred, "c500 auction bar", { bidder: ann, reason: "Bids for fun" });
    expect(await bids(ann)).toContain("You lead");
  });

  test("applies once it was recorded, however late its command is finished", async () => {
    const ann = people.person();
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    await bar(staff, ann);
    await cloud.clock.advance(600_000);
    await cloud.settle();
    cloud.faults.clear();
    await cloud.pass(DAY_MS / 24);
    const redis = await redisOf(cloud)();
    expect(await redis.exists(`auction-barred:${ann}`)).toBe(1);
    expect(people.messagesTo(ann).filter((text) => text.includes("barred you"))).toHaveLength(1);
  });

  test("keeps its bidder from bidding in a running auction after Redis has lost it", async () => {
    const ann = people.person();
    const channelId = room.channel(community.guildId);
    await room.start(builder, channelId, { duration: "2h" });
    await bar(staff, ann);
    expect(await (await redisOf(cloud)()).del(`auction-barred:${ann}`)).toBe(1);
    await cloud.pass(DAY_MS / 48);
    expect((await room.bid(ann, channelId, "50")).text).toContain("The team accepts no bids");
  });

  test("ends after the given number of days", async () => {
    const ann = people.person();
    await bar(staff, ann, { days: 2 });
    await cloud.pass(DAY_MS);
    expect(await bids(ann)).toContain("The team accepts no bids");
    await cloud.pass(DAY_MS);
    expect(await bids(ann)).toContain("You lead");
    expect((await lift(staff, ann)).text).toContain("They aren't barred");
  }, 180_000);

  test("does not shorten an automatic one", async () => {
    const ann = await nonPayer();
    await bar(staff, ann, { days: 1 });
    await cloud.pass(2 * DAY_MS);
    expect(await bids(ann)).toContain("The team accepts no bids");
  }, 180_000);
});
