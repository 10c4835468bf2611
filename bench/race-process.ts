import { readFileSync } from "node:fs";
import { startFirestore } from "../local/firestore/index.ts";
import { LocalClock } from "../local/kit/clock.ts";
import { FaultPlan } from "../local/kit/faults.ts";

/** Firestore in a process of its own: it tells its parent where it listens, and ends with it. */
const clock = new LocalClock();
const indexes = JSON.parse(readFileSync("firestore.indexes.json", "utf8"));
const firestore = await startFirestore({ clock, faults: new FaultPlan(), indexes });
process.once("disconnect", async () => {
  await firestore.stop();
  process.exit();
});
process.send?.({ host: firestore.host });
