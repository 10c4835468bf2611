import { randomUUID } from "node:crypto";
import type { Redis } from "@upstash/redis";
import { NotYetError } from "./delivery/task-worker.ts";
import type { PlatformDeps } from "./deps.ts";

/** A lock whose holder died, or could not release it, expires after this time. */
const LEASE_MS = 5_000;
/** Leaves time for one failed and one slow renewal. */
const RENEWED_EVERY_MS = 1_500;

/**
 * How long a run that has stalled may still continue: far longer than the minute that a request may take, and short
 * enough that the sweeper settles what is shown within the hour.
 */
const STALLED_FOR_MS = 30 * 60_000;

/**
 * Acquires a lock for a time in milliseconds. 0: another owner holds it. 1: taken, also by its owner. 2: taken, and
 * another run has lost it recently and may still continue.
 */
const TAKE = `#!lua flags=allow-key-locking
local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
local running = redis.call("GET", KEYS[2])
if running and running ~= ARGV[1] then redis.call("SET", KEYS[3], "1", "PX", ARGV[3]) end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
redis.call("SET", KEYS[2], ARGV[1], "PX", ARGV[3])
return 1 + redis.call("EXISTS", KEYS[3])`;
/** Renews a lock for a time in milliseconds if the caller still owns it. What has expired may have had another owner. */
const RENEW = `#!lua flags=allow-key-locking
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("PEXPIRE", KEYS[1], ARGV[2])`;
/** Releases a lock atomically if the caller still owns it: 1, or 0 if it does not. */
const FREE = `#!lua flags=allow-key-locking
if redis.call("GET", KEYS[2]) == ARGV[1] then redis.call("DEL", KEYS[2]) end
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
return 1`;

/** What a run under a lock has to know about the runs before it. */
export interface LockHistory {
  /**
   * Whether another run lost the lock recently and has not ended since. If it has stalled rather than crashed, it may
   * still overwrite what this run shows, and crash before it can show that again.
   */
  readonly isOvertaken: boolean;
}

/** The lock was lost while something was shown under it, so it has to be shown again. */
export class LostLockError extends NotYetError {}

/**
 * Runs work that reads a state and shows it, one run at a time per key, so that no older state overwrites a newer
 * one. While another run holds the lock, it retries after each of `waitsMs`, then throws NotYetError. The lock is
 * renewed while the work runs, and expires if its holder dies; the next runs then learn that they overtook it. Throws
 * LostLockError if the lock was lost before the work was done.
 */
export async function underLock<T>(
  key: string,
  waitsMs: readonly number[],
  work: (history: LockHistory) => Promise<T>,
  { redis, clock }: Pick<PlatformDeps, "redis" | "clock">,
): Promise<T> {
  const client = await redis();
  const owner = randomUUID();
  let history: LockHistory | undefined;
  for (const waitMs of [...waitsMs, undefined]) {
    history = await take(client, { key, owner });
    if (history) break;
    if (waitMs !== undefined) await clock.sleep(waitMs);
  }
  if (!history) throw new NotYetError(`Another run holds ${key}`);
  const end = keepLease(client, { key, owner }, clock);
  let result: T;
  try {
    result = await work(history);
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

/** A lock's keys in Redis: its owner, the last run that has not ended, and whether one was overtaken recently. */
function keysOf({ key }: Lock): string[] {
  return [key, `${key}:running`, `${key}:overtaken`];
}

/**
 * Acquires a lock; undefined if another owner holds it. Retries once after an error: if the first try succeeded, the
 * owner is the same.
 */
async function take(client: Redis, lock: Lock): Promise<LockHistory | undefined> {
  const values = [lock.owner, String(LEASE_MS), String(STALLED_FOR_MS)];
  const once = async () => Number(await client.eval(TAKE, keysOf(lock), values));
  const taken = await once().catch(once);
  return taken === 0 ? undefined : { isOvertaken: taken === 2 };
}

/** Renews a lock that is still its owner's. Retries once after an error. */
async function renewed(client: Redis, { key, owner }: Lock): Promise<void> {
  const renew = async () => void (await client.eval(RENEW, [key], [owner, String(LEASE_MS)]));
  return renew().catch(renew);
}

/** Releases a lock unless another owner holds it now. A lock that can't be released expires. */
async function free(client: Redis, lock: Lock): Promise<"freed" | "lost"> {
  try {
    return Number(await client.eval(FREE, keysOf(lock).slice(0, 2), [lock.owner])) === 1
      ? "freed"
      : "lost";
  } catch {
    return "freed";
  }
}
