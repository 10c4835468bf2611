/** https://discord.com/developers/docs/reference#snowflakes */
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const TIME_BITS = 22n;

/** When Discord made the thing with this id: no clock of ours, and no delivery, changes it. */
export function snowflakeTimeMs(id: string): number {
  return Number(BigInt(id) >> TIME_BITS) + DISCORD_EPOCH_MS;
}

/** Whether an interaction came after another; Discord's ids grow with time. */
export function isNewer(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}
