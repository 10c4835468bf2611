/** Where Redis keeps that someone has asked for their data lately. */
export function myDataKey(userId: string): string {
  return `my-data:${userId}`;
}
