/** The Redis key that records that someone has recently asked for their data. */
export function myDataKey(userId: string): string {
  return `my-data:${userId}`;
}
