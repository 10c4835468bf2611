import { type FaultRule, seededRandom } from "../../local/kit/faults.ts";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { shoppers } from "../support/shop.ts";
import { callTroubles, crashes, deliveryTroubles } from "./troubles.ts";

/** One shop with its people, in a cloud of its own. */
export interface Evening {
  readonly cloud: TestCloud;
  readonly people: ReturnType<typeof shoppers>;
  readonly builder: { readonly id: string };
  /** The builder's at Stripe. */
  readonly account: string;
  readonly drops: readonly string[];
  readonly buyers: readonly string[];
  /** What has left to the builder's bank. */
  paidOut: number;
  /** What each order was when it was last looked at. */
  readonly seen: Map<string, string>;
}

const BUYERS = 7;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
/** Held money goes back after 14 days, and Stripe delivers again for three. */
const REST_DAYS = 15;
const LAST_SWEEPS = 3;
/** Cloud Scheduler calls the sweeper so often. */
const SWEEP_PERIOD_MS = 15 * MINUTE_MS;
/**
 * What goes wrong while people shop. So rare each that the deliveries' ten tries outlast it; where
 * libraries wait in real time between their own tries, it is also few times.
 */
const troubles: readonly FaultRule[] = [
  ...(["pubsub", "tasks", "stripe"] as const).flatMap((target) => deliveryTroubles(target, 20_000)),
  ...callTroubles(2),
  crashes("firestore", /^Commit/, 0.02),
  crashes("firestore", /^BatchGet/, 0.02),
];

/** Opens the shop: one builder with a split and a held drop of a few units, and their buyers. */
export async function openShop(seed: number): Promise<Evening> {
  const cloud = await startTestCloud({ seed, rateLimits: false });
  const people = shoppers(cloud);
  const builder = await people.builder({ isLive: true });
  const account = await people.accountOf(builder.id);
  const drops = [
    await people.drop(builder.id, { payment: "split", price: "12.34", quantity: "3" }),
    await people.drop(builder.id, { payment: "held", price: "33.33", quantity: "3", limit: 2 }),
  ];
  const buyers = Array.from({ length: BUYERS }, () => people.person());
  return { cloud, people, builder, account, drops, buyers, paidOut: 0, seen: new Map() };
}

/** Lets some of the troubles strike from now on: another choice for each seed. */
export function invite({ cloud }: Evening, seed: number): void {
  const random = seededRandom(seed);
  for (const rule of troubles) {
    if (random() < 0.7) cloud.faults.add(rule);
  }
}

/** Steps in which a handler that failed is tried again before Discord forgets what it had sent. */
const STEPS_MS: readonly number[] = [
  ...Array<readonly number[]>(HOUR_MINUTES / 5)
    .fill([15_000, 15_000, 30_000, 4 * MINUTE_MS])
    .flat(),
  ...Array<number>(5).fill(HOUR_MINUTES * MINUTE_MS),
];

/** Lets minutes pass. After some hours nothing is due any more but what held money waits for. */
export async function letPass({ cloud }: Evening, minutes: number): Promise<void> {
  const { clock } = cloud;
  const untilMs = clock.nowMs() + minutes * MINUTE_MS;
  const steps = [...STEPS_MS];
  while (clock.nowMs() < untilMs) {
    await cloud.settle();
    const nowMs = clock.nowMs();
    const stepMs = steps.shift();
    const nextMs = stepMs === undefined ? await nextOfHolds(cloud) : nowMs + stepMs;
    await clock.advance(Math.min(nextMs, untilMs) - nowMs);
  }
  await cloud.settle();
}

/** When held money is next warned of, or goes back. */
async function nextOfHolds({ firestore, clock }: TestCloud): Promise<number> {
  const held = await firestore.collection("orders").where("hold", "==", "held").get();
  const ends = held.docs.flatMap((order) => order.get("held_until")?.toMillis() ?? []);
  const times = ends.flatMap((endsAtMs) =>
    [3, 1, 0].map((days) => endsAtMs - days * DAY_MINUTES * MINUTE_MS),
  );
  return Math.min(...times.filter((atMs) => atMs > clock.nowMs()));
}

/**
 * Nothing goes wrong any more: Stripe delivers again for hours, the sweeper comes every 15 minutes,
 * and after two weeks held money goes back.
 */
export async function comeToRest(evening: Evening): Promise<void> {
  const { faults, clock, settle } = evening.cloud;
  faults.clear();
  await letPass(evening, REST_DAYS * DAY_MINUTES);
  // A leap passes over the time a sweep has to answer: the last ones are given theirs.
  for (let sweeps = 0; sweeps < LAST_SWEEPS; sweeps += 1) {
    await clock.advance(SWEEP_PERIOD_MS);
    await settle();
  }
}
