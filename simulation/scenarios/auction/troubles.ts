import type { Stage } from "../../stage.ts";
import { auctionLogOf } from "./auction-log.ts";

/** A period in which something went wrong. */
export interface Trouble {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether a call of Redis failed, or Redis did not answer. */
  readonly isOfRedis: boolean;
  /** Whether Redis lost something. */
  readonly isLoss: boolean;
  /** Whether an instance ended. */
  readonly isEnd: boolean;
  /** Whether an instance stood still for a while. */
  readonly isStall: boolean;
}

/** Faults that cannot affect boards and bids. */
const OF_OTHERS = /^(?:stripe|twitch|shops|secrets|project|pubsub) |^discord refuses messages$/;

/** The faults within a period that can affect boards and bids. */
export function troublesWithin(stage: Stage, fromMs: number, toMs: number): Trouble[] {
  const silences = auctionLogOf(stage).silences.map((silence) => ({
    ...silence,
    isOfRedis: true,
    isLoss: false,
    isEnd: false,
    isStall: false,
  }));
  const concerned = stage.faults.appliedFaults.filter(({ kind }) => !OF_OTHERS.test(kind));
  const appliedFaults = concerned.map(({ atMs, kind }) => ({
    fromMs: atMs,
    toMs: atMs,
    isOfRedis: /^upstash |^redis (?:hangs|loses answers)$/.test(kind),
    isLoss: /^redis (?:fails over|is flushed|loses a key)$/.test(kind),
    isEnd: /^killed /.test(kind),
    isStall: kind === "frozen",
  }));
  return [...silences, ...appliedFaults].filter(
    (trouble) => trouble.fromMs <= toMs && trouble.toMs >= fromMs,
  );
}

/**
 * The unusual duration of single calls of third parties within a period, which the product cannot
 * influence.
 */
export function slowMs({ faults }: Stage, fromMs: number, toMs: number): number {
  const within = faults.slowCalls.filter((call) => call.fromMs < toMs && call.toMs > fromMs);
  return within.reduce((total, call) => total + call.toMs - call.fromMs, 0);
}
