import { randomUUID } from "node:crypto";
import type { Redis } from "@upstash/redis";
import type { PlatformDeps } from "./deps.ts";
import { NotYetError } from "./task-worker.ts";

/** A lock whose holder died, or could not free it, ends so soon. */
const LEASE_MS = 5_000;
/** Leaves room for a renewal that fails and one that is slow. */
const RENEWED_EVERY_MS = 1_500;

/** Takes a lock that is free or its caller's already, for so long from now on: 1, or 0 when it is another's. */
const TAKE = `#!lua flags=allow-key-locking
local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1`;
/** Frees a lock that is still its caller's, in one step: 1, or 0 when it is not. */
const FREE = `#!lua flags=allow-key-locking
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
return 1`;

/** The lock was not kept while something was shown under it: it is to be shown again. */
export class LostLockError extends NotYetError {}

/**
 * Does what reads something and shows it: one at a time under a key, so that no older state overwrites a
 * newer one. While another is under way it looks again after each of the waits, then throws NotYetError. The
 * lock is renewed for as long as the work takes and ends with whoever holds it. Throws LostLockError when it
 * could not be kept until the work was done.
 */
export async function underLock<T>(
  key: string,
  waitsMs: readonly number[],
  work: () => Promise<T>,
  { redis, clock }: Pick<PlatformDeps, "redis" | "clock">,
): Promise<T> {
  const client = await redis();
  const owner = randomUUID();
  for (const waitMs of [...waitsMs, undefined]) {
    if (await isTaken(client, { key, owner })) break;
    if (waitMs === undefined) throw new NotYetError(`Another run holds ${key}`);
    await clock.sleep(waitMs);
  }
  const end = keepLease(client, { key, owner }, clock);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await end();
    throw error;
  }
  if ((await end()) === "lost") throw new LostLockError(`${key} was lost meanwhile`);
  return result;
}

interface Lock {
  readonly key: string;
  readonly owner: string;
}

/** Renews a lock until the function that it gives is called, which frees it. */
function keepLease(
  client: Redis,
  lock: Lock,
  clock: PlatformDeps["clock"],
): () => Promise<"freed" | "lost"> {
  let isOver = false;
  let renewal: Promise<unknown> = Promise.resolve();
  const renew = async () => {
    for (;;) {
      await clock.sleep(RENEWED_EVERY_MS);
      if (isOver) return;
      renewal = isTaken(client, lock).catch(() => undefined);
      await renewal;
    }
  };
  void renew();
  return async () => {
    isOver = true;
    // A renewal that came after the end would take it again.
    await renewal;
    return free(client, lock);
  };
}

/** Asked a second time when the first answer does not come: what it has taken is its own. */
async function isTaken(client: Redis, { key, owner }: Lock): Promise<boolean> {
  const take = async () => Number(await client.eval(TAKE, [key], [owner, String(LEASE_MS)])) === 1;
  return take().catch(take);
}

/** Frees a lock, unless it is somebody else's by now; one that can't be freed ends by itself. */
async function free(client: Redis, { key, owner }: Lock): Promise<"freed" | "lost"> {
  try {
    return Number(await client.eval(FREE, [key], [owner])) === 1 ? "freed" : "lost";
  } catch {
    return "freed";
  }
}
