import { type FaultRule, seededRandom } from "../../local/kit/faults.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { racers } from "../support/races.ts";
import { shoppers } from "../support/shop.ts";
import { type Market, openMarket } from "./race-market.ts";
import { callTroubles, crashes, deliveryTroubles, PERMISSION_DENIED } from "./troubles.ts";

/** A payout as it was asked for. */
export interface AskedPayout {
  /** The interaction's, and the payout's if it is made. */
  readonly id: string;
  readonly racer: string;
  /** What goes to the racer by DM; undefined for a transfer. */
  readonly code: string | undefined;
}

/** One community with its races and shops, in a cloud of its own. */
export interface Evening {
  readonly cloud: TestCloud;
  readonly people: ReturnType<typeof shoppers>;
  /** They host, and pay out. */
  readonly staff: readonly string[];
  /** The first two can be paid at Stripe, the last takes no DMs. */
  readonly crowd: readonly string[];
  readonly accounts: ReadonlyMap<string, string>;
  readonly channels: readonly string[];
  readonly market: Market;
  readonly asked: AskedPayout[];
}

/** So long are shares held. */
export const HELD_DAYS = 1;
const HOSTS = 2;
const RACERS = 5;
/** What C500 has at Stripe to begin with. */
const FLOAT = 2_000_00;
const MANAGE_SERVER = "32";
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** All that goes wrong is tried again for so long at the least. */
const BUSY_MINUTES = 5 * HOUR_MINUTES;
/** Shopify tells again for four hours. */
const REST_HOURS = 5;
/**
 * What goes wrong while people race and buy. So rare each that the deliveries' tries outlast it; where
 * libraries wait in real time between their own tries, it is also few times.
 */
const troubles: readonly FaultRule[] = [
  // What was sold is told long after what came of it.
  {
    ...{ target: "shops", operation: /orders\/paid/, probability: 0.3 },
    fault: { kind: "delay", ms: 20 * MINUTE_MS },
  },
  {
    ...{ target: "stripe", operation: /^deliver checkout/, probability: 0.3 },
    fault: { kind: "delay", ms: 20 * MINUTE_MS },
  },
  ...(["pubsub", "tasks", "stripe", "shops"] as const).flatMap((target) =>
    deliveryTroubles(target, 90_000),
  ),
  ...callTroubles(3),
  ...(["lose-answer", "drop"] as const).map((kind): FaultRule => {
    const operation = /^POST \/v1\/transfers/;
    return { target: "stripe", operation, fault: { kind }, probability: 0.3, times: 3 };
  }),
  crashes("firestore", /^Commit/, 0.05),
  crashes("firestore", /^BatchGet/, 0.01),
  crashes("firestore", /^Run/, 0.01),
  crashes("pubsub", /^Publish/, 0.05),
  { target: "tasks", operation: /^CreateTask/, fault: { kind: "drop" }, probability: 0.1 },
];

/** Brings everyone together; no race is open yet. */
export async function gather(seed: number): Promise<Evening> {
  const environment = { SHARE_HOLD_DAYS: String(HELD_DAYS) };
  const cloud = await startTestCloud({
    ...{ seed, environment, rateLimits: false },
  });
  const people = shoppers(cloud);
  const races = racers(cloud, people);
  await races.registerCommands();
  const staff = Array.from({ length: HOSTS }, () => people.person({ permissions: MANAGE_SERVER }));
  const builders = [await people.builder(), await people.builder()].map(({ id }) => id);
  const others = Array.from({ length: RACERS - builders.length - 1 }, () => people.person());
  const accounts = new Map<string, string>();
  for (const id of builders) accounts.set(id, await people.accountOf(id));
  const market = openMarket(cloud);
  market.stripe({ items: [FLOAT] });
  const crowd = [...builders, ...others, people.person({ dmsClosed: true })];
  const channels = [races.channel(), races.channel(), community.generalChannelId];
  await cloud.settle();
  return { cloud, people, staff, crowd, accounts, channels, market, asked: [] };
}

/** Lets some of the troubles strike from now on: another choice for each seed. */
export function invite({ cloud }: Evening, seed: number): void {
  const random = seededRandom(seed);
  for (const rule of troubles) {
    if (random() < 0.8) cloud.faults.add(rule);
  }
}

/** Lets minutes pass. After some hours nothing is due any more but what the sweeper does. */
export async function letPass({ cloud }: Evening, minutes: number): Promise<void> {
  const busyMinutes = Math.min(minutes, BUSY_MINUTES);
  await cloud.clock.advance(busyMinutes * MINUTE_MS);
  await cloud.pass((minutes - busyMinutes) * MINUTE_MS);
}

/** Nothing goes wrong any more: shops deliver again for hours, and the sweeper comes. */
export async function comeToRest(evening: Evening): Promise<void> {
  evening.cloud.faults.clear();
  await letPass(evening, REST_HOURS * HOUR_MINUTES);
}

/** Asks Firestore until no fault strikes: our own look is not to crash. */
export async function look<T>(read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if ((error as { code?: unknown }).code !== PERMISSION_DENIED) throw error;
    }
  }
}
