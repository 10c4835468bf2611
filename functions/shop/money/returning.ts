import { type SendDeps, sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import { tombstoneDigests } from "../../members/privacy/tombstone-digest.ts";
import type { Deps } from "../deps.ts";
import { debtFoundNotice } from "../messages/forgotten-debts.ts";

/** Dependencies of `bookForgottenDebts`. */
export type ReturningDeps = SendDeps &
  Pick<Deps, "tombstones" | "users"> & {
    readonly config: Pick<Deps["config"], "FORGOTTEN_KEY">;
  };

/**
 * Books what a returning user still owes from before they were forgotten to their new account, and notifies them.
 * For most users this is one read that finds nothing.
 *
 * `id` names the booking. It must be unique and must not lead to the user's earlier identity. Idempotency: the
 * commit that books a debt removes it from its tombstone. Crash safety: a found debt stays in the tombstone until
 * the user was notified of it.
 */
export async function bookForgottenDebts(
  userId: string,
  id: string,
  { tombstones, config, ...deps }: ReturningDeps,
): Promise<void> {
  const digests = tombstoneDigests(userId, config.FORGOTTEN_KEY);
  for (const [index, digest] of digests.entries()) {
    // Debts stored under an earlier key are booked separately.
    const bookingId = index === 0 ? id : `${id}.${index}`;
    const found = await tombstones.claim(digest, { userId, id: bookingId, now: deps.clock.now() });
    if (!found) continue;
    await sendDmOnce(`forgotten-debt:${found.id}`, userId, debtFoundNotice(found), deps);
    await tombstones.notified(digest, found.id);
  }
}
