import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { leaveAndComeBack, pressJoin, pressLeave, prolong, start } from "./hosting.ts";
import { type Purchase, sellAtKofi, sellAtShopify, sellAtStripe } from "./shops.ts";
import { trackOf } from "./track.ts";

/** When a video about a race spreads. */
export const rushActions: readonly Action[] = [
  { name: "merch goes viral", weight: 0.4, perform: goViral },
];

/** A rush takes as much computing time as ten simulations without one. */
const RUSH_ODDS = 0.25;
const SECOND_MS = 1000;
const RATES = [5, 8, 12];
const LENGTH_MS = 30 * SECOND_MS;
/**
 * A database with a sudden increase in traffic is slower per call until it has spread its load:
 * https://firebase.google.com/docs/firestore/best-practices#ramping_up_traffic
 */
const SLOWER_BY_MS = [0, 40, 100];
const PRICES = [998, 1500, 4998];
const PRESSES = [pressJoin, pressLeave, pressLeave, leaveAndComeBack, start, prolong];
/** The delay from one join or leave to the next. */
const PEOPLE_EVERY_MS = [2_000, 4_000, 9_000];

/**
 * Once per simulation, many people per second buy at one shop for half a minute, while racers join
 * and leave and hosts start.
 */
async function goViral(stage: Stage, pick: Pick): Promise<void> {
  const { rushes } = trackOf(stage);
  if (rushes.length > 0) throw new Error("There was a rush already.");
  if (!stage.choices.isChosen("goes viral", RUSH_ODDS)) throw new Error("Nothing spreads.");
  const sell = pick([sellAtKofi, sellAtShopify, sellAtStripe]);
  const everyMs = SECOND_MS / pick(RATES);
  let isGoingOn = true;
  const slowerByMs = pick(SLOWER_BY_MS);
  stage.faults.add({
    target: "firestore",
    fault: { kind: "delay", ms: slowerByMs },
    get probability() {
      return isGoingOn ? 1 : 0;
    },
  });
  rushes.push({ fromMs: stage.cloud.clock.nowMs(), slowerByMs });
  await Promise.all([buyMuch(stage, sell, everyMs), comeAndGo(stage, pick)]);
  isGoingOn = false;
}

type Sell = (stage: Stage, purchase: Purchase) => void;

async function buyMuch(stage: Stage, sell: Sell, everyMs: number): Promise<void> {
  for (let sale = 0; sale * everyMs < LENGTH_MS; sale += 1) {
    sell(stage, { items: [PRICES[sale % PRICES.length] ?? 998] });
    await stage.cloud.clock.sleep(everyMs);
  }
}

async function comeAndGo(stage: Stage, pick: Pick): Promise<void> {
  const { clock } = stage.cloud;
  const everyMs = pick(PEOPLE_EVERY_MS);
  const presses: Promise<unknown>[] = [];
  for (let passedMs = 0; passedMs < LENGTH_MS; passedMs += everyMs) {
    await clock.sleep(everyMs);
    // Actions that are currently not possible are skipped.
    presses.push(pick(PRESSES)(stage, pick).catch(() => undefined));
  }
  await Promise.all(presses);
}
