import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createAuctionEngine } from "../../../../functions/auctions/engine/engine.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { type Fault, FaultPlan } from "../../../../local/kit/faults.ts";
import { startUpstash, type Upstash } from "../../../../local/upstash/index.ts";
import { connectRedis, type RedisConnection } from "../../../../shared/clients/redis.ts";

const CROWD = 60;
/** The first two bids are sent separately; those that arrive meanwhile are sent together. */
const REQUESTS_OF_A_CROWD = 3;
const now = new Date(1_800_000_000_000);
const later = new Date(now.getTime() + 60_000);

const clock = new LocalClock();
const faults = new FaultPlan();
let upstash: Upstash;
let redis: RedisConnection;
let auctions = 0;

beforeAll(async () => {
  upstash = await startUpstash({ clock, faults, token: "token" });
  redis = connectRedis(
    { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: "token" },
    fetch,
  );
});
afterAll(async () => {
  await upstash.stop();
  clock.stop();
});
beforeEach(() => faults.clear());

async function auction() {
  const engine = createAuctionEngine(redis);
  auctions += 1;
  const auctionId = `auction-${auctions}`;
  const terms = { startPrice: 100, reserve: 0, increments: [{ from: 0, by: 1 }], counterBidMs: 0 };
  const times = {
    endsAt: later,
    latestEnd: later,
    typoFloor: 1,
    recorded: undefined,
    standing: undefined,
  };
  await engine.open({
    auctionId,
    sellerId: "seller",
    currency: "usd",
    channelIds: [],
    commitments: [],
    repeatable: [],
    ...terms,
    ...times,
  });
  const bid = (index: number) => {
    const request = { amount: 100 + index, max: undefined, isConfirmed: false };
    return engine.bid({ id: `${index}`, auctionId, bidderId: `bidder-${index}`, ...request });
  };
  const crowd = () => Promise.allSettled(Array.from({ length: CROWD }, (_, index) => bid(index)));
  return { engine, auctionId, bid, crowd };
}

const evalsha = { target: "upstash", operation: /EVALSHA/ } as const;
const script = { target: "upstash", operation: /EVAL/ } as const;
/** Their requests run in parallel with the others' first ones. */
const FIRST = ["bidder-0", "bidder-1"];
const passes: Fault = { kind: "delay", ms: 0 };

test("bids that arrive together share a request, and each is decided separately, in order", async () => {
  const { crowd } = await auction();
  faults.add({ ...evalsha, fault: passes, times: REQUESTS_OF_A_CROWD });
  faults.add({ ...evalsha, fault: { kind: "fail", code: 500 } });
  const decisions = await crowd();
  const bids = decisions.map((decision) =>
    decision.status === "fulfilled" && decision.value !== "missing" ? decision.value : undefined,
  );
  expect(bids[0]).toMatchObject({ leaderId: "bidder-0", price: 100, bids: 1 });
  for (const [index, decided] of bids.slice(2).entries()) {
    expect(decided).toMatchObject({ leaderId: `bidder-${index + 2}`, price: 102 + index });
  }
});

test("a request that fails affects only its own bids, and each may be sent again", async () => {
  const { engine, auctionId, bid, crowd } = await auction();
  faults.add({ ...evalsha, fault: passes, times: REQUESTS_OF_A_CROWD - 1 });
  faults.add({ ...evalsha, fault: { kind: "lose-answer" }, times: 1 });
  const decisions = await crowd();
  expect(decisions.filter(({ status }) => status === "rejected")).toHaveLength(CROWD - 2);
  const before = await engine.progress(auctionId);
  expect(await bid(CROWD - 1)).toMatchObject({ outcome: "leading", leaderId: "bidder-59" });
  expect(await engine.progress(auctionId)).toEqual(before);
});

test("a Redis that has lost the script still decides in order, with twice as many requests", async () => {
  const { crowd, engine, auctionId } = await auction();
  expect(await (await redis()).scriptFlush()).toBe("OK");
  faults.add({ ...script, fault: passes, times: 2 * REQUESTS_OF_A_CROWD });
  faults.add({ ...script, fault: { kind: "fail", code: 500 } });
  const decisions = await crowd();
  expect(decisions.filter(({ status }) => status === "fulfilled")).toHaveLength(CROWD);
  const { bids } = await engine.bidsAfter(auctionId, 0);
  const together = bids.map(({ bidderId }) => bidderId).filter((id) => !FIRST.includes(id));
  expect(together).toEqual(Array.from({ length: CROWD - 2 }, (_, index) => `bidder-${index + 2}`));
});
