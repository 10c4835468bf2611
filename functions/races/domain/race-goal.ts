import type { Lobby } from "./race.ts";

/** What the host wants a pot to reach; minor units. */
export interface RaceGoal {
  readonly amount: number;
  readonly currency: string;
}

/** How far a pot has come. */
export interface GoalProgress extends RaceGoal {
  /** What the pot holds in the goal's currency. */
  readonly reached: number;
  /** Of the goal, in whole percent, rounded down: 100 or more means that it is reached. */
  readonly percent: number;
  readonly isReached: boolean;
}

/** How far a lobby's pot has come; undefined where the host has set no goal. Other currencies do not count. */
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
