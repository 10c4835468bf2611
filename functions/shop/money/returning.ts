import { type SendDeps, sendDmOnce } from "../../../shared/discord/send-once.ts";
import { tombstoneDigests } from "../../members/privacy/tombstone-digest.ts";
import type { Deps } from "../deps.ts";
import { debtFoundNotice } from "../messages/forgotten-debts.ts";

/** What is needed to look for the debts of someone who has come back. */
export type ReturningDeps = SendDeps &
  Pick<Deps, "tombstones" | "users"> & {
    readonly config: Pick<Deps["config"], "FORGOTTEN_KEY">;
  };

/**
 * Books what someone still owes from before they were forgotten to their account, and notifies them. For
 * most people it is one read that finds nothing.
 *
 * Idempotency: a debt leaves its tombstone in the commit that books it. `id` names the booking; any id
 * that is used once will do, and it must not lead to who they were. Crash safety: what was found and not
 * mentioned yet is kept until they were notified.
 */
export async function bookForgottenDebts(
  userId: string,
  id: string,
  { tombstones, config, ...deps }: ReturningDeps,
): Promise<void> {
  const digests = tombstoneDigests(userId, config.FORGOTTEN_KEY);
  for (const [index, digest] of digests.entries()) {
    // Debts kept under an earlier key are a booking of their own.
    const bookingId = index === 0 ? id : `${id}.${index}`;
    const found = await tombstones.claim(digest, { userId, id: bookingId, now: deps.clock.now() });
    if (!found) continue;
    await sendDmOnce(`forgotten-debt:${found.id}`, userId, debtFoundNotice(found), deps);
    await tombstones.notified(digest, found.id);
  }
}
