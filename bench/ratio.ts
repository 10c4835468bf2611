/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures two things in turn, so that a drift of the machine's speed touches both alike, and gives
 * each round's pair. A first round warms up and is not counted.
 */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ours: number[]; theirs: number[]; ratio: number }> {
  await ours();
  await theirs();
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round += 1) pairs.push([await ours(), await theirs()]);
  return {
    ours: pairs.map(([our]) => our),
    theirs: pairs.map(([, their]) => their),
    ratio: median(pairs.map(([our, their]) => our / their)),
  };
}
