import { firstAnswer, spawnFunction } from "../../tools/build/function-process.ts";
import { buildHellos } from "../hello.ts";
import { sendAll } from "../load.ts";
import type { Print } from "../ratio.ts";
import { ping } from "../signed-requests.ts";
import { bidOutcomeOf, risingBids } from "./bids.ts";
import { benchBoards } from "./boards.ts";
import { printCost } from "./cost.ts";
import { benchFleet } from "./fleet.ts";
import { buildAuctionFunctions } from "./functions.ts";
import { benchScript } from "./script.ts";
import { type BidTarget, startAuctionServices } from "./services.ts";
import { benchStorm } from "./storm.ts";
import { benchAgainstFirestore, benchThroughput } from "./throughput.ts";

/**
 * Measures boards and bids. The deployed function runs in one process, the services that decide
 * bids in others; this process signs in advance and sends.
 */
export async function benchAuction(print: Print): Promise<void> {
  await benchBoards(print);
  print("Bundling…");
  await Promise.all([buildAuctionFunctions(), buildHellos()]);
  const services = await startAuctionServices();
  const interactions = await spawnFunction("discord-interactions", services.settings);
  try {
    const target = { ...services, interactions };
    print(`Bids are decided in ${services.redisEngine}, behind the REST protocol of Upstash.`);
    await firstAnswer(interactions, ping);
    await benchFirstBid(print, target);
    const throughput = await benchThroughput(print, target);
    await benchStorm(print, target);
    await benchAgainstFirestore(print, target);
    const scriptMicros = await benchScript(print, services);
    await benchFleet(print, target, { processorMs: throughput.processorMs, scriptMicros });
    printCost(print, throughput);
  } finally {
    await interactions.stop();
    await services.stop();
  }
}

/** An instance's first bid loads the clients of Redis and Cloud Tasks. */
async function benchFirstBid(print: Print, { interactions, auctions, clock }: BidTarget) {
  await auctions.open("first", clock.now());
  const bids = risingBids("first", 2);
  const load = { connections: 1, outcomeOf: bidOutcomeOf };
  const { latenciesMs } = await sendAll(interactions.url, bids, load);
  const [second = Number.NaN, first = Number.NaN] = latenciesMs;
  print(
    `The first bid of a fresh instance takes ${first.toFixed(0)} ms, the second ${second.toFixed(0)} ms.`,
  );
}
