import { readFileSync } from "node:fs";
import { startFirestore } from "../../local/google/firestore/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";

/**
 * Firestore in its own process: it reports its address to its parent and ends with it. Its first
 * argument is a delay in milliseconds for each call.
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
