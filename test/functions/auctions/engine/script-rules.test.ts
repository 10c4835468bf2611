import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { MAX_AMOUNT, MAX_CONSIDERED } from "../../../../functions/auctions/domain/auction.ts";
import {
  auctionKeys,
  barKey,
  channelKey,
  noticeField,
} from "../../../../functions/auctions/engine/keys.ts";
import { KEPT_FOR_MS } from "../../../../functions/auctions/engine/lifecycle/close.ts";
import { startAuctionEngine } from "../../../support/auctions/auction-engine.ts";

let engine: Awaited<ReturnType<typeof startAuctionEngine>>;

beforeAll(async () => {
  engine = await startAuctionEngine();
});
afterAll(() => engine.stop());

/** What the record says of its last bid. */
const lastBid = (sequence: number, bidId: string) => ({
  sequence,
  bidId,
  bids: sequence,
  at: new Date(engine.clock.nowMs()),
});
const pass = (ms: number) => engine.clock.pass(ms);
const sold = async (auctionId: string, channelIds: readonly string[] = []) => {
  const closed = await engine.close({ auctionId, channelIds }, "now");
  if (closed.outcome !== "sold") throw new Error(`It is ${closed.outcome}.`);
  return closed;
};

describe("a reserve", () => {
  test("that a raised ceiling reaches is the price at once, and the price at the hammer", async () => {
    const auction = await engine.auction({ reserve: 5000 });
    await engine.bid(auction, "ann", 1000, 4000);
    pass(1000);
    expect(await engine.bid(auction, "ann", 1000, 4999)).toMatchObject({
      outcome: "ceiling-raised",
      price: 1000,
      isReserveMet: false,
    });
    pass(1000);
    expect(await engine.bid(auction, "ann", 1000, 5000)).toMatchObject({
      outcome: "ceiling-raised",
      price: 5000,
      nextAmount: 5300,
      isReserveMet: true,
    });
    expect(await sold(auction.auctionId)).toMatchObject({ price: 5000, winnerId: "ann" });
  });

  test("that was met stays the price while the ceiling rises further", async () => {
    const auction = await engine.auction({ reserve: 3000 });
    await engine.bid(auction, "ann", 1000, 6000);
    await engine.bid(auction, "bob", 4000);
    pass(1000);
    expect(await engine.bid(auction, "ann", 1000, 9000)).toMatchObject({ price: 4200 });
  });

  test("that was not met means no sale, and runners-up below it are never asked", async () => {
    const unmet = await engine.auction({ reserve: 5000 });
    await engine.bid(unmet, "ann", 4999);
    const { auctionId } = unmet;
    expect(await engine.close({ auctionId, channelIds: [] }, "now")).toMatchObject({
      outcome: "unsold",
      price: 4999,
      leaderId: "ann",
    });
    const met = await engine.auction({ reserve: 5000 });
    await engine.bid(met, "ann", 4999);
    await engine.bid(met, "bob", 5300);
    await engine.bid(met, "cy", 5600);
    expect((await sold(met.auctionId)).runnersUp).toEqual([{ bidderId: "bob", amount: 5300 }]);
  });

  test("that was met is not waived, and a sale below it closes nothing", async () => {
    const auction = await engine.auction({ reserve: 5000 });
    const place = { auctionId: auction.auctionId, channelIds: [] };
    expect(await engine.close(place, "sell")).toMatchObject({ outcome: "open" });
    await engine.bid(auction, "ann", 4999);
    await engine.bid(auction, "bob", 5300);
    expect(await engine.close(place, "sell")).toMatchObject({ outcome: "open" });
    expect(await sold(auction.auctionId)).toMatchObject({ winnerId: "bob", runnersUp: [] });
    expect(await engine.close(place, "sell")).toMatchObject({ outcome: "sold", runnersUp: [] });
  });

  test("is permanently waived by a seller who sells below it, also after the hammer", async () => {
    const { auctionId } = await engine.auction({ reserve: 9000 });
    await engine.bid({ auctionId }, "ann", 2000);
    await engine.bid({ auctionId }, "bob", 3000);
    const place = { auctionId, channelIds: [] };
    expect(await engine.close(place, "now")).toMatchObject({ outcome: "unsold" });
    const runnersUp = [{ bidderId: "ann", amount: 2000 }];
    const expected = { outcome: "sold", winnerId: "bob", price: 3000, runnersUp };
    expect(await engine.close(place, "sell")).toMatchObject(expected);
    expect(await engine.close(place)).toMatchObject(expected);
  });
});

describe("runners-up", () => {
  test("have their amounts to the cent, however high they are", async () => {
    const amounts = [4_194_303, 4_194_304, 4_194_305, 6_000_001, 9_876_543, MAX_AMOUNT - 50_000];
    const auction = await engine.auction({ increments: [{ from: 0, by: 1 }] });
    for (const [index, amount] of amounts.entries()) {
      await engine.bid(auction, `bidder-${index}`, amount);
    }
    await engine.bid(auction, "winner", MAX_AMOUNT);
    const { runnersUp, price } = await sold(auction.auctionId);
    expect(price).toBe(MAX_AMOUNT);
    expect(runnersUp.map(({ amount }) => amount)).toEqual(amounts.toReversed());
  });

  test("with equal amounts are asked in the order of their bids", async () => {
    const auction = await engine.auction({ increments: [{ from: 0, by: 1 }] });
    await engine.bid(auction, "top", 2000, 5_000_000);
    for (const bidder of ["first", "second", "third"]) {
      const { outcome } = (await engine.bid(auction, bidder, 4_500_000)) as { outcome: string };
      expect(outcome).toBe(bidder === "first" ? "outbid" : "too-low");
    }
    await engine.bid(auction, "fourth", 4_500_001, 5_000_000);
    const { runnersUp, winnerId, price } = await sold(auction.auctionId);
    expect({ winnerId, price }).toEqual({ winnerId: "top", price: 5_000_000 });
    expect(runnersUp).toEqual([
      { bidderId: "fourth", amount: 5_000_000 },
      { bidderId: "first", amount: 4_500_000 },
    ]);
  });

  test("are the highest of all bidders, up to the number considered", async () => {
    const auction = await engine.auction({ increments: [{ from: 0, by: 1 }] });
    for (let bidder = 0; bidder < MAX_CONSIDERED + 3; bidder += 1) {
      await engine.bid(auction, `bidder-${bidder}`, 2000 + bidder);
    }
    const { runnersUp } = await sold(auction.auctionId);
    expect(runnersUp).toHaveLength(MAX_CONSIDERED);
    expect(runnersUp[0]).toEqual({
      bidderId: `bidder-${MAX_CONSIDERED + 1}`,
      amount: 2000 + MAX_CONSIDERED + 1,
    });
    expect(runnersUp.at(-1)?.amount).toBe(2002);
  });
});

describe("an auction that is over", () => {
  test.each(["close", "cancel"] as const)(
    "frees its channels, and no other auction's (%s)",
    async (how) => {
      const channelIds = [`${how}-own`, `${how}-lost`];
      const { auctionId } = await engine.auction({ channelIds });
      const redis = await engine.redis();
      await redis.set(channelKey(`${how}-lost`), "another");
      if (how === "close") await engine.close({ auctionId, channelIds }, "now");
      else await engine.cancel({ auctionId, channelIds });
      expect(await redis.get(channelKey(`${how}-own`))).toBeNull();
      expect(await redis.get(channelKey(`${how}-lost`))).toBe("another");
    },
  );

  test.each(["close", "cancel"] as const)(
    "is fully deleted from Redis after some days (%s)",
    async (how) => {
      const { auctionId } = await engine.auction();
      await engine.bid({ auctionId }, "ann", 2000);
      const keys = Object.values(auctionKeys(auctionId));
      const redis = await engine.redis();
      const left = () => Promise.all(keys.map((key) => redis.pttl(key)));
      expect(await left()).toEqual([-1, -1]);
      if (how === "close") await engine.close({ auctionId, channelIds: [] }, "now");
      else await engine.cancel({ auctionId, channelIds: [] });
      expect(await left()).toEqual(keys.map(() => KEPT_FOR_MS));
    },
  );

  test("that is closed early ends at that time; one closed when due keeps its end", async () => {
    const early = await engine.auction();
    pass(20_000);
    const now = new Date(engine.clock.nowMs());
    expect(await engine.close({ ...early, channelIds: [] }, "now")).toMatchObject({ endsAt: now });
    const due = await engine.auction();
    pass(59_999);
    expect(await engine.close({ ...due, channelIds: [] })).toEqual({
      outcome: "open",
      endsAt: due.endsAt,
    });
    pass(5000);
    expect(await engine.close({ ...due, channelIds: [] }, "now")).toMatchObject({
      outcome: "unsold",
      endsAt: due.endsAt,
    });
  });

  test("can be voided only if it has a result", async () => {
    const live = await engine.auction();
    expect(await engine.void(live.auctionId)).toBe("live");
    await engine.bid(live, "ann", 2000);
    await engine.close({ ...live, channelIds: [] }, "now");
    expect(await engine.void(live.auctionId)).toBe("void");
    expect(await engine.close({ ...live, channelIds: [] })).toEqual({ outcome: "void" });
    expect(await engine.cancel({ ...live, channelIds: [] })).toBe("void");
  });
});

describe("the board of an auction", () => {
  test("is made due by a bid if no earlier bid did, or if that one was lost", async () => {
    const auction = await engine.auction();
    expect(await engine.bid(auction, "ann", 1000)).toMatchObject({ isBoardDue: true });
    pass(1);
    expect(await engine.bid(auction, "bob", 2000)).toMatchObject({ isBoardDue: false });
    pass(4998);
    expect(await engine.bid(auction, "cy", 3000)).toMatchObject({ isBoardDue: false });
    pass(1);
    expect(await engine.bid(auction, "dan", 4000)).toMatchObject({ isBoardDue: true });
    expect(await engine.bid(auction, "eve", 1000)).toMatchObject({
      outcome: "too-low",
      isBoardDue: false,
    });
  });

  test("is made due by the next bid after someone's bids were removed", async () => {
    const auction = await engine.auction();
    await engine.bid(auction, "ann", 1000);
    await engine.remove({ ...auction, operationId: "1", bidderId: "ann" });
    expect(await engine.bid(auction, "bob", 2000)).toMatchObject({ isBoardDue: true });
  });
});

describe("a bid", () => {
  test("of someone barred counts again as soon as the bar ends", async () => {
    const auction = await engine.auction();
    const redis = await engine.redis();
    await redis.set(barKey("barred"), String(engine.clock.nowMs() + 2000));
    pass(1999);
    expect(await engine.bid(auction, "barred", 1000)).toMatchObject({ outcome: "barred" });
    pass(1);
    expect(await engine.bid(auction, "barred", 1000)).toMatchObject({ outcome: "leading" });
  });

  test("of the maximum counts; an amount or ceiling above it does not", async () => {
    const auction = await engine.auction();
    expect(await engine.bid(auction, "ann", MAX_AMOUNT + 1)).toBe("bad-amount");
    expect(await engine.bid(auction, "ann", 1000, MAX_AMOUNT + 1)).toBe("bad-amount");
    expect(await engine.bid(auction, "ann", 1000, MAX_AMOUNT)).toMatchObject({
      outcome: "leading",
    });
    expect(await engine.bid(auction, "bob", MAX_AMOUNT)).toMatchObject({
      outcome: "outbid",
      price: MAX_AMOUNT,
      leaderId: "ann",
    });
  });

  test("of three times the next amount, or with twenty times as a ceiling, has to be confirmed", async () => {
    const auction = await engine.auction({ typoFloor: 0, increments: [{ from: 0, by: 100 }] });
    await engine.bid(auction, "ann", 1900);
    const unconfirmed = (bidderId: string, amount: number, max?: number) =>
      engine.place({
        id: `${bidderId}-${amount}-${max}`,
        auctionId: auction.auctionId,
        bidderId,
        amount,
        max,
        isConfirmed: false,
      });
    expect(await unconfirmed("bob", 6000)).toMatchObject({ outcome: "unusual" });
    expect(await unconfirmed("bob", 2000, 40_000)).toMatchObject({ outcome: "unusual" });
    expect(await unconfirmed("bob", 2000, 39_999)).toMatchObject({ outcome: "leading" });
    expect(await unconfirmed("cy", 6299)).toMatchObject({ outcome: "outbid" });
  });

  test("is inconsistent if stream and auction are not from the same moment, either way", async () => {
    const redis = await engine.redis();
    const behind = await engine.auction();
    await engine.bid(behind, "ann", 1000);
    await redis.del(auctionKeys(behind.auctionId).bids);
    expect(await engine.bid(behind, "bob", 2000)).toBe("torn");
    expect(await engine.remove({ ...behind, operationId: "1", bidderId: "ann" })).toBe("torn");
    const ahead = await engine.auction();
    await redis.xadd(auctionKeys(ahead.auctionId).bids, "1-0", { bid: "x bid ann 1 0 -" });
    expect(await engine.bid(ahead, "bob", 2000)).toBe("torn");
    expect(await engine.remove({ ...ahead, operationId: "1", bidderId: "ann" })).toBe("torn");
  });

  test.each([
    ["its leader", [["cy", 3000, 0]]],
    ["its price", [["bob", 3300, 0]]],
    ["its ceiling", [["bob", 3000, 9000]]],
  ] as const)("is inconsistent if they differ in %s under the same number", async (...each) => {
    const [, [[bidder, amount, max]]] = each;
    const redis = await engine.redis();
    const [here, there] = [await engine.auction(), await engine.auction()];
    for (const place of [here, there]) await engine.bid(place, "ann", 1000);
    await engine.bid(here, "bob", 3000);
    await engine.bid(there, bidder, amount, max || undefined);
    const { auction, bids } = auctionKeys(here.auctionId);
    const state = await redis.hget(auctionKeys(there.auctionId).auction, "state");
    expect(await engine.progress(here.auctionId)).toMatchObject({ isSameBid: true });
    await redis.hset(auction, { state });
    expect(await engine.progress(here.auctionId)).toMatchObject({ newest: 2, isSameBid: false });
    expect(await engine.bid(here, "dan", 5000)).toBe("torn");
    expect(await engine.remove({ ...here, operationId: "1", bidderId: "ann" })).toBe("torn");
    const [newest] = (await engine.bidsAfter(here.auctionId, 1)).bids;
    const recorded = lastBid(2, newest?.bidId ?? "");
    expect(await engine.open({ ...here, recorded })).toEqual({ outcome: "opened" });
    expect(await redis.xlen(bids)).toBe(1);
    expect(await engine.progress(here.auctionId)).toMatchObject({ isSameBid: true });
  });
});

describe("opening an auction again", () => {
  test("leaves it unchanged if nothing was lost, and restores it if it is behind", async () => {
    const auction = await engine.auction();
    await engine.bid(auction, "ann", 1000);
    expect(await engine.open(auction)).toEqual({ outcome: "already" });
    const { bids } = await engine.bidsAfter(auction.auctionId, 0);
    const bidId = bids[0]?.bidId ?? "";
    const recorded = lastBid(1, bidId);
    expect(await engine.open({ ...auction, recorded })).toEqual({ outcome: "already" });
    // The record has a newer bid than Redis, or a different one under the same number.
    for (const lost of [lastBid(2, "newer"), lastBid(1, "another")]) {
      expect(await engine.open({ ...auction, recorded: lost })).toEqual({ outcome: "opened" });
      expect(await engine.progress(auction.auctionId)).toMatchObject({
        sequence: lost.sequence,
        newest: lost.sequence,
      });
      await (await engine.redis()).del(...Object.values(auctionKeys(auction.auctionId)));
      await engine.open({ ...auction, recorded });
    }
  });

  test("changes nothing without bids either: a moved end and a cancellation stay", async () => {
    const auction = await engine.auction();
    const extension = { ...auction, operationId: "1", byMs: 30_000, atLeast: new Date(0) };
    const movedTo = await engine.extend(extension);
    expect(await engine.open(auction)).toEqual({ outcome: "already" });
    expect(await engine.snapshot(auction.auctionId)).toMatchObject({ endsAt: movedTo });
    await engine.cancel(auction);
    expect(await engine.open(auction)).toEqual({ outcome: "already" });
    expect(await engine.snapshot(auction.auctionId)).toMatchObject({ status: "cancelled" });
  });

  test("leaves an anchor that is no bid, also for who read the record before", async () => {
    const auction = await engine.auction();
    await engine.open({ ...auction, recorded: lastBid(91, "newest") });
    const read = await engine.bidsAfter(auction.auctionId, 90);
    expect(read).toEqual({ anchorId: undefined, bids: [] });
    expect(await engine.bidsAfter(auction.auctionId, 91)).toEqual({ anchorId: "newest", bids: [] });
  });

  test("restores it if the stream has lost what the auction has", async () => {
    const auction = await engine.auction();
    await engine.bid(auction, "ann", 1000);
    await (await engine.redis()).del(auctionKeys(auction.auctionId).bids);
    expect(await engine.open(auction)).toEqual({ outcome: "opened" });
  });

  test("leaves everyone who wants to be notified when outbid on the list", async () => {
    const auction = await engine.auction();
    const redis = await engine.redis();
    const place = auctionKeys(auction.auctionId).auction;
    const fields = ["ann", "bob", "cy", "dan"].map(noticeField);
    for (const field of fields) await redis.hset(place, { [field]: "1" });
    const recorded = lastBid(1, "newer");
    expect(await engine.open({ ...auction, recorded })).toEqual({ outcome: "opened" });
    expect(await redis.hmget(place, ...fields)).toEqual(fields.map(() => "1"));
  });

  test("restores every bidder's position to the cent, with the earliest of equals first", async () => {
    const commitments = ["ann", "bob", "cy"].map((bidderId, index) => ({
      bidderId,
      amount: 9_999_999,
      sequence: index + 1,
    }));
    const { auctionId } = await engine.auction({
      recorded: lastBid(3, "b3"),
      commitments,
      standing: {
        sequence: 3,
        bidId: "b3",
        bids: 3,
        price: 9_999_999,
        leaderId: "ann",
        ceiling: 9_999_999,
        leaderSequence: 1,
        at: new Date(engine.clock.nowMs()),
      },
    });
    expect((await sold(auctionId)).runnersUp).toEqual([
      { bidderId: "bob", amount: 9_999_999 },
      { bidderId: "cy", amount: 9_999_999 },
    ]);
  });

  test("is refused if another auction runs in one of its channels, and changes nothing", async () => {
    const running = await engine.auction({ channelIds: ["taken"] });
    const other = { ...running, auctionId: "other", channelIds: ["free", "taken"] };
    expect(await engine.open(other)).toEqual({ outcome: "busy", auctionId: running.auctionId });
    expect(await engine.progress("other")).toBeUndefined();
    expect(await (await engine.redis()).get(channelKey("free"))).toBeNull();
  });
});

describe("removing someone's bids", () => {
  test("keeps the others' positions, with the price one step above the second", async () => {
    const auction = await engine.auction();
    await engine.bid(auction, "ann", 1000, 4_500_000);
    await engine.bid(auction, "bob", 4_400_000);
    await engine.bid(auction, "cy", 4_600_000, 4_700_000);
    const removal = { ...auction, operationId: "1", bidderId: "cy" };
    expect(await engine.remove(removal)).toBe("removed");
    expect(await engine.bid(auction, "dan", 1000)).toMatchObject({
      outcome: "too-low",
      leaderId: "ann",
      price: 4_405_000,
      nextAmount: 4_410_000,
    });
    // The leader has their ceiling back, to the cent.
    expect(await engine.bid(auction, "eve", 4_500_000)).toMatchObject({
      outcome: "outbid",
      leaderId: "ann",
      price: 4_500_000,
    });
  });

  test("resets the price to the start price if one bidder is left, and to none if nobody is left", async () => {
    const auction = await engine.auction();
    await engine.bid(auction, "ann", 1000, 9000);
    await engine.bid(auction, "bob", 2000);
    await engine.remove({ ...auction, operationId: "1", bidderId: "bob" });
    expect(await engine.snapshot(auction.auctionId)).toMatchObject({
      price: 1000,
      leaderId: "ann",
    });
    await engine.remove({ ...auction, operationId: "2", bidderId: "ann" });
    expect(await engine.snapshot(auction.auctionId)).toMatchObject({
      price: 0,
      leaderId: undefined,
    });
    expect(await engine.bid(auction, "cy", 999)).toMatchObject({ outcome: "too-low" });
    expect(await engine.bid(auction, "cy", 1000)).toMatchObject({ outcome: "leading" });
  });

  test("keeps the earliest of equals first, and every ceiling unchanged, however often it is repeated", async () => {
    const auction = await engine.auction();
    await engine.bid(auction, "ann", 1000, 5000);
    await engine.bid(auction, "bob", 5000);
    for (const removed of ["cy", "dan", "eve"]) {
      await engine.bid(auction, removed, 6000);
      await engine.remove({ ...auction, operationId: removed, bidderId: removed });
      expect(await engine.snapshot(auction.auctionId)).toMatchObject({
        price: 5000,
        leaderId: "ann",
      });
    }
    await engine.bid(auction, "fay", 6000);
    expect((await sold(auction.auctionId)).runnersUp).toEqual([
      { bidderId: "ann", amount: 5000 },
      { bidderId: "bob", amount: 5000 },
    ]);
  });

  test("rises to no reserve that the leader has not met", async () => {
    const auction = await engine.auction({ reserve: 5000 });
    await engine.bid(auction, "ann", 1000, 4000);
    await engine.bid(auction, "bob", 2000);
    await engine.remove({ ...auction, operationId: "1", bidderId: "bob" });
    expect(await engine.snapshot(auction.auctionId)).toMatchObject({
      price: 1000,
      leaderId: "ann",
    });
  });

  test.each([5000, 9000])(
    "never falls below a reserve that the leader meets with %i",
    async (most) => {
      const auction = await engine.auction({ reserve: 5000 });
      await engine.bid(auction, "ann", 1000, most);
      await engine.bid(auction, "bob", 6000);
      await engine.remove({ ...auction, operationId: "1", bidderId: "bob" });
      expect(await engine.snapshot(auction.auctionId)).toMatchObject({ price: 5000 });
    },
  );
});

describe("moving the end", () => {
  test("moves it by the given time, and with it the limit for counter-bids", async () => {
    const auction = await engine.auction({ counterBidMs: 10_000, latestEnd: new Date(0) });
    const endMs = auction.endsAt.getTime();
    const extension = { ...auction, operationId: "1", byMs: 30_000, atLeast: new Date(0) };
    expect(await engine.extend(extension)).toEqual(new Date(endMs + 30_000));
    expect(await engine.extend(extension)).toEqual(new Date(endMs + 30_000));
    pass(endMs + 30_000 - 1 - engine.clock.nowMs());
    // Counter-bids can move it no further.
    expect(await engine.bid(auction, "ann", 1000)).toMatchObject({
      outcome: "leading",
      endsAt: new Date(endMs + 30_000),
    });
  });

  test("to at least a given time moves it no further than that, and never back", async () => {
    const auction = await engine.auction();
    const endMs = auction.endsAt.getTime();
    const extend = (operationId: string, atLeastMs: number) =>
      engine.extend({ ...auction, operationId, byMs: 0, atLeast: new Date(atLeastMs) });
    expect(await extend("1", endMs + 7000)).toEqual(new Date(endMs + 7000));
    expect(await extend("2", endMs + 1000)).toEqual(new Date(endMs + 7000));
  });

  test("to a time that was decided before holds even after an end that Redis has gone back to", async () => {
    const auction = await engine.auction();
    const endMs = auction.endsAt.getTime();
    pass(60_000);
    const decided = { ...auction, byMs: 0, atLeast: new Date(endMs + 7000) };
    expect(await engine.extend({ ...decided, operationId: "1" })).toEqual(decided.atLeast);
    expect(await engine.bid(auction, "ann", 1000)).toMatchObject({ outcome: "leading" });
    pass(20_000);
    expect(await engine.close(auction)).toMatchObject({ outcome: "sold" });
    expect(await engine.extend({ ...decided, operationId: "2" })).toBe("closed");
  });

  test("is too late at the end itself", async () => {
    const auction = await engine.auction();
    pass(60_000);
    const extension = { ...auction, operationId: "1", byMs: 1000, atLeast: new Date(0) };
    expect(await engine.extend(extension)).toBe("closed");
    expect(await engine.remove({ ...auction, operationId: "2", bidderId: "ann" })).toBe("closed");
    expect(await engine.bid(auction, "ann", 1000)).toMatchObject({ outcome: "closed" });
  });
});
