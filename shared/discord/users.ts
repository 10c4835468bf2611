import * as z from "zod/mini";
import { mergeDocument, parseDocument, stored, timestamp } from "../documents/document.ts";
import type { Database } from "../ports/database.ts";

const userDocument = z.object({ dm_closed: stored(z.boolean()), dm_closed_at: stored(timestamp) });
/** People may open their DMs again, so we try again after a month. */
const ASK_AGAIN_AFTER_MS = 30 * 24 * 3_600_000;

export type Users = ReturnType<typeof createUsers>;

/** The `users` collection: document id = Discord user id. */
export function createUsers(database: Database) {
  const reference = async (id: string) => (await database()).collection("users").doc(id);

  return {
    /** Whether Discord recently refused a DM to this user; another try would count against us. */
    async hasClosedDms(id: string, now: Date): Promise<boolean> {
      const user = await reference(id);
      const fields = parseDocument(user.path, userDocument, (await user.get()).data() ?? {});
      const closedAtMs = fields.dm_closed_at?.getTime() ?? 0;
      return fields.dm_closed === true && now.getTime() - closedAtMs < ASK_AGAIN_AFTER_MS;
    },

    async markDmsClosed(id: string, now: Date): Promise<void> {
      const fields = { dm_closed: true, dm_closed_at: now };
      await mergeDocument(await database(), await reference(id), fields);
    },
  };
}
