import type { Stage } from "./stage.ts";

/** One thing that somebody does; it throws when Discord, Stripe or Twitch would not let them. */
export interface Action {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly weight: number;
  /** What it belongs to: some simulations have much of one kind and little of another. */
  readonly kind?: string;
  /** Whether it happens on every simulation, because nothing would come about without it. */
  readonly isEssential?: true;
  /** Does it, or begins to. `pick` chooses among what there is. */
  perform(stage: Stage, pick: Pick): unknown;
  /** How much time passes once it is done, in which nobody does anything. */
  passesMs?(stage: Stage): Promise<number>;
}

/** One of the items as chance has it; throws where there are none, because then it cannot be done. */
export type Pick = <Item>(items: readonly Item[]) => Item;

/** A kind of simulation: who is there, what they may do, and what must hold. */
export interface Scenario {
  readonly name: string;
  /** Settings that it needs, by their names. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Makes ready what everybody finds. Nothing goes wrong meanwhile. */
  prepare(stage: Stage): Promise<void>;
  readonly actions: readonly Action[];
  /** How long it may be from one action to the next, where it is not as usual. */
  readonly gapsMs?: readonly number[];
  /** Throws RuleBroken where something does not hold that must after every step. */
  checkStep(stage: Stage): Promise<void>;
  /** Throws RuleBroken where something does not hold that must once everything is at rest. */
  checkRest(stage: Stage): Promise<void>;
}
