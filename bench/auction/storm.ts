import { manifest } from "../../functions/manifest.ts";
import { seededRandom } from "../../local/kit/faults.ts";
import type { FunctionProcess } from "../../tools/build/function-process.ts";
import { encode, type LoadResult, percentile, sendAll, summaryOf, wallMs } from "../load.ts";
import type { Print } from "../ratio.ts";
import { ACCEPTED, bidOutcomeOf, START_PRICE, signedBid } from "./bids.ts";
import type { AuctionServices, BidTarget } from "./services.ts";

const CROWDS = [1_000, 5_000];
/**
 * More concurrent requests than Cloud Run sends to an instance: those it cannot handle must be
 * refused in time.
 */
const OVERLOAD = { crowd: 5_000, connections: 800 };
/** All bids of a crowd are due within this time. */
export const WITHIN_MS = 5_000;
/** The concurrency of one instance on Cloud Run; further requests go to other instances. */
export const CONNECTIONS = manifest["discord-interactions"].concurrency;
/** Discord accepts no answer after this time. */
export const TOO_LATE_MS = 3_000;
/**
 * Bids are signed in advance. The time reserved for it is a multiple of a sample's, because the
 * machine may become busier.
 */
const SIGNING_TIMES = 2;
const SIGNED_AHEAD_MS = 500;
const SAMPLE = 100;
/** Outcomes of bids that were not decided. */
const REFUSED_UNDECIDED: ReadonlySet<string> = new Set(["busy", "undecided"]);
/** Bids this close to each other are sent in any order. */
const SHUFFLED = 3;

let storms = 0;

/** The headings of a storm's table. */
export const STORM_HEADING =
  "     bids   sent in     p50     p99     max   over 3 s   accepted   refused   undecided      busy   highest leads";

/** Measures crowds that bid once each in an auction's last seconds; one instance decides. */
export async function benchStorm(print: Print, target: BidTarget): Promise<void> {
  print("The storm: everyone bids once in one auction, due within 5 s, on one instance with");
  print(
    `  ${CONNECTIONS} concurrent requests; times are from a bid's due time to its complete answer:`,
  );
  print(STORM_HEADING);
  for (const crowd of CROWDS) {
    print((await storm(target, [target.interactions], crowd, CONNECTIONS)).row);
  }
  print(`The same with ${OVERLOAD.connections} concurrent requests (aim: none over 3 s):`);
  print(STORM_HEADING);
  const { crowd, connections } = OVERLOAD;
  const { row, answers } = await storm(target, [target.interactions], crowd, connections);
  print(row);
  const inTime = answers.filter(({ latencyMs }) => latencyMs <= TOO_LATE_MS);
  const decided = inTime.filter(({ outcome }) => !REFUSED_UNDECIDED.has(outcome)).length;
  print(
    `  of ${crowd}: ${decided} decided in time, ${inTime.length - decided} refused undecided in time,` +
      ` ${crowd - inTime.length} late (aim: 0)`,
  );
}

/** The results of a storm and its table row. */
export interface StormResult extends Omit<LoadResult, "elapsedMs"> {
  readonly row: string;
}

/**
 * Has the crowd bid once each within 5 s, alternating between the instances, each with this many
 * connections. Throws when an answer is missing, or when Redis has other bids than the accepted
 * ones.
 */
export async function storm(
  { auctions, clock }: AuctionServices,
  instances: readonly FunctionProcess[],
  crowd: number,
  connections: number,
): Promise<StormResult> {
  storms += 1;
  const auctionId = `storm-${storms}`;
  await auctions.open(auctionId, clock.now());
  const amounts = nearlyRising(crowd);
  const fromMs = wallMs() + SIGNED_AHEAD_MS + crowd * SIGNING_TIMES * signingMs(auctionId);
  const bids = amounts.map((amount, index) =>
    encode(signedBid(auctionId, amount, fromMs + (WITHIN_MS * index) / crowd)),
  );
  const load = { connections, withinMs: WITHIN_MS, fromMs, outcomeOf: bidOutcomeOf };
  const parts = await Promise.all(
    instances.map(({ url }, part) =>
      sendAll(
        url,
        bids.filter((_bid, index) => index % instances.length === part),
        load,
      ),
    ),
  );
  const answers = parts.flatMap((each) => each.answers);
  const sentMs = Math.max(...parts.map((each) => each.sentMs));
  const { price, bids: recorded } = await auctions.standing(auctionId);
  const result = { sentMs, answers, ...summaryOf(answers) };
  const isHighest = price === Math.max(...amounts);
  return { ...result, row: rowOf(crowd, result, { recorded, isHighest }) };
}

function rowOf(
  crowd: number,
  { sentMs, latenciesMs, outcomes }: Omit<StormResult, "row" | "answers">,
  { recorded, isHighest }: { readonly recorded: number; readonly isHighest: boolean },
): string {
  const countOf = (outcome: string) => outcomes.get(outcome) ?? 0;
  const [accepted, refused] = [countOf(ACCEPTED), countOf("too low")];
  const [undecided, busy] = [countOf("undecided"), countOf("busy")];
  const areAllNotified = accepted + refused + undecided + busy === crowd;
  if (!areAllNotified || recorded < accepted || recorded > accepted + undecided) {
    throw new Error(`Of ${crowd} bids Redis has ${recorded}: ${JSON.stringify([...outcomes])}.`);
  }
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(8);
  const late = latenciesMs.filter((latency) => latency > TOO_LATE_MS).length;
  return [
    String(crowd).padStart(9),
    `${(sentMs / 1000).toFixed(1)} s`.padStart(10),
    ms(percentile(latenciesMs, 0.5)),
    ms(percentile(latenciesMs, 0.99)),
    ms(latenciesMs.at(-1) ?? Number.NaN),
    String(late).padStart(11),
    String(accepted).padStart(11),
    String(refused).padStart(10),
    String(undecided).padStart(12),
    String(busy).padStart(10),
    // The highest bid may have been refused undecided.
    (isHighest ? "yes" : busy + undecided > 0 ? "-" : "NO").padStart(16),
  ].join("");
}

/** The time to sign one bid. */
function signingMs(auctionId: string): number {
  const startedMs = performance.now();
  for (let count = 0; count < SAMPLE; count += 1) encode(signedBid(auctionId, START_PRICE));
  return (performance.now() - startedMs) / SAMPLE;
}

/** Distinct amounts that rise, except that neighbours are shuffled. */
function nearlyRising(count: number): number[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, (_, index) => ({ index, at: index + random() * SHUFFLED }))
    .sort((one, other) => one.at - other.at)
    .map(({ index }) => START_PRICE + index);
}
