import type { Lobby } from "./race.ts";

/** The amount that the host wants a pot to reach; minor units. */
export interface RaceGoal {
  readonly amount: number;
  readonly currency: string;
}

/** A pot's progress towards its goal. */
export interface GoalProgress extends RaceGoal {
  /** The pot's amount in the goal's currency. */
  readonly reached: number;
  /** The reached part of the goal in whole percent, rounded down; 100 or more once it is reached. */
  readonly percent: number;
  readonly isReached: boolean;
}

/** A pot's progress towards its goal; undefined if the host has set none. Other currencies do not count. */
export function progressOf(
  { goal }: Pick<Lobby, "goal">,
  pot: readonly RaceGoal[],
): GoalProgress | undefined {
  if (!goal) return undefined;
  const { amount, currency } = goal;
  const reached = pot.find((part) => part.currency === currency)?.amount ?? 0;
  const percent = Math.max(0, Number((BigInt(reached) * 100n) / BigInt(amount)));
  return { amount, currency, reached, percent, isReached: reached >= amount };
}
