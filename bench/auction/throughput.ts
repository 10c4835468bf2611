import {
  findGoogleEmulators,
  MissingEmulatorsError,
  startGoogleEmulators,
} from "../../local/google/official/index.ts";
import { environment } from "../../local/kit/environment.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../../tools/build/function-process.ts";
import { HELLO_SIGNED } from "../hello.ts";
import { type LoadResult, sendAll } from "../load.ts";
import { inRounds, median, type Print, ratioOf } from "../ratio.ts";
import { ping } from "../signed-requests.ts";
import { ACCEPTED, bidOutcomeOf, risingBids } from "./bids.ts";
import { IN_FIRESTORE, nameOf } from "./functions.ts";
import type { BidTarget } from "./services.ts";

const ROUNDS = 5;
const BIDS = 1_500;
const FIRESTORE_ROUNDS = 3;
const FIRESTORE_BIDS = 60;
/**
 * Enough concurrent requests to keep an instance busy, and few enough that it decides all of them.
 */
const CONNECTIONS = 40;

/** Measurements of a warm instance's bids. */
export interface Throughput {
  readonly bidsPerSecond: number;
  /**
   * Processor time of the function's process per bid; undefined where the system does not report
   * it.
   */
  readonly processorMs: number | undefined;
}

/**
 * Measures bids per second, compared with the same function without a decision and with other
 * transports to Redis. Each round is a new auction with rising bids, each by another bidder.
 */
export async function benchThroughput(print: Print, target: BidTarget): Promise<Throughput> {
  const { auctions, clock, interactions, settings } = target;
  const hello = await spawnFunction(HELLO_SIGNED, settings);
  const alone = await spawnFunction(nameOf("alone"), settings);
  const pipelined = await spawnFunction(nameOf("pipelined"), settings);
  const shares: number[] = [];
  const processor = { ours: [] as number[], hello: [] as number[] };

  const bidsPerSecond = async (server: FunctionProcess, auctionId: string) => {
    await auctions.open(auctionId, clock.now());
    const bids = risingBids(auctionId, BIDS);
    const result = await sendAll(server.url, bids, load(CONNECTIONS));
    shares.push(accepted(result) / BIDS);
    return (BIDS / result.elapsedMs) * 1000;
  };
  try {
    await Promise.all([hello, alone, pipelined].map((server) => firstAnswer(server, ping)));
    print(
      `Bids a second: ${ROUNDS} alternating rounds of ${BIDS} bids, ${CONNECTIONS} concurrent.`,
    );
    print("  Each round is a new auction with rising bids, each by another bidder…");
    const values = await inRounds(ROUNDS, {
      ours: (round) =>
        perRequest(interactions, round, processor.ours, () =>
          bidsPerSecond(interactions, `throughput-${round}`),
        ),
      hello: (round) => {
        const bids = risingBids(`hello-${round}`, BIDS);
        return perRequest(hello, round, processor.hello, async () => {
          const { elapsedMs } = await sendAll(hello.url, bids, load(CONNECTIONS));
          return (BIDS / elapsedMs) * 1000;
        });
      },
      alone: (round) => bidsPerSecond(alone, `alone-${round}`),
      pipelined: (round) => bidsPerSecond(pipelined, `pipelined-${round}`),
    });
    const line = (
      name: string,
      perSecond: readonly number[],
      processorMs: readonly number[] = [],
    ) =>
      print(
        `  ${name.padEnd(48)}${median(perSecond).toFixed(0).padStart(6)} a second${usedBy(processorMs)}`,
      );
    line("discord-interactions, bids", values.ours, processor.ours);
    line("the same check and a fixed answer", values.hello, processor.hello);
    line("each bid in its own request", values.alone);
    line("the same with enableAutoPipelining", values.pipelined);
    print(`  accepted: ${(100 * median(shares)).toFixed(0)} % of the bids`);
    print(
      `  ratio to the fixed answer ${ratioOf(values.ours, values.hello).toFixed(2)} (aim: at least 0.8)`,
    );
    if (processor.ours.length > 0) {
      const ratio = ratioOf(processor.hello, processor.ours);
      print(`  the same by the functions' own processor time ${ratio.toFixed(2)}`);
    }
    const gain = (ours: readonly number[]) => ratioOf(ours, values.alone).toFixed(2);
    print(`  compared with one request per bid: the product's batching ${gain(values.ours)},`);
    print(`  the library's automatic pipelining ${gain(values.pipelined)}`);
    return {
      bidsPerSecond: median(values.ours),
      processorMs: processor.ours.length > 0 ? median(processor.ours) : undefined,
    };
  } finally {
    await Promise.all([hello.stop(), alone.stop(), pipelined.stop()]);
  }
}

/**
 * Sends the same bids to a function that decides them in Firestore: the local emulator and
 * Google's.
 */
export async function benchAgainstFirestore(print: Print, target: BidTarget): Promise<void> {
  await compareWithFirestore(print, target, "the local Firestore", {});
  try {
    const google = await startGoogleEmulators(findGoogleEmulators(environment));
    try {
      const settings = { FIRESTORE_EMULATOR_HOST: google.firestoreHost };
      await compareWithFirestore(print, target, "Google's emulator", settings);
    } finally {
      await google.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingEmulatorsError)) throw error;
    print("  Google's Firestore emulator is not installed, so it was not measured.");
  }
}

async function compareWithFirestore(
  print: Print,
  { auctions, clock, interactions, settings }: BidTarget,
  name: string,
  changed: Readonly<Record<string, string>>,
): Promise<void> {
  const firestore = await spawnFunction(IN_FIRESTORE, { ...settings, ...changed });
  const failed: number[] = [];
  const inFirestore = async (auctionId: string, connections: number) => {
    const bids = risingBids(auctionId, FIRESTORE_BIDS);
    const result = await sendAll(firestore.url, bids, load(connections));
    const decided = accepted(result) + (result.outcomes.get("too low") ?? 0);
    failed.push(FIRESTORE_BIDS - decided);
    return (decided / result.elapsedMs) * 1000;
  };
  try {
    await firstAnswer(firestore, ping);
    print(`Bids a second against a transaction on one document of ${name},`);
    print(
      `  ${FIRESTORE_ROUNDS} alternating rounds of ${FIRESTORE_BIDS} bids there and ${BIDS} here…`,
    );
    const values = await inRounds(FIRESTORE_ROUNDS, {
      ours: async (round) => {
        const auctionId = `against-${name}-${round}`;
        await auctions.open(auctionId, clock.now());
        const bids = risingBids(auctionId, BIDS);
        const { elapsedMs } = await sendAll(interactions.url, bids, load(CONNECTIONS));
        return (BIDS / elapsedMs) * 1000;
      },
      crowd: (round) => inFirestore(`crowd-${round}`, CONNECTIONS),
      alone: (round) => inFirestore(`alone-${round}`, 1),
    });
    const line = (title: string, perSecond: readonly number[]) => {
      const ratio = ratioOf(values.ours, perSecond).toFixed(0);
      print(
        `  ${title.padEnd(48)}${median(perSecond).toFixed(0).padStart(6)} a second, ratio ${ratio}`,
      );
    };
    print(
      `  ${"discord-interactions".padEnd(48)}${median(values.ours).toFixed(0).padStart(6)} a second`,
    );
    line(`in Firestore, ${CONNECTIONS} at once`, values.crowd);
    line("in Firestore, one after the other", values.alone);
    print(
      `  given up in Firestore: ${median(failed)} of ${FIRESTORE_BIDS} (aim of the ratio: at least 20)`,
    );
  } finally {
    await firestore.stop();
  }
}

function load(connections: number) {
  return { connections, outcomeOf: bidOutcomeOf };
}

function accepted({ outcomes }: LoadResult): number {
  return outcomes.get(ACCEPTED) ?? 0;
}

/** Records the processor time per request of a round. */
async function perRequest(
  server: FunctionProcess,
  round: number,
  spent: number[],
  send: () => Promise<number>,
): Promise<number> {
  const beforeMs = server.processorMs();
  const value = await send();
  const afterMs = server.processorMs();
  if (round > 0 && beforeMs !== undefined && afterMs !== undefined)
    spent.push((afterMs - beforeMs) / BIDS);
  return value;
}

function usedBy(processorMs: readonly number[]): string {
  return processorMs.length > 0 ? `, ${median(processorMs).toFixed(2)} ms of processor each` : "";
}
