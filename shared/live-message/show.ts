import { createHash } from "node:crypto";
import { DiscordError } from "../clients/discord/errors.ts";
import type { OutgoingMessage } from "../clients/discord/outgoing-message.ts";
import type { PlatformDeps } from "../runtime/deps.ts";
import { type LockHistory, LostLockError, underLock } from "../runtime/under-lock.ts";
import { keysOf, type Shown } from "./live-message.ts";

/** Dependencies of updating a message. */
export type ShowDeps = Pick<PlatformDeps, "redis" | "clock">;

/** The content of a message, and the call that edits it. */
interface Showing {
  readonly message: OutgoingMessage;
  readonly edit: () => Promise<unknown>;
}

/** How often an update is made if its lock is lost each time. */
const MOST_ATTEMPTS = 3;
/** Waits for the lock before an update is made again. Their sum is longer than an edit usually takes. */
const AGAIN_WAITS_MS = [100, 200, 400, 800] as const;

/**
 * Updates the messages of one id, one edit at a time, so that an older state never overwrites a newer one. While another
 * edit is under way it retries after each of the waits, then throws NotYetError. If the lock is lost meanwhile, another
 * run may have shown something newer, so the update is made again, even if nothing seems to change. That is not left to
 * a repeat of the task: a run that has stalled is answered for by a later attempt. Throws LostLockError if that fails,
 * too; then another task has to show the message.
 *
 * A run that lost the lock earlier may still show an older state, and die before it can correct that. Until it no longer
 * can, `work` receives `isOvertaken` and must leave the message due, and the next update is made in any case.
 */
export async function oneAtATime<T>(
  live: Shown,
  id: string,
  work: (history: LockHistory) => Promise<T>,
  deps: ShowDeps,
  waitsMs: readonly number[] = [],
): Promise<T> {
  const { lock } = keysOf(live, id);
  const show = async (history: LockHistory) => {
    const result = await work(history);
    if (history.isOvertaken) await forgetShown(live, id, deps);
    return result;
  };
  try {
    return await underLock(lock, waitsMs, show, deps);
  } catch (error) {
    if (!(error instanceof LostLockError)) throw error;
  }
  try {
    return await showAgain(live, id, show, deps);
  } catch (cause) {
    throw new LostLockError(`${lock} was lost, and showing ${id} again failed`, { cause });
  }
}

/** Makes an update again after its lock was lost. */
async function showAgain<T>(
  live: Shown,
  id: string,
  work: (history: LockHistory) => Promise<T>,
  deps: ShowDeps,
): Promise<T> {
  await forgetShown(live, id, deps);
  for (let attempt = 2; ; attempt += 1) {
    try {
      return await underLock(keysOf(live, id).lock, AGAIN_WAITS_MS, work, deps);
    } catch (error) {
      if (!(error instanceof LostLockError)) throw error;
      await forgetShown(live, id, deps);
      if (attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** Removes the mark, so that the next change creates a new task. Call it before reading the state. */
export async function clearMark(
  live: Shown,
  id: string,
  { redis }: Pick<ShowDeps, "redis">,
): Promise<void> {
  await (await redis()).del(keysOf(live, id).mark);
}

/** Edits a message to show what `read` returns, unless it already does. Does nothing if `read` returns undefined. */
export async function showUnlessShown(
  live: Shown,
  id: string,
  read: () => Promise<Showing | undefined>,
  { redis }: Pick<ShowDeps, "redis">,
): Promise<void> {
  const client = await redis();
  const { shown } = keysOf(live, id);
  const before = await client.get<string>(shown);
  const showing = await read();
  if (!showing) return;
  const { message, edit } = showing;
  const fingerprint = createHash("sha256").update(JSON.stringify(message)).digest("base64url");
  if (fingerprint === before) return;
  // After a crash behind the edit, the next run must not take the state of before for what the message shows.
  await client.del(shown);
  await edit();
  await client.set(shown, fingerprint, { ex: live.rememberedDays * DAY_SECONDS });
}

const DAY_SECONDS = 24 * 3600;

/** Deletes the digest of what a message shows, so that the next edit is made in any case. */
export async function forgetShown(
  live: Shown,
  id: string,
  { redis }: Pick<ShowDeps, "redis">,
): Promise<void> {
  await (await redis()).del(keysOf(live, id).shown);
}

/** Makes an edit, and logs a warning if the message is gone or we may not edit it. Throws other errors. */
export async function unlessGone(
  { title, idField }: Pick<Shown, "title" | "idField">,
  id: string,
  edit: () => Promise<unknown>,
  { log }: Pick<PlatformDeps, "log">,
): Promise<void> {
  try {
    await edit();
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnusableChannel || error.isUnknown);
    if (!isGone) throw error;
    log.warn(`${title} is gone, or may not be edited`, { [idField]: id });
  }
}

/**
 * Waits if Discord's limits require it, and throws any other error. Read the state again afterwards, because it may
 * have changed.
 */
export async function waitIfLimited(
  error: unknown,
  { clock }: Pick<PlatformDeps, "clock">,
): Promise<void> {
  const waitMs = error instanceof DiscordError ? error.retryAfterMs : undefined;
  if (waitMs === undefined) throw error;
  await clock.sleep(Math.max(waitMs, LEAST_WAIT_MS));
}

const LEAST_WAIT_MS = 100;
