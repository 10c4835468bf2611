import { describe, expect, test } from "@jest/globals";
import { state } from "../../../../functions/auctions/engine/state.ts";
import { holdNext } from "../../../support/calls/held-call.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import { community } from "../../../support/cloud.ts";
import {
  auction,
  builder,
  cloud,
  endOf,
  people,
  room,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

useAuctionHouse({ fields: { duration: "10m" } });

/** The price on a board; undefined before the first bid. */
const priceOn = (channelId: string) =>
  /"name":"Price","value":"\*\*\$([\d.,]+)\*\*"/.exec(room.board(channelId).text)?.[1];

describe("the board of an auction with constant bidding", () => {
  test("is never more than two seconds old", async () => {
    const { channelId } = await auction({ increment: "1" });
    const crowd = Array.from({ length: 40 }, () => people.person());
    const ages: number[] = [];
    const bidAtMs = new Map<string, number>();
    for (let index = 0; index < 120; index += 1) {
      const amount = `${50 + index}.00`;
      await room.bid(crowd[index % crowd.length] ?? "", channelId, amount);
      bidAtMs.set(amount, cloud.clock.nowMs());
      await cloud.clock.advance(100);
      await cloud.settle();
      const shownAtMs = bidAtMs.get(priceOn(channelId) ?? "");
      if (index >= 30) ages.push(cloud.clock.nowMs() - (shownAtMs ?? 0));
    }
    expect(Math.max(...ages)).toBeLessThanOrEqual(2_000);
  });

  test("catches up within seconds after an instance crashes while holding the board's lock", async () => {
    const { channelId, id } = await auction();
    const lock = `auction-board-lock:${id}:${channelId}`;
    await (await redisOf(cloud)()).set(lock, "a crashed instance", { px: 5_000 });
    await room.bid(people.person(), channelId, "50");
    await room.pass(3);
    // What Redis could lose is still recorded.
    expect(await stored(id)).toMatchObject({ standing: { price: 5000 } });
    await room.pass(9);
    expect(priceOn(channelId)).toBe("50.00");
  });

  test("does not wait for a lock that could not be freed", async () => {
    const { channelId } = await auction();
    await room.bid(people.person(), channelId, "50");
    const refuse = { kind: "fail", code: 500 } as const;
    const free = { target: "upstash", operation: /EVAL(?!SHA)/ } as const;
    cloud.faults.add({ ...free, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...free, fault: refuse, times: 1 });
    await room.pass(2);
    cloud.faults.clear();
    await room.bid(people.person(), channelId, "60");
    await room.pass(10);
    expect(priceOn(channelId)).toBe("60.00");
  });

  test("is right within 15 seconds of Redis's last failed call, however many failed before", async () => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    await room.pass(70);
    cloud.faults.clear();
    expect(priceOn(channelId)).toBeUndefined();
    await room.pass(15);
    expect(await stored(id)).toMatchObject({ standing: { price: 5000 } });
    expect(priceOn(channelId)).toBe("50.00");
  });

  test("shows the state at the time of the edit, not the one before waiting for Discord", async () => {
    const { channelId } = await auction();
    await room.bid(people.person(), channelId, "50");
    const wait = { kind: "fail", code: 429, retryAfterMs: 3_000 } as const;
    cloud.faults.add({ target: "discord", operation: /^PATCH/, fault: wait, times: 1 });
    await cloud.clock.advance(1_500);
    await room.bid(people.person(), channelId, "60");
    const edits: string[] = [];
    for (let second = 0; second < 8; second += 1) {
      await room.pass(1);
      edits.push(priceOn(channelId) ?? "");
    }
    expect(edits).toContain("60.00");
    expect(edits).not.toContain("50.00");
  });

  test("waits exactly as long as Discord asks, not rounded up to a second", async () => {
    const { channelId } = await auction();
    await cloud.clock.advance(1_000 - (cloud.clock.nowMs() % 1_000));
    await room.bid(people.person(), channelId, "60");
    const wait = { kind: "fail", code: 429, retryAfterMs: 200 } as const;
    cloud.faults.add({ target: "discord", operation: /^PATCH/, fault: wait, times: 1 });
    await cloud.clock.advance(1_700);
    expect(priceOn(channelId)).toBe("60.00");
  });

  test("records bids while one board's edit hangs, and updates the other board", async () => {
    const { channelId, id } = await auction();
    const other = room.channel(community.guildId);
    await room.control(builder, other, "show", { auction: id });
    await room.pass(3);
    const edit = holdNext(cloud, "discord", new RegExp(`^PATCH .*${channelId}`));
    await room.bid(people.person(), channelId, "50");
    await cloud.clock.advance(1_500);
    await edit.arrived;
    await room.bid(people.person(), channelId, "60");
    await cloud.clock.advance(2_500);
    expect(await stored(id)).toMatchObject({ standing: { price: 6000 } });
    await edit.release();
    await room.pass(5);
    expect(priceOn(channelId)).toBe("60.00");
    expect(priceOn(other)).toBe("60.00");
  });
});

describe("data that Redis has lost", () => {
  test("about a channel's auction is restored by the first bid there, which counts", async () => {
    const { channelId, id } = await auction();
    const redis = await redisOf(cloud)();
    await redis.del(`auction-channel:${channelId}`);
    expect((await room.bid(people.person(), channelId, "50")).text).toContain("You lead at");
    expect(await redis.get(`auction-channel:${channelId}`)).toBe(id);
  });

  test.each([
    ["a hash that is behind its stream", -1],
    ["a stream that is behind its hash", 1],
  ])(
    "is restored from %s: the first bid is paused, and the next ones are decided",
    async (_what, by) => {
      const { channelId, id } = await auction();
      const [ann, bob] = [people.person(), people.person()];
      await room.bid(ann, channelId, "50");
      await room.pass(2);
      const redis = await redisOf(cloud)();
      const before = String(await redis.hget(`auction:${id}`, "state"));
      const bid = state.decode(before);
      if (!bid) throw new Error("Redis does not have the auction.");
      if (by < 0) {
        await room.bid(bob, channelId, "60");
        await redis.hset(`auction:${id}`, { state: before });
      } else {
        await redis.hset(`auction:${id}`, { state: state.encode({ ...bid, sequence: 2 }) });
      }
      expect((await room.bid(people.person(), channelId, "90")).text).toContain("Bidding pauses");
      await room.pass(3);
      expect((await room.bid(people.person(), channelId, "100")).text).toContain("You lead at");
      await room.pass(3);
      expect(priceOn(channelId)).toBe("100.00");
      // A bid that only the stream had was accepted, so it counts.
      expect(await stored(id)).toMatchObject({ standing: { bids: by < 0 ? 3 : 2 } });
    },
  );

  test("about accepted bids is reported to their bidders, on the board and in the channel", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await room.bid(bob, channelId, "60");
    await room.bid(cy, channelId, "70");
    await cloud.upstash?.loseData();
    await room.pass(6);
    expect(people.messagesTo(bob)).toEqual([expect.stringContaining("your bid of **$60.00**")]);
    expect(people.messagesTo(cy)).toEqual([expect.stringContaining("your bid of **$70.00**")]);
    expect(people.messagesTo(ann)).toEqual([]);
    expect(room.board(channelId).text).toContain("Went back to bid 1");
    const posts = cloud.discord.messages(channelId).map(({ content }) => content);
    expect(posts).toContainEqual(expect.stringContaining("was paused and continues now"));
    expect(await stored(id)).toMatchObject({ state: "live", standing: { leader_id: ann } });
  });

  test("is shown as paused bidding on the board while it is being restored", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await (await redisOf(cloud)()).del(`auction:${id}`);
    const record = holdNext(cloud, "firestore", /^RunQuery/);
    expect((await room.bid(bob, channelId, "60")).text).toContain("Bidding pauses");
    await cloud.clock.advance(1_000);
    await record.arrived;
    await cloud.clock.advance(2_000);
    expect(room.board(channelId).text).toContain("Bidding is paused");
    await record.release();
    await room.pass(3);
    expect(room.board(channelId).text).not.toContain("Bidding is paused");
    expect(room.board(channelId).text).toContain("Went back to bid 1");
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at");
  });

  test("is not reported to anyone if it was recorded", async () => {
    const { channelId } = await auction();
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(20);
    expect(people.messagesTo(ann)).toEqual([]);
    expect(room.board(channelId).text).not.toContain("Went back");
  });

  test("does not include a bid whose response was lost: the board shows it", async () => {
    const { channelId } = await auction();
    const lost = { kind: "lose-answer" } as const;
    cloud.faults.add({ target: "upstash", operation: /EVALSHA/, fault: lost, times: 2 });
    const answer = await room.bid(people.person(), channelId, "50");
    expect(answer.text).toContain("may or may not count");
    cloud.faults.clear();
    await room.pass(3);
    expect(priceOn(channelId)).toBe("50.00");
  });
});

describe("more bids than an instance can handle", () => {
  test("are refused in time with an explanation, and the others are decided", async () => {
    const { channelId, id } = await auction({ increment: "0.01" });
    const slow = { kind: "delay", ms: 600 } as const;
    cloud.faults.add({ target: "upstash", operation: /EVALSHA/, fault: slow });
    const crowd = Array.from({ length: 300 }, () => people.person());
    const answers = await Promise.all(
      crowd.map((bidder, index) => room.bid(bidder, channelId, (50 + index / 100).toFixed(2))),
    );
    cloud.faults.clear();
    const refused = answers.filter(({ text }) => text.startsWith("So many people are bidding"));
    const decided = answers.filter(({ text }) => /You lead at|is too low/.test(text));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length + decided.length).toBe(crowd.length);
    await room.pass(5);
    const record = await cloud.firestore.collection(`auctions/${id}/bids`).get();
    expect(record.size).toBeLessThanOrEqual(decided.length);
  });

  test("include those that waited since Discord sent them: the three seconds start there", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    const slow = { kind: "delay", ms: 2_000 } as const;
    cloud.faults.add({ target: "discord", operation: /^deliver/, fault: slow, times: 1 });
    expect((await room.bid(bob, channelId, "60")).text).toContain("So many people are bidding");
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann, bids: 1 } });
  });

  test("that reach a new instance cause a single read for all of them", async () => {
    const { channelId } = await auction({ increment: "1" });
    cloud.faults.add({
      target: "upstash",
      operation: /^GET$/,
      fault: { kind: "delay", ms: 50 },
      times: 1,
    });
    // Any further read is one too many.
    cloud.faults.add({
      target: "upstash",
      operation: /^GET$/,
      fault: { kind: "fail", code: 500 },
    });
    const crowd = Array.from({ length: 20 }, () => people.person());
    const answers = await Promise.all(
      crowd.map((bidder, index) => room.bid(bidder, channelId, `${50 + index}.00`)),
    );
    expect(answers.filter(({ text }) => !/You lead at|is too low/.test(text))).toEqual([]);
  });
});

describe("a reserve", () => {
  test("is the price as soon as a raised ceiling reaches it, on the board and in the answers", async () => {
    const { channelId, id } = await auction({ price: "50", reserve: "100" });
    const [ann, bob] = [people.person(), people.person()];
    const first = await room.bid(ann, channelId, "50", "60");
    expect(first.text).toContain("You lead at **$50.00**");
    expect(first.text).toContain("The reserve isn't met yet.");
    await room.pass(2);
    expect(room.board(channelId).text).toContain("not met yet");
    const raised = await room.bid(ann, channelId, "50", "150");
    expect(raised.text).toContain("The price is **$100.00**");
    expect(raised.text).toContain("The reserve is met.");
    await room.pass(2);
    expect(priceOn(channelId)).toBe("100.00");
    expect(room.board(channelId).text).toContain('"met"');
    expect((await room.bid(bob, channelId, "101")).text).toContain("**$105.00** or more");
    await room.pass(620);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { amount: 10_000 } });
  });
});

describe("time", () => {
  test("is Redis's: the record has the same end as Redis", async () => {
    const { channelId, id } = await auction({ duration: "30s" });
    await room.pass(22);
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    const inRedis = await (await redisOf(cloud)()).hget(`auction:${id}`, "state");
    expect(await endOf(id)).toBe(state.decode(inRedis)?.endsAtMs);
  });
});
