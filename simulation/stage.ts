import type { Cloud } from "../local/cloud/cloud.ts";
import type { DiscordSimulator } from "../local/discord/index.ts";
import type { StripeSimulator } from "../local/stripe/index.ts";
import type { TwitchSimulator } from "../local/twitch/index.ts";
import type { Firestore } from "../shared/ports/database.ts";
import type { Choices } from "./random/choices.ts";
import type { DrawnFaults } from "./random/drawn-faults.ts";
import type { Swarm } from "./random/swarm.ts";
import type { SimulationRecord } from "./replay/record.ts";

/** The whole running product of a run, and the means to observe it from outside. */
export interface Stage {
  readonly cloud: Cloud;
  readonly discord: DiscordSimulator;
  readonly stripe: StripeSimulator;
  readonly twitch: TwitchSimulator;
  readonly faults: DrawnFaults;
  /** Random decisions beside the actions' own picks, by label. */
  readonly choices: Choices;
  /** The run's inputs, outputs and commits so far. */
  readonly record: SimulationRecord;
  /** The faults of this run. */
  readonly swarm: Swarm;
  /** When the sweeper ran seldom, because a long time passed. */
  readonly seldomSwept: { readonly fromMs: number; readonly toMs: number }[];
  /** From now on `look` gets every line that the functions log. */
  watchLog(look: (line: string) => void): void;
  /** Only for reading, within `withoutFaults`. */
  readonly database: Firestore;
  /** Runs reads without faults and without time passing. */
  withoutFaults<Result>(look: () => Promise<Result>): Promise<Result>;
  /**
   * Whether a known defect (by its name in known-defects.md) counts as a failure in this
   * simulation.
   */
  isJudged(defect: string): boolean;
  /** The URL for Discord's interactions. */
  readonly endpoint: string;
  /** Waits until the product is idle, without faults; only before the simulation begins. */
  settle(): Promise<void>;
  /** A scenario's own state. */
  readonly memory: Map<string, unknown>;
}

/** What scenarios counted of what does not happen in every run. */
export function sometimesIn({ memory }: Pick<Stage, "memory">): string[] {
  const happened = (memory.get("sometimes") ?? []) as string[];
  memory.set("sometimes", happened);
  return happened;
}

/** Counts something that does not happen in every run. */
export function noteSometimes(stage: Pick<Stage, "memory">, what: string): void {
  sometimesIn(stage).push(what);
}
