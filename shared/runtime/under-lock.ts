import { randomUUID } from "node:crypto";
import type { Redis } from "@upstash/redis";
import { NotYetError } from "./delivery/task-worker.ts";
import type { PlatformDeps } from "./deps.ts";

/** A lock whose holder died, or could not release it, expires after this time. */
const LEASE_MS = 5_000;
/** Leaves time for one failed and one slow renewal. */
const RENEWED_EVERY_MS = 1_500;

/** Acquires a lock for a time in milliseconds: 1, also for its owner, or 0 if another owner holds it. */
const TAKE = `#!lua flags=allow-key-locking
local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1`;
/** Renews a lock for a time in milliseconds if the caller still owns it. What has expired may have had another owner. */
const RENEW = `#!lua flags=allow-key-locking
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("PEXPIRE", KEYS[1], ARGV[2])`;
/** Releases a lock atomically if the caller still owns it: 1, or 0 if it does not. */
const FREE = `#!lua flags=allow-key-locking
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
return 1`;

/** The lock was lost while something was shown under it, so it has to be shown again. */
export class LostLockError extends NotYetError {}

/**
 * Runs work that reads a state and shows it, one run at a time per key, so that no older state overwrites a newer
 * one. While another run holds the lock, it retries after each of `waitsMs`, then throws NotYetError. The lock is
 * renewed while the work runs, and expires if its holder dies. Throws LostLockError if the lock was lost before the
 * work was done.
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

/** Renews a lock until the returned function is called, which releases it. */
function keepLease(
  client: Redis,
  lock: Lock,
  clock: PlatformDeps["clock"],
): () => Promise<"freed" | "lost"> {
  let isOver = false;
  const renew = async () => {
    for (;;) {
      await clock.sleep(RENEWED_EVERY_MS);
      if (isOver) return;
      await renewed(client, lock).catch(() => undefined);
    }
  };
  void renew();
  return async () => {
    isOver = true;
    return free(client, lock);
  };
}

/** Acquires a lock. Retries once after an error: if the first try succeeded, the owner is the same. */
async function isTaken(client: Redis, { key, owner }: Lock): Promise<boolean> {
  const take = async () => Number(await client.eval(TAKE, [key], [owner, String(LEASE_MS)])) === 1;
  return take().catch(take);
}

/** Renews a lock that is still its owner's. Retries once after an error. */
async function renewed(client: Redis, { key, owner }: Lock): Promise<void> {
  const renew = async () => void (await client.eval(RENEW, [key], [owner, String(LEASE_MS)]));
  return renew().catch(renew);
}

/** Releases a lock unless another owner holds it now. A lock that can't be released expires. */
async function free(client: Redis, { key, owner }: Lock): Promise<"freed" | "lost"> {
  try {
    return Number(await client.eval(FREE, [key], [owner])) === 1 ? "freed" : "lost";
  } catch {
    return "freed";
  }
}
