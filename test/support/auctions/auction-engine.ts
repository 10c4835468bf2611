import { incrementsOf } from "../../../functions/auctions/domain/auction.ts";
import { createBidding } from "../../../functions/auctions/engine/bids/bid.ts";
import { createRemoving } from "../../../functions/auctions/engine/bids/remove.ts";
import { createCancelling } from "../../../functions/auctions/engine/lifecycle/cancel.ts";
import { createClosing } from "../../../functions/auctions/engine/lifecycle/close.ts";
import { createExtending } from "../../../functions/auctions/engine/lifecycle/extend.ts";
import {
  createOpening,
  type EngineState,
} from "../../../functions/auctions/engine/lifecycle/open.ts";
import { createVoiding } from "../../../functions/auctions/engine/lifecycle/void.ts";
import { createReading } from "../../../functions/auctions/engine/read.ts";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { Network } from "../../../local/kit/http/network.ts";
import { startUpstash } from "../../../local/upstash/index.ts";
import { connectRedis } from "../../../shared/clients/redis.ts";
import type { ENGINES } from "../../local/upstash/engines.ts";

const START_MS = Date.parse("2026-11-01T20:00:00Z");
const DURATION_MS = 60_000;

/** A clock that only a test advances; nothing waits for it. */
class SetClock extends LocalClock {
  #nowMs = START_MS;

  override nowMs(): number {
    return this.#nowMs;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

/** The auction scripts on a separate Redis, without the rest of the cloud. */
export async function startAuctionEngine(engine: (typeof ENGINES)[number] = "embedded") {
  const clock = new SetClock();
  const network = new Network();
  const config = {
    UPSTASH_REDIS_REST_URL: "https://upstash.test",
    UPSTASH_REDIS_REST_TOKEN: "token",
  };
  const upstash = await startUpstash({
    clock,
    faults: new FaultPlan(),
    engine,
    token: config.UPSTASH_REDIS_REST_TOKEN,
    listen: network.listenAs("upstash.test"),
  });
  // No call times out, even on a busy machine.
  const patient: typeof fetch = (input, init) => network.fetch(input, { ...init, signal: null });
  const redis = connectRedis(config, patient);
  const place = createBidding(redis);
  const open = createOpening(redis);
  let auctions = 0;
  let bids = 0;

  return {
    clock,
    redis,
    open,
    place,
    ...createReading(redis),
    close: createClosing(redis),
    cancel: createCancelling(redis),
    extend: createExtending(redis),
    remove: createRemoving(redis),
    void: createVoiding(redis),

    /** Opens an auction of a minute from $10, without a reserve, with the usual increments; its state. */
    async auction(fields: Partial<EngineState> = {}): Promise<EngineState> {
      auctions += 1;
      const endsAt = new Date(clock.nowMs() + DURATION_MS);
      const state: EngineState = {
        auctionId: `auction-${auctions}`,
        sellerId: "seller",
        channelIds: [],
        currency: "usd",
        startPrice: 1000,
        reserve: 0,
        increments: incrementsOf({ increment: undefined }, 100),
        counterBidMs: 10_000,
        typoFloor: 10_000,
        endsAt,
        latestEnd: new Date(endsAt.getTime() + 600_000),
        recorded: undefined,
        standing: undefined,
        commitments: [],
        repeatable: [],
        ...fields,
      };
      await open(state);
      return state;
    },

    /** A bid that is already confirmed. */
    bid(
      { auctionId }: Pick<EngineState, "auctionId">,
      bidderId: string,
      amount: number,
      max?: number,
    ) {
      bids += 1;
      return place({
        id: `bid-${bids}`,
        auctionId,
        bidderId,
        amount,
        max,
        isConfirmed: true,
      });
    },

    async stop(): Promise<void> {
      await upstash.stop();
      clock.stop();
    },
  };
}
