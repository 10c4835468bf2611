import type { Choices } from "./choices.ts";

/** Kinds of faults of single calls. */
const CALL_KINDS = [
  "answer lost",
  "call lost",
  "server error",
  "contention",
  "rate limit",
] as const;
/** Kinds of faults of deliveries: of messages, tasks and webhooks. */
const DELIVERY_KINDS = [
  "delivered twice",
  "delivered late",
  "delivered out of order",
  "delivery lost",
  "delivery's answer lost",
] as const;
/** Kinds of faults of instances, and of services for a while. */
const OTHER_KINDS = ["killed", "frozen", "clocks differ", "slow"] as const;

/** Clocks of instances that are seconds off; a scenario that knows what to make of them lets them. */
const CLOCK_KINDS = ["clocks far off"] as const;

/** What Discord does to people; a scenario has it done. */
const PEOPLE_KINDS = ["discord refuses messages"] as const;

/** What can happen to Redis; a scenario has somebody do it. */
const REDIS_KINDS = [
  "redis fails over",
  "redis is flushed",
  "redis loses a key",
  "redis hangs",
  "redis loses answers",
] as const;

/** What can happen to Stripe; a scenario has somebody do it. */
const STRIPE_KINDS = ["stripe hangs"] as const;

/** Everything that can go wrong. */
export const faultKinds = [
  ...CALL_KINDS,
  ...DELIVERY_KINDS,
  ...OTHER_KINDS,
  ...REDIS_KINDS,
  ...CLOCK_KINDS,
  ...PEOPLE_KINDS,
  ...STRIPE_KINDS,
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How much goes wrong at all. */
export type Trouble = "none" | "some" | "all";

/** Which kinds of faults a run has, and how often. */
export interface Swarm {
  readonly kinds: ReadonlySet<FaultKind>;
  readonly callKinds: readonly (typeof CALL_KINDS)[number][];
  readonly deliveryKinds: readonly (typeof DELIVERY_KINDS)[number][];
  /** Of each kind, per call. */
  readonly odds: number;
}

/** How often a kind strikes a call: some runs are bad, most are not. */
const ODDS = [0.002, 0.005, 0.01, 0.02];

/**
 * Draws which kinds a run has: with "some" each is left out in two of five runs, because a fault hides what
 * would come of the others. `without` takes kinds out.
 */
export function drawSwarm(
  choices: Choices,
  trouble: Trouble,
  without: ReadonlySet<FaultKind> = new Set(),
): Swarm {
  const isIn = (kind: FaultKind) =>
    trouble !== "none" &&
    !without.has(kind) &&
    (trouble === "all" || choices.isChosen(`swarm ${kind}`, 0.6));
  const kinds = new Set(faultKinds.filter(isIn));
  return {
    kinds,
    callKinds: CALL_KINDS.filter((kind) => kinds.has(kind)),
    deliveryKinds: DELIVERY_KINDS.filter((kind) => kinds.has(kind)),
    odds: choices.oneOf("swarm odds", ODDS) ?? 0,
  };
}
