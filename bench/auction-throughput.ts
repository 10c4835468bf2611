import {
  findGoogleEmulators,
  MissingEmulatorsError,
  startGoogleEmulators,
} from "../local/google/index.ts";
import { environment } from "../local/kit/environment.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../tools/build/function-process.ts";
import { ACCEPTED, bidOutcomeOf, risingBids } from "./auction-bids.ts";
import { IN_FIRESTORE, nameOf } from "./auction-functions.ts";
import type { BidTarget } from "./auction-services.ts";
import { HELLO_SIGNED } from "./hello.ts";
import { type LoadResult, sendAll } from "./load.ts";
import { inRounds, median, ratioOf, type Say } from "./ratio.ts";
import { ping } from "./signed-requests.ts";

const ROUNDS = 5;
const BIDS = 1_500;
const FIRESTORE_ROUNDS = 3;
const FIRESTORE_BIDS = 60;
/** So many at once keep an instance busy, and it decides all of them. */
const CONNECTIONS = 40;

/** What the bids of a warm instance took. */
export interface Throughput {
  readonly bidsPerSecond: number;
  /** Of the function's process, for one bid; undefined where the system does not tell. */
  readonly processorMs: number | undefined;
}

/**
 * Bids a second, against the same function without a decision and against the same with bids that are
 * sent otherwise. Each round is a new auction with rising bids, each by someone else.
 */
export async function benchThroughput(say: Say, target: BidTarget): Promise<Throughput> {
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
    say(`Bids a second: ${ROUNDS} rounds of ${BIDS} bids, ${CONNECTIONS} at once, in turn.`);
    say("  Each round is one auction of its own with rising bids, each by someone else…");
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
      say(
        `  ${name.padEnd(48)}${median(perSecond).toFixed(0).padStart(6)} a second${usedBy(processorMs)}`,
      );
    line("discord-interactions, bids", values.ours, processor.ours);
    line("the same check and a fixed answer", values.hello, processor.hello);
    line("each bid in a request of its own", values.alone);
    line("the same with enableAutoPipelining", values.pipelined);
    say(`  accepted: ${(100 * median(shares)).toFixed(0)} % of the bids`);
    say(
      `  ratio to the fixed answer ${ratioOf(values.ours, values.hello).toFixed(2)} (aim: at least 0.8)`,
    );
    if (processor.ours.length > 0) {
      const ratio = ratioOf(processor.hello, processor.ours);
      say(`  the same by the functions' own processor time ${ratio.toFixed(2)}`);
    }
    const gain = (ours: readonly number[]) => ratioOf(ours, values.alone).toFixed(2);
    say(`  compared with a request for each bid: ours ${gain(values.ours)},`);
    say(`  the library's automatic pipelining ${gain(values.pipelined)}`);
    return {
      bidsPerSecond: median(values.ours),
      processorMs: processor.ours.length > 0 ? median(processor.ours) : undefined,
    };
  } finally {
    await Promise.all([hello.stop(), alone.stop(), pipelined.stop()]);
  }
}

/** The same bids against a function that decides them in Firestore, ours and Google's emulator. */
export async function benchAgainstFirestore(say: Say, target: BidTarget): Promise<void> {
  await compareWithFirestore(say, target, "our Firestore", {});
  try {
    const google = await startGoogleEmulators(findGoogleEmulators(environment));
    try {
      const settings = { FIRESTORE_EMULATOR_HOST: google.firestoreHost };
      await compareWithFirestore(say, target, "Google's emulator", settings);
    } finally {
      await google.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingEmulatorsError)) throw error;
    say("  Google's Firestore emulator is not installed, so not measured.");
  }
}

async function compareWithFirestore(
  say: Say,
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
    say(`Bids a second against a transaction on one document of ${name},`);
    say(`  ${FIRESTORE_ROUNDS} rounds of ${FIRESTORE_BIDS} bids there and ${BIDS} here, in turn…`);
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
      say(
        `  ${title.padEnd(48)}${median(perSecond).toFixed(0).padStart(6)} a second, ratio ${ratio}`,
      );
    };
    say(
      `  ${"discord-interactions".padEnd(48)}${median(values.ours).toFixed(0).padStart(6)} a second`,
    );
    line(`in Firestore, ${CONNECTIONS} at once`, values.crowd);
    line("in Firestore, one after the other", values.alone);
    say(
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

/** Notes the processor time that each of a round's requests took. */
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
