import * as z from "zod/mini";
import type { Database } from "../ports/database.ts";
import { parseDocument, replaceDocument, stored } from "./document.ts";

const sweepDocument = z.object({ done_up_to: stored(z.string()) });

export type Sweeps = ReturnType<typeof createSweeps>;

/** The `sweeps` collection: how far the sweeper came in a list that is too long for one run. */
export function createSweeps(database: Database) {
  const list = async (name: string) => (await database()).collection("sweeps").doc(name);

  return {
    /** The last id of a list that was done; undefined when the last run came to its end. */
    async doneUpTo(name: string): Promise<string | undefined> {
      const place = await list(name);
      const fields = (await place.get()).data() ?? {};
      return parseDocument(place.path, sweepDocument, fields).done_up_to;
    },

    async recordDoneUpTo(name: string, id: string | undefined): Promise<void> {
      await replaceDocument(await list(name), { done_up_to: id ?? null });
    },
  };
}
