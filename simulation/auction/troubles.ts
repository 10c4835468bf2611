import type { Stage } from "../stage.ts";
import { auctionLogOf } from "./auction-log.ts";

/** Something that went wrong, from when to when. */
export interface Trouble {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether it was a call of Redis that failed, or Redis that was silent. */
  readonly isOfRedis: boolean;
  /** Whether Redis lost something. */
  readonly isLoss: boolean;
  /** Whether an instance ended. */
  readonly isEnd: boolean;
}

/** What boards and bids have nothing to do with. */
const OF_OTHERS = /^(?:stripe|twitch|shops|secrets|project|pubsub) |^discord refuses messages$/;

/** What went wrong within a time that concerns boards and bids. */
export function troublesWithin(stage: Stage, fromMs: number, toMs: number): Trouble[] {
  const silences = auctionLogOf(stage).silences.map((silence) => ({
    ...silence,
    isOfRedis: true,
    isLoss: false,
    isEnd: false,
  }));
  const concerned = stage.faults.strikes.filter(({ kind }) => !OF_OTHERS.test(kind));
  const strikes = concerned.map(({ atMs, kind }) => ({
    fromMs: atMs,
    toMs: atMs,
    isOfRedis: /^upstash |^redis (?:hangs|loses answers)$/.test(kind),
    isLoss: /^redis (?:fails over|is flushed|loses a key)$/.test(kind),
    isEnd: /^killed /.test(kind),
  }));
  return [...silences, ...strikes].filter(
    (trouble) => trouble.fromMs <= toMs && trouble.toMs >= fromMs,
  );
}

/** What single calls of others took unusually long, within a time: that is not ours. */
export function slowMs({ faults }: Stage, fromMs: number, toMs: number): number {
  const within = faults.slowCalls.filter((call) => call.fromMs < toMs && call.toMs > fromMs);
  return within.reduce((total, call) => total + call.toMs - call.fromMs, 0);
}
