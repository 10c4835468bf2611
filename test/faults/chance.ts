/** One of the items; undefined where there are none. */
export function pickOf<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** One of what is given with its weight, as often as that says. */
export function draw<T>(weighted: readonly (readonly [number, T])[], random: () => number): T {
  let left = random() * weighted.reduce((total, [weight]) => total + weight, 0);
  const found = weighted.find(([weight]) => {
    left -= weight;
    return left < 0;
  });
  const [, drawn] = found ?? weighted[0] ?? [];
  if (drawn === undefined) throw new Error("There was nothing to draw from.");
  return drawn;
}

/** What can not be done at the moment is refused, and that is all. */
export async function attempt(deed: () => unknown): Promise<void> {
  try {
    await deed();
  } catch (error) {
    if ((error as Error).name === "TypeError") throw error;
  }
}
