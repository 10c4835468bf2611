import type { Database } from "../ports/database.ts";
import { sweepDocument } from "./definitions/sweep.ts";

const readSweep = sweepDocument.part("doneUpTo");

export type Sweeps = ReturnType<typeof createSweeps>;

/** The `sweeps` collection: how far the sweeper got in a list that is too long for one run. */
export function createSweeps(database: Database) {
  const list = async (name: string) => sweepDocument.place(await database(), name);

  return {
    /** The last finished id of a list; undefined if the last run reached the end. */
    async doneUpTo(name: string): Promise<string | undefined> {
      return readSweep(await (await list(name)).get()).doneUpTo;
    },

    async recordDoneUpTo(name: string, id: string | undefined): Promise<void> {
      await sweepDocument.setNow(await list(name), { doneUpTo: id });
    },
  };
}
