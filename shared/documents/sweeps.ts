import type { Database } from "../ports/database.ts";
import { sweepDocument } from "./definitions/sweep.ts";

export type Sweeps = ReturnType<typeof createSweeps>;

/** The `sweeps` collection: how far the sweeper got in a list that is too long for one run. */
export function createSweeps(database: Database) {
  const list = async (name: string) => sweepDocument.place(await database(), name);

  return {
    /** The last finished id of each list whose last run did not reach the end, by the list's name. */
    async doneUpTo(): Promise<ReadonlyMap<string, string>> {
      const { docs } = await sweepDocument.all(await database()).get();
      // A list whose document is malformed starts again.
      const found = docs.flatMap(sweepDocument.readable);
      return new Map(found.flatMap(({ id, doneUpTo }) => (doneUpTo ? [[id, doneUpTo]] : [])));
    },

    async recordDoneUpTo(name: string, id: string | undefined): Promise<void> {
      await sweepDocument.setNow(await list(name), { doneUpTo: id });
    },
  };
}
