import type { Choices } from "../random/choices.ts";
import type { FaultKind } from "../random/swarm.ts";
import type { Stage } from "../stage.ts";

/** An action that somebody takes. It throws when Discord, Stripe or Twitch would not allow it. */
export interface Action {
  readonly name: string;
  /** How often it is drawn, relative to the others. */
  readonly weight: number;
  /** Its group: the frequency of groups varies between simulations. */
  readonly kind?: string;
  /** Whether every simulation includes it, because nothing would happen without it. */
  readonly isEssential?: true;
  /** It is drawn only in simulations that have this kind; in others all draws are as without it. */
  readonly onlyWith?: FaultKind;
  /** Performs it or starts to. `pick` chooses among the possibilities. */
  perform(stage: Stage, pick: Pick): unknown;
  /** How much time passes afterwards without any action. */
  passesMs?(stage: Stage): Promise<number>;
}

/** Chooses a random item. Throws if there are none, because then the action is not possible. */
export type Pick = <Item>(items: readonly Item[]) => Item;

/** A kind of simulation: the people, their actions and the invariants. */
export interface Scenario {
  readonly name: string;
  /** Settings that it needs, by name; some are drawn for each simulation. */
  environment?(choices: Choices): Readonly<Record<string, string>>;
  /** Prepares the initial state, without faults. */
  prepare(stage: Stage): Promise<void>;
  readonly actions: readonly Action[];
  /** The possible delays between actions, if they differ from the usual ones. */
  readonly gapsMs?: readonly number[];
  /** Checks the invariants that hold after every step. Throws RuleBroken. */
  checkStep(stage: Stage): Promise<void>;
  /** Checks the invariants that hold at rest. Throws RuleBroken. */
  checkRest(stage: Stage): Promise<void>;
}
