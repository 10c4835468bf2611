import { readFileSync } from "node:fs";
import { startFirestore } from "../local/firestore/index.ts";
import { LocalClock } from "../local/kit/clock.ts";
import { FaultPlan } from "../local/kit/faults.ts";

/**
 * Firestore in a process of its own: it tells its parent where it listens, and ends with it. Each call takes as
 * many milliseconds longer as its first argument says.
 */
const clock = new LocalClock();
const indexes = JSON.parse(readFileSync("firestore.indexes.json", "utf8"));
const faults = new FaultPlan();
const delayMs = Number(process.argv[2] ?? 0);
if (delayMs > 0)
  faults.add({ target: "firestore", fault: { kind: "delay", ms: delayMs }, probability: 1 });
const firestore = await startFirestore({ clock, faults, indexes });
process.once("disconnect", async () => {
  await firestore.stop();
  process.exit();
});
process.send?.({ host: firestore.host });
