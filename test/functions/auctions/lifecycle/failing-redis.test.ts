import { describe, expect, test } from "@jest/globals";
import { incrementsOf } from "../../../../functions/auctions/domain/auction.ts";
import { createOpening } from "../../../../functions/auctions/engine/lifecycle/open.ts";
import { holdNext } from "../../../support/calls/held-call.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import { community } from "../../../support/cloud.ts";
import {
  auction,
  builder,
  cloud,
  people,
  room,
  staff,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";
import { nextSweep, useTimeBeforeSweeps } from "./time-before-sweeps.ts";

useAuctionHouse({ fields: { duration: "2m" }, isRegistered: true });
useTimeBeforeSweeps();

const record = async (id: string) =>
  (await cloud.firestore.collection(`auctions/${id}/bids`).orderBy("sequence").get()).docs.map(
    (bid) => ({ bidder: bid.get("bidder_id"), price: bid.get("price") }),
  );
const loseRedis = async () => cloud.upstash?.loseData();
const LOST = { kind: "drop" } as const;

/** Puts an auction into Redis as it was before its first bid. */
async function reopen(auctionId: string, channelId: string, endsAt: Date): Promise<void> {
  await createOpening(redisOf(cloud))({
    auctionId,
    sellerId: builder,
    channelIds: [channelId],
    currency: "usd",
    startPrice: 5000,
    reserve: 0,
    increments: incrementsOf({ increment: undefined }, 100),
    counterBidMs: 10_000,
    endsAt,
    latestEnd: endsAt,
    typoFloor: 1,
    recorded: undefined,
    standing: undefined,
    commitments: [],
    repeatable: [],
  });
}

/** An interaction that seems to have waited for less than this is refused in time, without a decision. */
const LONG_AGO_S = 61;

/** Sends a `/bid` again under the same interaction's id, and returns the text of the answer. */
async function sendAgain(
  { interactionId }: { readonly interactionId: string },
  userId: string,
  channelId: string,
  amount: string,
): Promise<string> {
  const options = [{ name: "amount", type: 3, value: amount }];
  const body = JSON.stringify({
    id: interactionId,
    type: 2,
    token: "again",
    channel_id: channelId,
    member: { user: { id: userId } },
    data: { name: "bid", options },
  });
  const sent = await cloud.discord.client.post(cloud.url("discord-interactions"), { body });
  return (JSON.parse(sent.body) as { data: { content: string } }).data.content;
}

describe("a Redis that came back empty", () => {
  test("pauses bidding with an explanation, and then continues from the board's state", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50", "80");
    await room.bid(bob, channelId, "60");
    await room.pass(2);
    expect(room.board(channelId).text).toContain("$63.00");
    await loseRedis();
    expect((await room.bid(cy, channelId, "70")).text).toContain("Bidding pauses for a moment");
    await room.pass(3);
    expect((await room.bid(cy, channelId, "66")).text).toContain("stands at **$69.00** now");
    await room.pass(2);
    expect(await record(id)).toEqual([
      { bidder: ann, price: 5000 },
      { bidder: bob, price: 6300 },
      { bidder: cy, price: 6900 },
    ]);
    expect(room.board(channelId).text).toContain(ann);
  });

  test("at the end leaves a minute to bid, and sells to the leader", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await loseRedis();
    await room.pass(125);
    expect(await stored(id)).toMatchObject({ state: "live" });
    expect((await room.bid(bob, channelId, "53")).text).toContain("You lead");
    await room.pass(75);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: bob } });
    expect(await record(id)).toHaveLength(2);
  });

  test("continues an auction whose end had been decided and was not recorded yet", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy, dee] = [
      people.person(),
      people.person(),
      people.person(),
      people.person(),
    ];
    await room.bid(ann, channelId, "50");
    await room.bid(bob, channelId, "60");
    await room.bid(cy, channelId, "70");
    await room.pass(110);
    const booking = holdNext(cloud, "firestore", /^Commit/);
    await cloud.clock.advance(10_000);
    await booking.arrived;
    await loseRedis();
    // A board's task finds that Redis has lost the auction, and restores it.
    const endpoint = cloud.url("discord-interactions");
    const show = { name: "c500 auction show", options: { auction: id } };
    const place = { user: builder, channelId: room.channel(community.guildId) };
    await cloud.discord.client.command(endpoint, { ...place, ...show });
    await cloud.clock.advance(3_000);
    expect((await room.bid(dee, channelId, "80")).text).toContain("You lead");
    await booking.release();
    expect(await stored(id)).toMatchObject({ state: "live", standing: { leader_id: dee } });
    await room.pass(75);
    const result = { state: "sold", standing: { price: 8000 }, claim: { bidder_id: dee } };
    expect(await stored(id)).toMatchObject(result);
  });

  test("is restored by the sweeper if no task arrives", async () => {
    const { channelId, id } = await auction({ duration: "1h" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await loseRedis();
    cloud.faults.add({ target: "tasks", operation: /^dispatch auction-board/, fault: LOST });
    await nextSweep();
    expect((await room.bid(people.person(), channelId, "53")).text).toContain("You lead");
    expect(await stored(id)).toMatchObject({ state: "live", standing: { leader_id: ann } });
  });

  test("answers a bid that arrives again like the first time, although it was overtaken", async () => {
    const { channelId } = await auction({ duration: "1h" });
    const [ann, bob] = [people.person(), people.person()];
    const bid = await room.bid(ann, channelId, "50");
    await room.pass(2);
    await loseRedis();
    await room.bid(bob, channelId, "60");
    await room.pass(2);
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
    await room.pass(LONG_AGO_S);
    expect(await sendAgain(bid, ann, channelId, "50")).toContain("You lead at **$50.00**");
  });

  test("does not count a bid that arrives again after it was removed", async () => {
    const { channelId, id } = await auction({ duration: "1h" });
    const ann = people.person();
    const bid = await room.bid(ann, channelId, "50");
    await room.pass(2);
    await loseRedis();
    await room.bid(people.person(), channelId, "60");
    await room.pass(2);
    const options = { auction: id, bidder: ann, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await room.pass(LONG_AGO_S);
    await sendAgain(bid, ann, channelId, "50");
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { sequence: 2, leader_id: "-" } });
  });

  test("still refuses barred bidders", async () => {
    const { channelId } = await auction({ duration: "1h" });
    const ann = people.person();
    await cloud.firestore.doc(`users/${ann}`).set({ bidding_barred_at: cloud.clock.now() });
    await loseRedis();
    await room.bid(ann, channelId, "50");
    await room.pass(3);
    expect((await room.bid(ann, channelId, "50")).text).toContain(
      "You didn't pay for two auctions",
    );
  });
});

/** Keeps what Redis has of an auction and its stream of bids; `failOver` goes back to that. */
async function replicaOf(id: string) {
  const [auctionKey, bidsKey] = [`auction:${id}`, `auction-bids:${id}`];
  const run = async (...command: string[]) => (await cloud.upstash?.run(...command)) as unknown;
  const fields = (await run("HGETALL", auctionKey)) as string[];
  const bids = (await run("XRANGE", bidsKey, "-", "+")) as [string, string[]][];
  return {
    async regainHash() {
      await run("DEL", auctionKey);
      await run("HSET", auctionKey, ...fields);
    },

    async failOver() {
      await run("DEL", auctionKey, bidsKey);
      await run("HSET", auctionKey, ...fields);
      for (const [bidId, values] of bids) await run("XADD", bidsKey, bidId, ...values);
    },
  };
}

describe("a bid that is lost with its auction, though no other key is", () => {
  test("is offered to nobody when the winner does not pay", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const replica = await replicaOf(id);
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
    await replica.failOver();
    expect((await room.bid(cy, channelId, "70")).text).toContain("You lead at **$70.00**");
    await room.pass(200);
    expect(await stored(id)).toMatchObject({
      state: "sold",
      claim: { bidder_id: cy, amount: 7000 },
      runners_up: [{ bidder_id: ann, amount: 5000 }],
      bidder_count: 2,
    });
    expect(people.messagesTo(bob)).toEqual([expect.stringContaining("was lost")]);
  });

  test("leaves its bidder in the lead by another bid of theirs, and tells them so", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const replica = await replicaOf(id);
    await room.bid(bob, channelId, "60");
    await replica.failOver();
    await room.bid(bob, channelId, "70");
    await room.pass(60);
    const notices = people.messagesTo(bob).filter((text) => text.includes("was lost"));
    expect(notices).toEqual([expect.stringContaining("you lead at $70.00")]);
  });

  test("does not lead once the leader's bids are removed", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const replica = await replicaOf(id);
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
    await replica.failOver();
    expect((await room.bid(cy, channelId, "70")).text).toContain("You lead at **$70.00**");
    await room.pass(5);
    const options = { auction: id, bidder: cy, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await room.pass(3);
    const expected = { standing: { leader_id: ann, price: 5000 }, bidder_count: 1 };
    expect(await stored(id)).toMatchObject(expected);
  });
});

describe("an auction whose hash comes back as it was before a failover, but whose stream does not", () => {
  test("is restored by the first bid, though both end with the same number", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy, dan] = [0, 1, 2, 3].map(() => people.person()) as [
      string,
      string,
      string,
      string,
    ];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const replica = await replicaOf(id);
    await room.bid(bob, channelId, "60");
    const lost = await replicaOf(id);
    await replica.failOver();
    await room.bid(cy, channelId, "70");
    await room.pass(3);
    await lost.regainHash();
    expect((await room.bid(dan, channelId, "80")).text).toContain("Bidding pauses for a moment");
    await room.pass(3);
    expect((await room.bid(dan, channelId, "80")).text).toContain("You lead at **$80.00**");
    await room.pass(200);
    expect(await record(id)).toEqual([
      { bidder: ann, price: 5000 },
      { bidder: cy, price: 7000 },
      { bidder: dan, price: 8000 },
    ]);
    expect(await stored(id)).toMatchObject({
      state: "sold",
      claim: { bidder_id: dan, amount: 8000 },
      runners_up: [{ bidder_id: cy }, { bidder_id: ann }],
    });
  });

  test("is sold to the recorded leader if the hammer meets it first", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const replica = await replicaOf(id);
    await room.bid(bob, channelId, "60");
    const lost = await replicaOf(id);
    await replica.failOver();
    await room.bid(cy, channelId, "70");
    await room.pass(3);
    await lost.regainHash();
    await room.pass(300);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: cy } });
  });
});

describe("a Redis that lost its last bids and continued", () => {
  test("is reset to the record, and only its leader is asked to pay", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(bob, channelId, "50");
    await room.bid(ann, channelId, "100");
    await room.pass(2);
    // The auction as it was before these bids, as after a failover.
    await loseRedis();
    const before = (await stored(id)) ?? {};
    await reopen(id, channelId, (before["ends_at"] as { toDate(): Date }).toDate());
    await room.bid(cy, channelId, "50");
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
    await room.pass(200);
    expect(await stored(id)).toMatchObject({
      state: "sold",
      claim: { bidder_id: ann, amount: 10_000 },
    });
    // Both had received the answer that they led.
    expect(people.messagesTo(bob)).toEqual([expect.stringContaining("your bid of **$60.00**")]);
    expect(people.messagesTo(cy)).toEqual([expect.stringContaining("your bid of **$50.00**")]);
  });

  test("with a hash that is ahead of its stream is fixed, too", async () => {
    const { channelId, id } = await auction();
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await (await redisOf(cloud)()).hset(`auction:${id}`, { sequence: "2" });
    await room.pass(200);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann } });
  });

  test("keeps an auction cancelled if its builder has cancelled it meanwhile", async () => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    await loseRedis();
    const answer = await room.control(builder, channelId, "cancel", { auction: id });
    expect(answer.text).toContain("is cancelled");
    await room.pass(5);
    expect((await room.bid(people.person(), channelId, "60")).text).toContain("is over");
    await room.start(builder, channelId);
  });
});

describe("a failing Redis", () => {
  test.each([
    ["answers errors", { kind: "fail", code: 500 } as const],
    ["breaks the connection", LOST],
    ["decides and answers nothing", { kind: "lose-answer" } as const],
  ])(
    "that %s is reported to the bidder, and the auction continues afterwards",
    async (_what, fault) => {
      const { channelId, id } = await auction();
      const [ann, bob] = [people.person(), people.person()];
      cloud.faults.add({ target: "upstash", operation: /EVAL/, fault });
      expect((await room.bid(ann, channelId, "50")).text).toContain("didn't get an answer in time");
      cloud.faults.clear();
      expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
      await room.pass(130);
      expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: bob } });
    },
  );
});
