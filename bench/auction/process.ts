import { readFileSync } from "node:fs";
import { startFirestore } from "../../local/google/firestore/index.ts";
import { startTasks } from "../../local/google/tasks/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import { startUpstash } from "../../local/upstash/index.ts";
import { PROJECT } from "../function-settings.ts";

/**
 * The services that decide bids, in their own process: Upstash's REST protocol with a redis-server
 * if one is installed, Cloud Tasks, and Firestore. Reports their addresses to its parent and ends
 * with it.
 */
const clock = new LocalClock();
const faults = new FaultPlan();
const indexes = JSON.parse(readFileSync("firestore.indexes.json", "utf8"));
const board = {
  id: "auction-board",
  maxAttempts: 3,
  minBackoffMs: 1000,
  maxBackoffMs: 5000,
  maxDoublings: 2,
  maxConcurrentDispatches: 20,
};
const [upstash, tasks, firestore] = await Promise.all([
  startUpstash({ clock, faults, token: "bench" }),
  startTasks({ clock, faults, projectId: PROJECT, location: "us-central1", queues: [board] }),
  startFirestore({ clock, faults, indexes }),
]);
process.once("disconnect", async () => {
  await Promise.all([upstash.stop(), tasks.stop(), firestore.stop()]);
  process.exit();
});
process.send?.({
  redisUrl: upstash.url,
  redisToken: upstash.token,
  redisEngine: upstash.engine,
  tasksHost: tasks.host,
  firestoreHost: firestore.host,
});
