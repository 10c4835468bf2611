import type { Choices } from "./choices.ts";

/** Faults of single calls. */
const CALL_KINDS = [
  "answer lost",
  "call lost",
  "server error",
  "contention",
  "rate limit",
] as const;
/** Faults of deliveries: messages, tasks and webhooks. */
const DELIVERY_KINDS = [
  "delivered twice",
  "delivered late",
  "delivered out of order",
  "delivery lost",
  "delivery's answer lost",
] as const;
/** Faults of instances, and temporary faults of services. */
const OTHER_KINDS = ["killed", "frozen", "clocks differ", "slow"] as const;

/** Instance clocks that are seconds off; only scenarios that account for it enable them. */
const CLOCK_KINDS = ["clocks far off"] as const;

/** What Discord's users experience or do only in some simulations; a scenario causes it. */
const PEOPLE_KINDS = ["discord refuses messages", "sellers and staff step in"] as const;

/** Faults of Redis; a scenario causes them. */
const REDIS_KINDS = [
  "redis fails over",
  "redis is flushed",
  "redis loses a key",
  "redis hangs",
  "redis loses answers",
] as const;

/** Faults of Stripe; a scenario causes them. */
const STRIPE_KINDS = ["stripe hangs"] as const;

/** All kinds of faults. */
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

/** Which faults occur at all. */
export type Trouble = "none" | "some" | "all";

/** A run's kinds of faults and their frequency. */
export interface Swarm {
  readonly kinds: ReadonlySet<FaultKind>;
  readonly callKinds: readonly (typeof CALL_KINDS)[number][];
  readonly deliveryKinds: readonly (typeof DELIVERY_KINDS)[number][];
  /** Per kind and call. */
  readonly odds: number;
}

/** The probability of a fault per call and kind: some runs are bad, most are not. */
const ODDS = [0.002, 0.005, 0.01, 0.02];

/**
 * Draws a run's kinds of faults. With "some" each kind is omitted in two of five runs, because a
 * fault can hide the effects of others. `without` excludes kinds.
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
