import type { Cloud } from "../local/cloud.ts";
import type { DiscordSimulator } from "../local/discord/index.ts";
import type { StripeSimulator } from "../local/stripe/index.ts";
import type { TwitchSimulator } from "../local/twitch/index.ts";
import type { Firestore } from "../shared/ports/database.ts";
import type { Choices } from "./choices.ts";
import type { DrawnFaults } from "./faults-drawn.ts";
import type { SimulationRecord } from "./replay/record.ts";
import type { Swarm } from "./swarm.ts";

/** What a run takes place on: the whole business, and the means to look at it from outside. */
export interface Stage {
  readonly cloud: Cloud;
  readonly discord: DiscordSimulator;
  readonly stripe: StripeSimulator;
  readonly twitch: TwitchSimulator;
  readonly faults: DrawnFaults;
  /** What chance decides beside the actions' own picks, by labels. */
  readonly choices: Choices;
  /** What entered and left so far, and what was stored. */
  readonly record: SimulationRecord;
  /** What goes wrong in this run. */
  readonly swarm: Swarm;
  /** For looking only, within `aside`. */
  readonly database: Firestore;
  /** Looks at something without faults and without time passing. */
  aside<Result>(look: () => Promise<Result>): Promise<Result>;
  /** Whether this simulation is judged by a known defect, as known-defects.md names it: simulations that are kept for it are. */
  isJudged(defect: string): boolean;
  /** The address that Discord's interactions go to. */
  readonly endpoint: string;
  /** Waits, while nothing goes wrong and time passes by itself; only before the simulation begins. */
  settle(): Promise<void>;
  /** What a scenario keeps between its steps. */
  readonly memory: Map<string, unknown>;
}
