import type { Database } from "../clients/firestore.ts";

export type Sweeps = ReturnType<typeof createSweeps>;

/** The `sweeps` collection: how far the sweeper came in a list that is too long for one run. */
export function createSweeps(database: Database) {
  const list = async (name: string) => (await database()).collection("sweeps").doc(name);

  return {
    /** The last id of a list that was done; undefined when the last run came to its end. */
    async doneUpTo(name: string): Promise<string | undefined> {
      const id = (await (await list(name)).get()).get("done_up_to");
      return typeof id === "string" ? id : undefined;
    },

    async recordDoneUpTo(name: string, id: string | undefined): Promise<void> {
      await (await list(name)).set({ done_up_to: id ?? null });
    },
  };
}
