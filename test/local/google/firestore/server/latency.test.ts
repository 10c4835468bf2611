import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openDirectFirestore } from "../../../../../local/google/firestore/direct/index.ts";
import { createEngine } from "../../../../../local/google/firestore/engine.ts";
import { LocalClock } from "../../../../../local/kit/clock.ts";
import { FaultPlan, seededRandom } from "../../../../../local/kit/faults.ts";
import type { Firestore, Transaction } from "../../../../../shared/ports/database.ts";

const TOO_MUCH = "10 ABORTED: Too much contention on these documents. Please try again.";
const TURNS = 20;

let clock: LocalClock;
let faults: FaultPlan;
let engine: ReturnType<typeof createEngine>;
let database: Firestore;

/** Time stands still unless a test lets it pass, so every run is the same. */
beforeEach(() => {
  clock = new LocalClock({ frozenAtMs: Date.UTC(2026, 5, 1) });
  faults = new FaultPlan();
  engine = createEngine({ clock, faults, indexes: { indexes: [], fieldOverrides: [] } });
  const { operations } = engine;
  database = openDirectFirestore({ operations, clock, random: seededRandom(1), projectId: "hot" });
});
afterEach(() => {
  engine.close();
  clock.stop();
});

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
}

const slow = (operation: RegExp, ms: number) =>
  faults.add({ target: "firestore", operation, fault: { kind: "delay", ms } });

/** A transaction that has done its reads, and ends when it is let go. */
async function open(read: (transaction: Transaction) => Promise<unknown>, write?: string) {
  const { promise: letGo, resolve: end } = Promise.withResolvers<void>();
  const state = { attempts: 0, saw: [] as unknown[], isOver: false };
  const done = database
    .runTransaction(async (transaction) => {
      state.attempts += 1;
      state.saw.push(await read(transaction));
      await letGo;
      if (write !== undefined) transaction.set(database.doc(write), { n: state.attempts + 100 });
    })
    .finally(() => {
      state.isOver = true;
    });
  await settle();
  return { state, done, end };
}

const numberAt = (path: string) => async (transaction: Transaction) =>
  (await transaction.get(database.doc(path))).get("n");

const storedNumber = async (path: string) => (await database.doc(path).get()).get("n");

describe("thirty-two clients that count on one document at once", () => {
  const CLIENTS = 32;

  /** How many got through, how often they tried, and how long that took. */
  async function count(latencyMs: number) {
    const counter = database.doc("counters/one");
    await counter.set({ n: 0 });
    if (latencyMs > 0) slow(/./, latencyMs);
    const startMs = clock.nowMs();
    let attempts = 0;
    let openNow = CLIENTS;
    const counting = Array.from({ length: CLIENTS }, async () => {
      try {
        await database.runTransaction(async (transaction) => {
          attempts += 1;
          const n = Number((await transaction.get(counter)).get("n"));
          transaction.update(counter, { n: n + 1 });
        });
        return "done";
      } catch (error) {
        return (error as Error).message;
      } finally {
        openNow -= 1;
      }
    });
    while (openNow > 0) {
      await settle();
      const dueMs = clock.nextDueMs() ?? clock.nowMs();
      await clock.advance(Math.max(0, dueMs - clock.nowMs()));
    }
    faults.clear();
    const outcomes = await Promise.all(counting);
    const done = outcomes.filter((outcome) => outcome === "done").length;
    expect(new Set(outcomes.filter((outcome) => outcome !== "done"))).toEqual(
      new Set(done < CLIENTS ? [TOO_MUCH] : []),
    );
    expect(await storedNumber("counters/one")).toBe(done);
    return { done, attempts, perSecond: (done * 1000) / (clock.nowMs() - startMs) };
  }

  test("begin once more at the most where nothing takes time", async () => {
    const { done, attempts } = await count(0);
    expect(done).toBe(CLIENTS);
    // All read at once, one can commit, and the others come back one by one.
    expect(attempts).toBe(2 * CLIENTS - 1);
  });

  test("get through the slower the longer their calls take, until some give up", async () => {
    const immediate = await count(0);
    const near = await count(20);
    const usual = await count(60);
    const far = await count(120);
    const rates = [immediate, near, usual, far].map(({ perSecond }) => perSecond);
    expect(rates).toEqual(rates.toSorted((left, right) => right - left));
    expect(near.attempts).toBeGreaterThan(immediate.attempts);
    expect(usual.perSecond).toBeLessThan(4);
    expect([near.done, far.done < CLIENTS]).toEqual([CLIENTS, true]);
  });
});

describe("what waits for a plain write that waits for a transaction", () => {
  /** Holds a document and lets a write wait for it. */
  async function holdUp(path: string, n: number) {
    await database.doc(path).set({ n: 1 });
    const holder = await open(numberAt(path));
    const writing = database.doc(path).set({ n });
    await settle();
    return async () => {
      holder.end();
      await writing;
      await settle();
    };
  }

  const numbersAbove = (n: number) => async (transaction: Transaction) => {
    const found = await transaction.get(database.collection("turn").where("n", ">", n));
    return found.docs.map((document) => document.get("n"));
  };
  const countAbove = (n: number) => async (transaction: Transaction) => {
    const found = database.collection("turn").where("n", ">", n);
    return (await transaction.get(found.count())).data().count;
  };

  test.each<readonly [string, (transaction: Transaction) => Promise<unknown>, unknown]>([
    ["a read of the document", (transaction) => numberAt("turn/one")(transaction), 5],
    ["a query that finds it before and after", (transaction) => numbersAbove(0)(transaction), [5]],
    ["a query that finds it only after", (transaction) => numbersAbove(3)(transaction), [5]],
    ["a count", (transaction) => countAbove(3)(transaction), 1],
  ])("%s in a later transaction", async (_name, read, expected) => {
    const letWrite = await holdUp("turn/one", 5);
    const later = await open(read);
    expect(later.state.saw).toEqual([]);
    await letWrite();
    expect(later.state).toEqual({ attempts: 1, saw: [expected], isOver: false });
  });

  test.each<readonly [string, (transaction: Transaction) => Promise<unknown>, unknown]>([
    ["another document", (transaction) => numberAt("turn/other")(transaction), undefined],
    ["a query that never finds it", (transaction) => numbersAbove(8)(transaction), []],
  ])("but not a read of %s", async (_name, read, expected) => {
    await holdUp("turn/one", 5);
    const later = await open(read);
    expect(later.state.saw).toEqual([expected]);
  });

  test("and no read outside of transactions, or of one that only reads", async () => {
    await holdUp("turn/one", 5);
    expect(await storedNumber("turn/one")).toBe(1);
    const read = database.runTransaction(numberAt("turn/one"), { readOnly: true });
    expect(await read).toBe(1);
  });
});

test("a query waits for what another transaction is about to add to its results", async () => {
  await database.doc("watched/one").set({ n: 1 });
  const holder = await open(numberAt("watched/one"));
  const adding = await open(numberAt("elsewhere/one"), "watched/one");
  adding.end();
  await settle();
  const later = await open(async (transaction) => {
    const found = await transaction.get(database.collection("watched").where("n", ">", 100));
    return found.size;
  });
  expect([adding.state.isOver, later.state.saw]).toEqual([false, []]);
  holder.end();
  await settle();
  expect([adding.state.isOver, later.state.saw]).toEqual([true, [1]]);
});

test("a read and a commit that wait for each other do not wait long: the older goes on", async () => {
  const { promise: canReadOn, resolve: readOn } = Promise.withResolvers<void>();
  const older = await open(numberAt("deadlock/a"));
  const reader = await open(async (transaction) => {
    const a = await numberAt("deadlock/a")(transaction);
    await canReadOn;
    return [a, await numberAt("deadlock/b")(transaction)];
  });
  const writing = database.batch();
  writing.set(database.doc("deadlock/a"), { n: 1 }).set(database.doc("deadlock/b"), { n: 2 });
  const committed = writing.commit();
  await settle();
  readOn();
  await settle();
  // The write is the youngest: it gives way at once, and its client tries it again.
  expect(reader.state).toEqual({ attempts: 1, saw: [[undefined, undefined]], isOver: false });
  older.end();
  reader.end();
  await settle();
  await clock.advance(1_000);
  await committed;
  expect(await storedNumber("deadlock/b")).toBe(2);
});

test("a write gives up after seconds, the client after five attempts, and the reader goes on", async () => {
  const holder = await open(numberAt("held/one"), "held/one");
  const rival = database.runTransaction(async (transaction) => {
    transaction.set(database.doc("held/one"), { n: 1 });
  });
  const outcome = rival.catch((error: Error) => error.message);
  await settle();
  await clock.advance(55_000);
  expect(await outcome).toBe(TOO_MUCH);
  holder.end();
  await holder.done;
  expect(await storedNumber("held/one")).toBe(101);
});
