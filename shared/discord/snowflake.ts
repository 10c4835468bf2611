/** https://discord.com/developers/docs/reference#snowflakes */
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const TIME_BITS = 22n;

/** When Discord created the object with this id, independent of our clocks and of when it was delivered. */
export function snowflakeTimeMs(id: string): number {
  return Number(BigInt(id) >> TIME_BITS) + DISCORD_EPOCH_MS;
}

/** The id that Discord would give at a time, to compare other actions with commands. */
export function snowflakeAt(time: Date): string {
  return String(BigInt(time.getTime() - DISCORD_EPOCH_MS) << TIME_BITS);
}

/** Whether an id is newer than another; Discord's ids grow with time. */
export function isNewer(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}
