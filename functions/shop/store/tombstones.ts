import type { Database } from "../../../shared/ports/database.ts";
import { tombstoneDocument } from "../documents/tombstone.ts";
import { createBurials } from "./tombstones/burials.ts";
import { createClaims } from "./tombstones/claims.ts";

/** A sweep takes this many. */
const MAX_LISTED = 100;

export type Tombstones = ReturnType<typeof createTombstones>;

/**
 * What forgotten users may still owe. `tombstones`, by a keyed digest of the Discord id: amounts and expiry,
 * without the person or the cause. `forgotten_accounts`, by pseudonym: the tombstone that receives later
 * chargebacks. A pseudonym leads only to amounts; a returning user is looked up only in `tombstones`.
 */
export function createTombstones(database: Database) {
  return {
    ...createBurials(database),
    ...createClaims(database),

    /** Deletes tombstones whose time is over; some. */
    async deleteExpired(now: Date): Promise<void> {
      const stones = tombstoneDocument.all(await database());
      const found = await stones.where("expires_at", "<=", now).limit(MAX_LISTED).get();
      for (const { ref, updateTime } of found.docs) {
        await ref.delete({ lastUpdateTime: updateTime });
      }
    },
  };
}
