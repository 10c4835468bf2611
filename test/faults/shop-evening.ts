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
const DAY_MINUTES = 24 * 60;
/** All that goes wrong is tried again for so long at the least. */
const BUSY_MINUTES = 5 * 60;
/** Held money goes back after 14 days, and Stripe delivers again for three. */
const REST_DAYS = 15;
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

/** Lets minutes pass. After some hours nothing is due any more but what held money waits for. */
export async function letPass({ cloud }: Evening, minutes: number): Promise<void> {
  const busyMinutes = Math.min(minutes, BUSY_MINUTES);
  await cloud.clock.advance(busyMinutes * MINUTE_MS);
  await cloud.pass((minutes - busyMinutes) * MINUTE_MS);
}

/**
 * Nothing goes wrong any more: Stripe delivers again for hours, the sweeper comes every 15 minutes,
 * and after two weeks held money goes back.
 */
export async function comeToRest(evening: Evening): Promise<void> {
  evening.cloud.faults.clear();
  await letPass(evening, REST_DAYS * DAY_MINUTES);
}
