import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { incrementsOf, MAX_AMOUNT } from "../../../../functions/auctions/domain/auction.ts";
import { type Bid, createBidding } from "../../../../functions/auctions/engine/bids/bid.ts";
import { createRemoving } from "../../../../functions/auctions/engine/bids/remove.ts";
import { createCancelling } from "../../../../functions/auctions/engine/lifecycle/cancel.ts";
import {
  type CloseHow,
  createClosing,
} from "../../../../functions/auctions/engine/lifecycle/close.ts";
import { createExtending } from "../../../../functions/auctions/engine/lifecycle/extend.ts";
import { createOpening } from "../../../../functions/auctions/engine/lifecycle/open.ts";
import { createVoiding } from "../../../../functions/auctions/engine/lifecycle/void.ts";
import { createReading } from "../../../../functions/auctions/engine/read.ts";
import { commitmentsOf } from "../../../../functions/auctions/store/bids/recorded-bid.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../local/kit/faults.ts";
import { Network } from "../../../../local/kit/http/network.ts";
import { startUpstash, type Upstash } from "../../../../local/upstash/index.ts";
import { connectRedis } from "../../../../shared/clients/redis.ts";
import { ENGINES } from "../../../local/upstash/engines.ts";
import { AuctionModel, type ModelTerms } from "./auction-model.ts";

const BIDDERS = ["ann", "bob", "cy", "dan", "seller"] as const;
/** Runs on each engine; the numbers differ in each run. */
const SIMULATIONS = 200;
const START_MS = Date.parse("2026-11-01T20:00:00Z");

/** One action; amounts and times are relative to the current state. */
type Action =
  | {
      readonly kind: "bid";
      readonly bidder: (typeof BIDDERS)[number];
      readonly above: number;
      readonly room: number;
      /** The leader's ceiling, or this much more or less. */
      readonly besideCeiling: number | undefined;
      readonly isConfirmed: boolean;
    }
  | { readonly kind: "pass-to-end"; readonly ms: number }
  | { readonly kind: "again"; readonly back: number }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "extend"; readonly ms: number }
  | { readonly kind: "remove"; readonly bidder: (typeof BIDDERS)[number] }
  | { readonly kind: "close"; readonly how: CloseHow }
  | { readonly kind: "cancel" | "void" };

/** Nothing waits for its timers, so advancing it runs nothing. */
class SetClock extends LocalClock {
  #nowMs = START_MS;

  override nowMs(): number {
    return this.#nowMs;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

const bid = fc.record({
  kind: fc.constant("bid" as const),
  bidder: fc.constantFrom(...BIDDERS),
  above: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -2, max: 30 }) },
    { weight: 1, arbitrary: fc.integer({ min: -100, max: 20_000 }) },
  ),
  room: fc.oneof(
    fc.constant(0),
    fc.integer({ min: -5, max: 5 }),
    fc.integer({ min: 0, max: 900 }),
    fc.integer({ min: 0, max: 30_000 }),
  ),
  besideCeiling: fc.option(fc.integer({ min: -1, max: 1 }), { nil: undefined, freq: 4 }),
  isConfirmed: fc.boolean(),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: bid },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("again" as const), back: fc.nat({ max: 8 }) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 2500 }), fc.constantFrom(999, 1000, 1001)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pass-to-end" as const),
      ms: fc.integer({ min: -1, max: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("close" as const),
      how: fc.constantFrom(
        "due" as const,
        "due" as const,
        "due" as const,
        "now" as const,
        "sell" as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("extend" as const),
      ms: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      bidder: fc.constantFrom(...BIDDERS),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "cancel" as const }, { kind: "void" as const }) },
);
const terms: fc.Arbitrary<ModelTerms> = fc
  .record({
    startPrice: fc.integer({ min: 1, max: 5000 }),
    reserve: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9000 })),
    increment: fc.option(fc.integer({ min: 1, max: 700 }), { nil: undefined }),
    counterBidMs: fc.constantFrom(0, 2000, 10_000),
    durationMs: fc.integer({ min: 3000, max: 30_000 }),
    extensionMs: fc.integer({ min: 0, max: 15_000 }),
    typoFloor: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9000 })),
  })
  .map(({ increment, durationMs, extensionMs, ...others }) => ({
    ...others,
    sellerId: "seller",
    increments: incrementsOf({ increment }, 100),
    endsAtMs: durationMs,
    latestEndMs: durationMs + extensionMs,
  }));

describe.each(ENGINES)("the scripts on %s and the rules in plain TypeScript", (engine) => {
  const clock = new SetClock();
  let upstash: Upstash;
  const network = new Network();
  const config = {
    UPSTASH_REDIS_REST_URL: "https://upstash.test",
    UPSTASH_REDIS_REST_TOKEN: "token",
  };
  // No call times out, even on a busy machine.
  const patient: typeof fetch = (input, init) => network.fetch(input, { ...init, signal: null });
  const redis = connectRedis(config, patient);
  const engineOf = {
    open: createOpening(redis),
    bid: createBidding(redis),
    close: createClosing(redis),
    cancel: createCancelling(redis),
    extend: createExtending(redis),
    remove: createRemoving(redis),
    void: createVoiding(redis),
    ...createReading(redis),
  };
  let simulations = 0;

  beforeAll(async () => {
    const listen = network.listenAs("upstash.test");
    const common = { clock, faults: new FaultPlan(), engine, listen };
    upstash = await startUpstash({ ...common, token: config.UPSTASH_REDIS_REST_TOKEN });
    const unknown = { auctionId: "unknown", channelIds: [] };
    const nobody = { id: "1", bidderId: "ann", amount: 1, max: undefined, isConfirmed: false };
    expect(await engineOf.bid({ ...nobody, ...unknown })).toBe("missing");
    expect(await engineOf.close(unknown)).toEqual({ outcome: "missing" });
    expect(await engineOf.cancel(unknown)).toBe("missing");
    expect(await engineOf.void("unknown")).toBe("missing");
    const operation = { ...unknown, operationId: "1" };
    expect(await engineOf.extend({ ...operation, byMs: 1, atLeast: new Date(0) })).toBe("missing");
    expect(await engineOf.remove({ ...operation, bidderId: "a", startPrice: 1 })).toBe("missing");
    // The script itself refuses what is not an amount, whatever its callers accept.
    for (const amount of [Infinity, Number.NaN, -1, 0, 1.5, 1e21, MAX_AMOUNT + 1]) {
      expect(await engineOf.bid({ ...nobody, ...unknown, amount })).toBe("bad-amount");
      if (amount === 0) continue;
      const ceiling = { ...nobody, ...unknown, max: amount };
      expect(await engineOf.bid(ceiling)).toBe("bad-amount");
    }
  });
  afterAll(async () => {
    await upstash.stop();
    clock.stop();
  });

  /** Runs each action in Redis, and returns its outcome beside the model's. */
  async function play(auctionId: string, model: AuctionModel, actions: readonly Action[]) {
    const bids: Bid[] = [];
    const said: unknown[] = [];
    const expected: unknown[] = [];
    const place = async (made: Bid) => {
      expected.push(model.bid(made, clock.nowMs()));
      const decision = await engineOf.bid(made);
      if (typeof decision === "string") return decision;
      const { isBoardDue, ...others } = decision;
      return others;
    };
    for (const [index, done] of actions.entries()) {
      const nowMs = clock.nowMs();
      const operationId = `${index}`;
      if (done.kind === "pass-to-end") {
        clock.pass(Math.max(0, model.endsAtMs + done.ms - nowMs));
      } else if (done.kind === "pass") {
        clock.pass(done.ms);
      } else if (done.kind === "close") {
        expected.push(model.close(nowMs, done.how));
        said.push(await engineOf.close({ auctionId, channelIds: [] }, done.how));
      } else if (done.kind === "cancel") {
        expected.push(model.cancel());
        said.push(await engineOf.cancel({ auctionId, channelIds: [] }));
      } else if (done.kind === "void") {
        expected.push(model.void());
        said.push(await engineOf.void(auctionId));
      } else if (done.kind === "extend") {
        const extension = { operationId, auctionId, byMs: done.ms, atLeast: new Date(0) };
        const result = model.extend(done.ms, nowMs);
        // Runs twice, as after a lost response.
        expected.push(result, result);
        said.push(await engineOf.extend(extension), await engineOf.extend(extension));
      } else if (done.kind === "remove") {
        const { startPrice } = model.terms;
        const removal = { operationId, auctionId, bidderId: done.bidder, startPrice };
        const result = model.remove(done.bidder, nowMs);
        expected.push(result, result);
        said.push(await engineOf.remove(removal), await engineOf.remove(removal));
      } else if (done.kind === "again") {
        const earlier = bids.at(-1 - done.back);
        if (earlier) said.push(await place(earlier));
      } else if (done.kind === "bid") {
        const { bidder: bidderId, above, room, besideCeiling, isConfirmed } = done;
        const ceiling = model.leader?.highest ?? 0;
        const wanted =
          besideCeiling === undefined ? model.next + above * 10 : ceiling + besideCeiling;
        const amount = Math.max(1, wanted);
        const max = room === 0 ? undefined : Math.max(amount, model.next + room * 10);
        const made = { id: `bid-${bids.length}`, auctionId, bidderId, amount, max, isConfirmed };
        bids.push(made);
        said.push(await place(made));
      }
    }
    expect(said).toEqual(expected);
  }

  async function playSimulation(drawn: ModelTerms, actions: readonly Action[]) {
    simulations += 1;
    const auctionId = `simulation-${simulations}`;
    const nowMs = clock.nowMs();
    const endsAtMs = nowMs + drawn.endsAtMs;
    const agreed = { ...drawn, endsAtMs, latestEndMs: nowMs + drawn.latestEndMs };
    const model = new AuctionModel(agreed);
    await engineOf.open({
      auctionId,
      ...agreed,
      channelIds: [],
      currency: "usd",
      endsAt: new Date(agreed.endsAtMs),
      latestEnd: new Date(agreed.latestEndMs),
      recorded: undefined,
      standing: undefined,
      commitments: [],
      repeatable: [],
    });
    await play(auctionId, model, actions);
    await expectRecord(auctionId, model);
    expectRules(model);
  }

  test("decide every simulation in the same way", async () => {
    const simulation = fc.tuple(terms, fc.array(action, { minLength: 5, maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(simulation, ([agreed, actions]) => playSimulation(agreed, actions)),
      { numRuns: SIMULATIONS },
    );
  }, 120_000);

  /** Checks that the stream has every accepted bid, in order and without gaps, and shows who bid how much. */
  async function expectRecord(auctionId: string, model: AuctionModel) {
    const { anchorId, bids } = await engineOf.bidsAfter(auctionId, 0);
    expect(anchorId).toBeUndefined();
    expect(bids.map(({ sequence }) => sequence)).toEqual(bids.map((_, index) => index + 1));
    const prices = bids
      .filter(({ kind }) => kind === "bid")
      .map(({ price, endsAt }) => ({ price, endsAtMs: endsAt.getTime() }));
    expect(prices).toEqual(model.history);
    const expected = model.ranked.map(({ bidderId, highest: amount, order: sequence }) => ({
      bidderId,
      amount,
      sequence,
    }));
    expect(commitmentsOf(bids)).toEqual(expect.arrayContaining(expected));
    expect(commitmentsOf(bids)).toHaveLength(expected.length);
    expect(await engineOf.progress(auctionId)).toMatchObject({ bidders: expected.length });
  }

  function expectRules({ history, leader, terms: agreed, status, price }: AuctionModel) {
    const broken = history.filter(
      ({ endsAtMs }, index) => endsAtMs < (history[index - 1]?.endsAtMs ?? 0),
    );
    expect(broken).toEqual([]);
    if (status !== "live" || leader) expect(price).toBeLessThanOrEqual(leader?.highest ?? 0);
    if (leader && leader.highest >= agreed.reserve) {
      expect(price).toBeGreaterThanOrEqual(agreed.reserve);
    }
  }
});
