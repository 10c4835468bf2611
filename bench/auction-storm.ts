import { manifest } from "../functions/manifest.ts";
import { seededRandom } from "../local/kit/faults.ts";
import { ACCEPTED, bidOutcomeOf, START_PRICE, signedBid } from "./auction-bids.ts";
import type { BidTarget } from "./auction-services.ts";
import { encode, percentile, sendAll } from "./load.ts";
import type { Say } from "./ratio.ts";

const CROWDS = [1_000, 5_000, 20_000];
/** More at once than Cloud Run would give an instance: what it can't take it refuses in words, in time. */
const OVERLOAD = { crowd: 5_000, connections: 800 };
const WITHIN_MS = 5_000;
/** What Cloud Run gives one instance at once; what is more would go to other instances. */
const CONNECTIONS = manifest["discord-interactions"].concurrency;
/** Discord takes no answer after this. */
const TOO_LATE_MS = 3_000;
/** Bids that go out close to each other go out in any order. */
const SHUFFLED = 3;

const HEADING =
  "     bids   sent in     p50     p99     max   over 3 s   accepted   refused   undecided      busy   highest leads";

/** Crowds that bid in one auction's last seconds, everyone once; one instance decides. */
export async function benchStorm(say: Say, target: BidTarget): Promise<void> {
  say("The storm: everyone bids once in one auction, due within 5 s, on one instance that gets");
  say(`  ${CONNECTIONS} at once; times are from sending to the whole answer:`);
  say(HEADING);
  let perSecond = 0;
  for (const crowd of CROWDS) {
    const { row, sentMs } = await storm(target, crowd, CONNECTIONS);
    say(row);
    perSecond = Math.max(perSecond, (crowd / sentMs) * 1000);
  }
  say(`The same with ${OVERLOAD.connections} at once (aim: none over 3 s):`);
  say(HEADING);
  say((await storm(target, OVERLOAD.crowd, OVERLOAD.connections)).row);
  const asked = (Math.max(...CROWDS) / WITHIN_MS) * 1000;
  const { maxInstances } = manifest["discord-interactions"];
  say(
    `  ${asked} a second are the work of ${Math.ceil(asked / perSecond)} such instances (aim: 20); ` +
      `the manifest allows ${maxInstances}, and this machine has room for one.`,
  );
}

async function storm(
  { interactions, auctions, clock }: BidTarget,
  crowd: number,
  connections: number,
) {
  const auctionId = `storm-${crowd}-${connections}`;
  await auctions.open(auctionId, clock.now());
  const amounts = nearlyRising(crowd);
  const bids = amounts.map((amount) => encode(signedBid(auctionId, amount)));
  const load = { connections, withinMs: WITHIN_MS, outcomeOf: bidOutcomeOf };
  const { latenciesMs, sentMs, outcomes } = await sendAll(interactions.url, bids, load);
  const { price, bids: recorded } = await auctions.standing(auctionId);

  const countOf = (outcome: string) => outcomes.get(outcome) ?? 0;
  const [accepted, refused] = [countOf(ACCEPTED), countOf("too low")];
  const [undecided, busy] = [countOf("undecided"), countOf("busy")];
  const areAllTold = accepted + refused + undecided + busy === crowd;
  if (!areAllTold || recorded < accepted || recorded > accepted + undecided) {
    throw new Error(`Of ${crowd} bids Redis has ${recorded}: ${JSON.stringify([...outcomes])}.`);
  }
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(8);
  const late = latenciesMs.filter((latency) => latency > TOO_LATE_MS).length;
  const isHighest = price === Math.max(...amounts);
  const row = [
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
    (isHighest ? "yes" : busy > 0 ? "-" : "NO").padStart(16),
  ].join("");
  return { row, sentMs };
}

/** Amounts that all differ and rise but for neighbours, which come in any order. */
function nearlyRising(count: number): number[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, (_, index) => ({ index, at: index + random() * SHUFFLED }))
    .sort((one, other) => one.at - other.at)
    .map(({ index }) => START_PRICE + index);
}
