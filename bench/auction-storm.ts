import { manifest } from "../functions/manifest.ts";
import { seededRandom } from "../local/kit/faults.ts";
import type { FunctionProcess } from "../tools/build/function-process.ts";
import { ACCEPTED, bidOutcomeOf, START_PRICE, signedBid } from "./auction-bids.ts";
import type { AuctionServices, BidTarget } from "./auction-services.ts";
import { encode, type LoadResult, percentile, sendAll, summaryOf, wallMs } from "./load.ts";
import type { Say } from "./ratio.ts";

const CROWDS = [1_000, 5_000];
/** More at once than Cloud Run would give an instance: what it can't take it refuses in words, in time. */
const OVERLOAD = { crowd: 5_000, connections: 800 };
/** All of a crowd's bids are due within this time. */
export const WITHIN_MS = 5_000;
/** What Cloud Run gives one instance at once; what is more would go to other instances. */
export const CONNECTIONS = manifest["discord-interactions"].concurrency;
/** Discord takes no answer after this. */
export const TOO_LATE_MS = 3_000;
/** Bids are signed ahead of time, in so many times what some take, and a little: the machine may get busier. */
const SIGNING_TIMES = 2;
const SIGNED_AHEAD_MS = 500;
const SAMPLE = 100;
/** What bidders read whose bids were not decided. */
const IN_WORDS: ReadonlySet<string> = new Set(["busy", "undecided"]);
/** Bids that go out close to each other go out in any order. */
const SHUFFLED = 3;

let storms = 0;

/** The heads of a storm's columns. */
export const STORM_HEADING =
  "     bids   sent in     p50     p99     max   over 3 s   accepted   refused   undecided      busy   highest leads";

/** Crowds that bid in one auction's last seconds, everyone once; one instance decides. */
export async function benchStorm(say: Say, target: BidTarget): Promise<void> {
  say("The storm: everyone bids once in one auction, due within 5 s, on one instance that gets");
  say(`  ${CONNECTIONS} at once; times are from when a bid is made to its whole answer:`);
  say(STORM_HEADING);
  for (const crowd of CROWDS) {
    say((await storm(target, [target.interactions], crowd, CONNECTIONS)).row);
  }
  say(`The same with ${OVERLOAD.connections} at once (aim: none over 3 s):`);
  say(STORM_HEADING);
  const { crowd, connections } = OVERLOAD;
  const { row, answers } = await storm(target, [target.interactions], crowd, connections);
  say(row);
  const inTime = answers.filter(({ latencyMs }) => latencyMs <= TOO_LATE_MS);
  const decided = inTime.filter(({ outcome }) => !IN_WORDS.has(outcome)).length;
  say(
    `  of ${crowd}: ${decided} decided in time, ${inTime.length - decided} told in time that they were not,` +
      ` ${crowd - inTime.length} late (aim: 0)`,
  );
}

/** What became of a storm, and its row of the table. */
export interface StormResult extends Omit<LoadResult, "elapsedMs"> {
  readonly row: string;
}

/**
 * Has so many bid once within 5 s, in turn at these instances, each with so many connections. Throws when an
 * answer is missing, or Redis has other bids than the accepted ones.
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
    // The highest may have been refused in words.
    (isHighest ? "yes" : busy + undecided > 0 ? "-" : "NO").padStart(16),
  ].join("");
}

/** How long it takes to sign a bid. */
function signingMs(auctionId: string): number {
  const startedMs = performance.now();
  for (let count = 0; count < SAMPLE; count += 1) encode(signedBid(auctionId, START_PRICE));
  return (performance.now() - startedMs) / SAMPLE;
}

/** Amounts that all differ and rise but for neighbours, which come in any order. */
function nearlyRising(count: number): number[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, (_, index) => ({ index, at: index + random() * SHUFFLED }))
    .sort((one, other) => one.at - other.at)
    .map(({ index }) => START_PRICE + index);
}
