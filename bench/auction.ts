import { firstAnswer, spawnFunction } from "../tools/build/function-process.ts";
import { bidOutcomeOf, risingBids } from "./auction-bids.ts";
import { benchBoards } from "./auction-boards.ts";
import { sayCost } from "./auction-cost.ts";
import { benchFleet } from "./auction-fleet.ts";
import { buildAuctionFunctions } from "./auction-functions.ts";
import { benchScript } from "./auction-script.ts";
import { type BidTarget, startAuctionServices } from "./auction-services.ts";
import { benchStorm } from "./auction-storm.ts";
import { benchAgainstFirestore, benchThroughput } from "./auction-throughput.ts";
import { buildHellos } from "./hello.ts";
import { sendAll } from "./load.ts";
import type { Say } from "./ratio.ts";
import { ping } from "./signed-requests.ts";

/**
 * Measures boards and bids: the function as it is deployed in one process, what decides them in others, and
 * this one, which signs ahead of time and sends.
 */
export async function benchAuction(say: Say): Promise<void> {
  await benchBoards(say);
  say("Bundling…");
  await Promise.all([buildAuctionFunctions(), buildHellos()]);
  const services = await startAuctionServices();
  const interactions = await spawnFunction("discord-interactions", services.settings);
  try {
    const target = { ...services, interactions };
    say(`Bids are decided in ${services.redisEngine}, behind the REST protocol of Upstash.`);
    await firstAnswer(interactions, ping);
    await benchFirstBid(say, target);
    const throughput = await benchThroughput(say, target);
    await benchStorm(say, target);
    await benchAgainstFirestore(say, target);
    const scriptMicros = await benchScript(say, services);
    await benchFleet(say, target, { processorMs: throughput.processorMs, scriptMicros });
    sayCost(say, throughput);
  } finally {
    await interactions.stop();
    await services.stop();
  }
}

/** The first bid of an instance loads what talks to Redis, and what talks to Cloud Tasks. */
async function benchFirstBid(say: Say, { interactions, auctions, clock }: BidTarget) {
  await auctions.open("first", clock.now());
  const bids = risingBids("first", 2);
  const load = { connections: 1, outcomeOf: bidOutcomeOf };
  const { latenciesMs } = await sendAll(interactions.url, bids, load);
  const [second = Number.NaN, first = Number.NaN] = latenciesMs;
  say(
    `The first bid of a fresh instance takes ${first.toFixed(0)} ms, the second ${second.toFixed(0)} ms.`,
  );
}
