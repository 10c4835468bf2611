/** Prints one line. */
export type Say = (line: string) => void;

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures several things in turn, so that a drift of the machine's speed touches all alike, and
 * gives each one's values. A first round (round 0) warms up and is not counted.
 */
export async function inRounds<N extends string>(
  rounds: number,
  sides: Readonly<Record<N, (round: number) => Promise<number>>>,
): Promise<Record<N, number[]>> {
  const names = Object.keys(sides) as N[];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    N,
    number[]
  >;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const value = await sides[name](round);
      if (round > 0) values[name].push(value);
    }
  }
  return values;
}

/** The middle one of the rounds' ratios. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((our, round) => our / (theirs[round] ?? Number.NaN)));
}

/** Measures two things in turn; see `inRounds`. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ours: number[]; theirs: number[]; ratio: number }> {
  const values = await inRounds(rounds, { ours, theirs });
  return { ...values, ratio: ratioOf(values.ours, values.theirs) };
}
