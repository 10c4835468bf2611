import { randomUUID } from "node:crypto";
import type { Deps } from "./deps.ts";
import { NotYetError } from "./task-worker.ts";

/** Longer than a run with Discord's waits takes as a rule; a second run then finds less to do. */
const LOCK_SECONDS = 60;
/** Frees a lock that is still ours, in one step. */
const FREE = `#!lua flags=allow-key-locking
if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end`;

/**
 * Does what reads something and shows it: one at a time under a key, so that no older state overwrites a
 * newer one. While another is under way it looks again after each of the waits, then throws NotYetError.
 */
export async function underLock<T>(
  key: string,
  waitsMs: readonly number[],
  work: () => Promise<T>,
  { redis, clock }: Pick<Deps, "redis" | "clock">,
): Promise<T> {
  const client = await redis();
  const owner = randomUUID();
  for (const waitMs of [...waitsMs, undefined]) {
    if (await client.set(key, owner, { nx: true, ex: LOCK_SECONDS })) break;
    if (waitMs === undefined) throw new NotYetError(`Another run holds ${key}`);
    await clock.sleep(waitMs);
  }
  try {
    return await work();
  } finally {
    await client.eval(FREE, [key], [owner]);
  }
}
