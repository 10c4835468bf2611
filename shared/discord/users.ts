import { userDocument } from "../documents/definitions/user.ts";
import type { Database } from "../ports/database.ts";

const readDms = userDocument.part("isDmClosed", "dmClosedAt");
/** People may open their DMs again, so we try again after a month. */
const ASK_AGAIN_AFTER_MS = 30 * 24 * 3_600_000;

export type Users = ReturnType<typeof createUsers>;

/** The `users` collection: document id = Discord user id. */
export function createUsers(database: Database) {
  const reference = async (id: string) => userDocument.place(await database(), id);

  return {
    /** Whether Discord recently refused a DM to this user; another try would count against us. */
    async hasClosedDms(id: string, now: Date): Promise<boolean> {
      const { isDmClosed, dmClosedAt } = readDms(await (await reference(id)).get());
      const closedAtMs = dmClosedAt?.getTime() ?? 0;
      return isDmClosed === true && now.getTime() - closedAtMs < ASK_AGAIN_AFTER_MS;
    },

    async markDmsClosed(id: string, now: Date): Promise<void> {
      const changes = { isDmClosed: true, dmClosedAt: now };
      await userDocument.merge(await database(), await reference(id), changes);
    },
  };
}
