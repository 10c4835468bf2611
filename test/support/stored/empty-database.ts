import { readFileSync } from "node:fs";
import { startFirestore } from "../../../local/google/firestore/index.ts";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan, seededRandom } from "../../../local/kit/faults.ts";
import type { Firestore } from "../../../shared/ports/database.ts";

/** Firestore without the rest of the cloud, for the tests of one store. */
export async function startEmptyDatabase() {
  const clock = new LocalClock();
  const indexes = JSON.parse(readFileSync("firestore.indexes.json", "utf8"));
  const server = await startFirestore({
    clock,
    faults: new FaultPlan(),
    isListening: false,
    indexes,
  });
  let databases = 0;

  return {
    clock,

    /** An empty database. */
    next(): Firestore {
      databases += 1;
      return server.databaseOf(`empty-${databases}`, seededRandom(databases));
    },

    async stop(): Promise<void> {
      await server.stop();
      clock.stop();
    },
  };
}
