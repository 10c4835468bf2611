import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { parseDocument, stored } from "./document.ts";

const userDocument = z.object({ dm_closed: stored(z.boolean()) });

export type Users = ReturnType<typeof createUsers>;

/** The `users` collection: document id = Discord user id. */
export function createUsers(database: Database) {
  const reference = async (id: string) => (await database()).collection("users").doc(id);

  return {
    /** Whether Discord has refused a DM to this user before; asking again would count against us. */
    async hasClosedDms(id: string): Promise<boolean> {
      const user = await reference(id);
      const fields = parseDocument(user.path, userDocument, (await user.get()).data() ?? {});
      return fields.dm_closed ?? false;
    },

    async markDmsClosed(id: string, now: Date): Promise<void> {
      await (await reference(id)).set({ dm_closed: true, dm_closed_at: now }, { merge: true });
    },
  };
}
