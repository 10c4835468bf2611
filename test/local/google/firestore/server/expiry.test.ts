import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openDirectFirestore } from "../../../../../local/google/firestore/direct/index.ts";
import { createEngine } from "../../../../../local/google/firestore/engine.ts";
import { LocalClock } from "../../../../../local/kit/clock.ts";
import { FaultPlan, seededRandom } from "../../../../../local/kit/faults.ts";
import { PersistentState } from "../../../../../local/kit/persistent-state.ts";
import type { Firestore } from "../../../../../shared/ports/database.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 5, 1, 12, 30);
const indexes = {
  indexes: [],
  fieldOverrides: [
    { collectionGroup: "passes", fieldPath: "valid.until", ttl: true, indexes: [] },
    { collectionGroup: "prices", fieldPath: "valid.until", indexes: [] },
  ],
};

let clock: LocalClock;
let engine: ReturnType<typeof createEngine>;
let database: Firestore;
beforeEach(() => {
  clock = new LocalClock({ frozenAtMs: START_MS });
  start();
});
afterEach(() => {
  engine.close();
  clock.stop();
});

function start(state?: PersistentState): void {
  engine = createEngine({ clock, faults: new FaultPlan(), indexes, state });
  const { operations } = engine;
  database = openDirectFirestore({ operations, clock, random: seededRandom(1), projectId: "ttl" });
}

const untilIn = (ms: number) => ({ valid: { until: new Date(clock.nowMs() + ms) } });

/** The ids of a collection's documents, while time passes hour by hour. */
async function leftAfter(hours: number, path = "passes"): Promise<string[]> {
  for (let passed = 0; passed < hours; passed += 1) await clock.advance(HOUR_MS);
  await setImmediate();
  return (await database.collection(path).get()).docs.map(({ id }) => id);
}

test("expired documents go one by one in the day after their expiry, and are seen until then", async () => {
  const ids = Array.from({ length: 48 }, (_, number) => `pass-${number}`);
  for (const id of ids) await database.collection("passes").doc(id).set(untilIn(HOUR_MS));
  const counts = [(await leftAfter(1)).length];
  for (let hour = 0; hour < 24; hour += 1) counts.push((await leftAfter(1)).length);
  expect(counts[0]).toBe(48);
  expect(counts.at(-1)).toBe(0);
  expect(new Set(counts).size).toBeGreaterThan(12);
});

test("a document goes in the same hour in every run", async () => {
  const hourOf = async () => {
    await database.doc("passes/one").set(untilIn(0));
    let hours = 0;
    while ((await leftAfter(1)).length > 0) hours += 1;
    return hours;
  };
  const first = await hourOf();
  engine.close();
  clock = new LocalClock({ frozenAtMs: START_MS });
  start();
  expect(await hourOf()).toBe(first);
});

test("only moments in the field of a policy count, in any collection of the group", async () => {
  await database.doc("lobbies/one/passes/inner").set(untilIn(0));
  await database.doc("passes/none").set({ until: new Date(0) });
  await database.doc("passes/text").set({ valid: { until: "1970-01-01T00:00:00Z" } });
  await database.doc("prices/expired").set(untilIn(0));
  expect(await leftAfter(24)).toEqual(["none", "text"]);
  expect(await leftAfter(0, "lobbies/one/passes")).toEqual([]);
  expect(await leftAfter(0, "prices")).toEqual(["expired"]);
});

test("a later change decides", async () => {
  for (const id of ["renewed", "cleared", "deleted", "shortened"]) {
    await database.doc(`passes/${id}`).set(untilIn(id === "shortened" ? 90 * DAY_MS : 0));
  }
  await database.doc("passes/renewed").set(untilIn(2 * DAY_MS));
  await database.doc("passes/cleared").set({ valid: {} });
  await database.doc("passes/deleted").delete();
  await database.doc("passes/shortened").set(untilIn(0));
  expect(await leftAfter(24)).toEqual(["cleared", "renewed"]);
  expect(await leftAfter(48)).toEqual(["cleared"]);
});

test("what a transaction has read goes an hour later", async () => {
  await database.doc("passes/one").set(untilIn(HOUR_MS));
  await clock.advance((clock.nextDueMs() ?? 0) - clock.nowMs() - 10_000);
  const { promise: letGo, resolve: end } = Promise.withResolvers<void>();
  const holding = database.runTransaction(async (transaction) => {
    await transaction.get(database.doc("passes/one"));
    await letGo;
  });
  await setImmediate();
  await clock.advance(20_000);
  end();
  await holding;
  expect(await leftAfter(0)).toEqual(["one"]);
  expect(await leftAfter(1)).toEqual([]);
});

test("what an earlier run left expires too", async () => {
  const state = new PersistentState();
  engine.close();
  start(state);
  await database.doc("passes/one").set(untilIn(HOUR_MS));
  const saved = new PersistentState(state.snapshot());
  engine.close();
  start(saved);
  expect(await leftAfter(1)).toEqual(["one"]);
  expect(await leftAfter(25)).toEqual([]);
});

test("nothing is planned for documents without a policy", async () => {
  await database.doc("prices/one").set(untilIn(0));
  expect(clock.nextDueMs()).toBeUndefined();
});
