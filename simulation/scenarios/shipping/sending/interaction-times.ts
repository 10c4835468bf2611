/** Discord counts milliseconds from the beginning of 2015, in the higher bits of its ids. */
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const TIMESTAMP_SHIFT = 22n;

/** The smallest id that something had at this time. */
export function idAt(ms: number): string {
  return String(BigInt(ms - DISCORD_EPOCH_MS) << TIMESTAMP_SHIFT);
}

/** When something with this id was made. */
export function timeOf(id: string): number {
  return Number(BigInt(id) >> TIMESTAMP_SHIFT) + DISCORD_EPOCH_MS;
}
