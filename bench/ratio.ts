/** Prints one line. */
export type Print = (line: string) => void;

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures several things alternately, so that changes of the machine's speed affect all equally.
 * Returns the values of each. A first round (round 0) warms up and is not counted.
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

/** The median of the rounds' ratios. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((our, round) => our / (theirs[round] ?? Number.NaN)));
}

/** Measures two things alternately; see `inRounds`. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ours: number[]; theirs: number[]; ratio: number }> {
  const values = await inRounds(rounds, { ours, theirs });
  return { ...values, ratio: ratioOf(values.ours, values.theirs) };
}
