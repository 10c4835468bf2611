import { manifest } from "../../../functions/manifest.ts";
import { createLedger } from "../../../shared/money/ledger-store.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { typePayout } from "./paying.ts";
import { trackOf } from "./track.ts";

/** Many due payouts at once, and a Stripe that does not answer. */
export const outageActions: readonly Action[] = [
  { name: "pay everybody out", weight: 2, kind: "paying out", perform: payEverybody },
  { name: "stripe hangs", weight: 2, kind: "paying out", perform: hangStripe },
];

const MINUTE_MS = 60_000;
/** The longest is within the retry period of messages, including the pauses between two outages. */
const HANGS_MS = [3 * MINUTE_MS, 12 * MINUTE_MS, 25 * MINUTE_MS];
const APART_MS = 60 * MINUTE_MS;
/** Longer than any client waits. */
const NO_ANSWER_MS = 80_000;
const { timeoutSeconds, trigger } = manifest.sweeper;
/** A sweep should end this long before it is cut off. */
const SPARE_MS = 5_000;
const LONGEST_MS = timeoutSeconds * 1000 - SPARE_MS;

/** For a while Stripe accepts calls and answers none. */
async function hangStripe(stage: Stage, pick: Pick): Promise<void> {
  const { faults, swarm, cloud } = stage;
  if (!swarm.kinds.has("stripe hangs")) throw new Error("This run does not include it.");
  const before = faults.appliedFaults.findLast(({ kind }) => kind === "stripe hangs");
  if (before && cloud.clock.nowMs() < before.atMs + APART_MS) throw new Error("It has just hung.");
  let isHanging = true;
  faults.add({
    target: "stripe",
    operation: /^(?!deliver )/,
    fault: { kind: "delay", ms: NO_ANSWER_MS },
    get probability() {
      return isHanging && !faults.isQuiet ? 1 : 0;
    },
  });
  faults.note("stripe hangs");
  await cloud.clock.sleep(pick(HANGS_MS));
  isHanging = false;
}

const LEAST = 2_000;
const MOST_PAYOUTS = 12;

/**
 * At the end of a month: pays out all wallets with Stripe accounts, in parts as they were earned.
 */
async function payEverybody(stage: Stage, pick: Pick): Promise<void> {
  const { accounts, staff } = trackOf(stage);
  const ledger = createLedger(async () => stage.database);
  const by = pick(staff);
  let count = 0;
  for (const user of accounts.keys()) {
    const now = stage.cloud.clock.now();
    const balances = await stage.withoutFaults(() => ledger.balances(`racer:${user}`, now));
    const { available = 0 } = balances.find(({ currency }) => currency === "usd") ?? {};
    for (let left = available; left >= 2 * LEAST && count < MOST_PAYOUTS; left -= LEAST + count) {
      const amount = ((LEAST + count) / 100).toFixed(2);
      count += 1;
      await typePayout(stage, by, { user, amount, currency: "usd", method: "stripe" });
    }
  }
  if (count === 0) throw new Error("Nobody has earned enough.");
}

/** Observes each run of the sweeper shortly before it would be cut off, and when it has done all its work. */
export function watchSweeper(stage: Stage): void {
  const { clock, scheduler } = stage.cloud;
  stage.watchLog((line) => {
    const isDone = line.includes('"function":"sweeper"') && line.includes('"message":"done: run"');
    if (isDone) trackOf(stage).sweptAtMs.push(clock.nowMs());
  });
  const periodMs = trigger.everyMinutes * MINUTE_MS;
  const look = () => {
    const beginsAtMs = (Math.floor(clock.nowMs() / periodMs) + 1) * periodMs;
    const lookBy = (endMs: number) =>
      clock.at(endMs, () => {
        const dueMs = beginsAtMs + LONGEST_MS + frozenMs(stage, beginsAtMs);
        if (!scheduler.idle() && dueMs > clock.nowMs()) {
          lookBy(dueMs);
          return;
        }
        if (!scheduler.idle()) trackOf(stage).overruns.push(clock.nowMs());
        look();
      });
    lookBy(beginsAtMs + LONGEST_MS);
  };
  look();
}

/** For how long instances of the sweeper stood still since a run began. */
function frozenMs({ faults }: Stage, beganAtMs: number): number {
  return faults.freezes
    .filter(({ instance, fromMs }) => instance.startsWith("sweeper-") && fromMs >= beganAtMs)
    .reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0);
}
