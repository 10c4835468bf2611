import { readFileSync } from "node:fs";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { join, leave } from "../../../../functions/races/domain/race.ts";
import type { Sale } from "../../../../functions/races/domain/sale.ts";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import type { SaleRefund } from "../../../../functions/races/store/sales/sale-document.ts";
import { createSales } from "../../../../functions/races/store/sales/sales.ts";
import { openDirectFirestore } from "../../../../local/google/firestore/direct/index.ts";
import { createEngine } from "../../../../local/google/firestore/engine.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { quietLoop } from "../../../../local/kit/event-loop.ts";
import { FaultPlan, seededRandom } from "../../../../local/kit/faults.ts";
import type { Timestamp } from "../../../../shared/ports/database.ts";
import { expectedOf, type RaceScript, raceScripts } from "./race-model.ts";

const SIMULATIONS = 30;
const START_MS = Date.UTC(2026, 5, 1);
const HOLD_DAYS = 7;
/** Durations of the database's calls; some are zero. */
const DELAYS_MS = [3, 40, 700];
const MAX_BOOKED_LATE_MS = 1500;

/** Pauses advance only this clock: transactions that conflict retry about a second later. */
const clock = new LocalClock({ frozenAtMs: START_MS });
const faults = new FaultPlan();
const indexes = JSON.parse(readFileSync("firestore.indexes.json", "utf8"));
const engine = createEngine({ clock, faults, indexes });
const random = seededRandom(1);
let simulations = 0;

afterAll(() => {
  engine.close();
  clock.stop();
});
beforeEach(() => faults.clear());

/** The stores on a separate database, starting at the next whole second. */
function simulation() {
  const startMs = Math.ceil(clock.nowMs() / 1000) * 1000;
  simulations += 1;
  const projectId = `simulation-${simulations}`;
  const { operations } = engine;
  const connection = openDirectFirestore({ operations, clock, random, projectId });
  const database = async () => connection;
  return {
    database: connection,
    lobbies: createLobbies(database),
    sales: createSales(database),
    at: (ms: number) => new Date(startMs + ms),
  };
}
type Stores = ReturnType<typeof simulation>;

/** An event from outside: it may arrive at any time, and any number of times. */
type Arrival = { readonly sale: Sale } | { readonly refund: SaleRefund };

function arrivalsOf({ at }: Stores, script: RaceScript): Arrival[] {
  return [
    ...script.sales.map(({ id, base, soldAtMs, lobby, currency }) => ({
      sale: {
        id,
        provider: "kofi" as const,
        base,
        currency,
        title: "A shirt",
        soldAt: at(soldAtMs),
        lobbyId: lobby === undefined ? undefined : `lobby-${lobby}`,
      },
    })),
    ...script.refunds.map(({ sale, id, amount, currency }) => ({
      refund: { saleId: sale, id, amount, currency },
    })),
  ];
}

/** Retries until it succeeds, as Pub/Sub does. */
async function deliver({ sales, at }: Stores, arrival: Arrival): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if ("sale" in arrival) {
        await sales.book(arrival.sale, { holdDays: HOLD_DAYS, now: at(10_000_000) });
      } else await sales.refund(arrival.refund, at(10_000_000));
      return;
    } catch (error) {
      if (attempt === 40) throw error;
    }
  }
}

async function openLobbies({ lobbies, at }: Stores, script: RaceScript): Promise<void> {
  for (const [index, rateBps] of script.rates.entries()) {
    const id = `lobby-${index}`;
    await lobbies.create({
      id,
      name: id,
      hostId: id,
      channelId: "1",
      seats: 8,
      rateBps,
      createdAt: at(0),
      potKey: id,
    });
  }
}

/** The clocks of instances and sellers differ by up to this much. */
const SKEW_MS = 5000;

/** Does it at its time, or as soon as what came before is done. */
async function doAction(
  { lobbies, at }: Stores,
  action: RaceScript["actions"][number],
  skewMs = 0,
): Promise<void> {
  const id = `lobby-${action.lobby}`;
  await clock.sleep(at(action.atMs).getTime() - clock.nowMs());
  const now = new Date(clock.nowMs() + skewMs);
  const { racer } = action;
  switch (action.kind) {
    case "join":
      await lobbies.changeRoster(id, now, (lobby, when) => join(lobby, racer, when).roster);
      break;
    case "leave":
      await lobbies.changeRoster(id, now, (lobby, when) => leave(lobby, racer, when).roster);
      break;
    case "start":
      await lobbies.start(id, now, 3_600_000);
      break;
    case "finish":
      await lobbies.finish(id);
      break;
  }
}

/** Retries until it succeeds, as Pub/Sub does with the interaction. */
async function doActionAtLast(...given: Parameters<typeof doAction>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await doAction(...given);
    } catch (error) {
      if (attempt === 40) throw error;
    }
  }
}

/** The sum of every account's postings, by currency. Each transaction has to sum to zero. */
async function accountsOf({ database }: Stores): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const transaction of (await database.collection("ledger").get()).docs) {
    const postings = (await transaction.ref.collection("postings").get()).docs;
    expect(postings.reduce((sum, posting) => sum + Number(posting.get("amount")), 0)).toBe(0);
    expect(postings).toHaveLength(Number(transaction.get("postings")));
    for (const posting of postings) {
      const name = `${posting.get("account")} ${posting.get("currency")}`;
      sums[name] = (sums[name] ?? 0) + Number(posting.get("amount"));
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

/** Runs the work with the clock advancing whenever nothing else can proceed; the clock stops afterwards. */
function driven<Given extends unknown[]>(work: (...given: Given) => Promise<void>) {
  return async (...given: Given): Promise<void> => {
    await clock.drive(work(...given));
    for (let turns = 0; turns < 3; turns += 1) await quietLoop();
  };
}

describe("sales and refunds", () => {
  test("give the same result to the cent, whenever, however often and in whatever order they arrive", async () => {
    await fc.assert(
      fc.asyncProperty(
        raceScripts,
        fc.infiniteStream(fc.nat()),
        driven(async (script, numbers) => {
          const random = () => numbers.next().value ?? 0;
          const stores = simulation();
          await openLobbies(stores, script);
          const arrivals = arrivalsOf(stores, script);
          const repeated = [...arrivals, ...arrivals.filter(() => random() % 2 === 0)];
          const shuffled = repeated
            .map((arrival) => ({ arrival, key: random() }))
            .sort((one, other) => one.key - other.key)
            .map(({ arrival }) => arrival);
          // Some arrive as soon as they can, the others when all races are over.
          const live = new Set(shuffled.filter(() => random() % 2 === 0));
          for (const action of [...script.actions].sort((one, other) => one.atMs - other.atMs)) {
            const due = shuffled.filter(
              (arrival) => live.has(arrival) && timeOf(stores, arrival) < stores.at(action.atMs),
            );
            for (const arrival of due) live.delete(arrival);
            for (const arrival of due) await deliver(stores, arrival);
            await doAction(stores, action);
          }
          await Promise.all(shuffled.map((arrival) => deliver(stores, arrival)));
          await checkBooks(stores, script);
        }),
      ),
      { numRuns: SIMULATIONS, endOnFailure: true },
    );
  }, 120_000);

  test("are shared by the recorded times, even if clocks differ and a sale is booked before its time", async () => {
    await fc.assert(
      fc.asyncProperty(
        raceScripts,
        fc.infiniteStream(fc.nat()),
        driven(async (script, numbers) => {
          const random = () => numbers.next().value ?? 0;
          const stores = simulation();
          await openLobbies(stores, script);
          const early = new Set(arrivalsOf(stores, script).filter(() => random() % 3 > 0));
          for (const action of [...script.actions].sort((one, other) => one.atMs - other.atMs)) {
            const ahead = stores.at(action.atMs + SKEW_MS);
            const due = [...early].filter(
              (arrival) => timeOf(stores, arrival) < ahead && random() % 2 > 0,
            );
            for (const arrival of due) early.delete(arrival);
            for (const arrival of due) await deliver(stores, arrival);
            await doAction(stores, action, (random() % (2 * SKEW_MS)) - SKEW_MS);
          }
          await Promise.all(arrivalsOf(stores, script).map((arrival) => deliver(stores, arrival)));
          await checkBooks(stores, script);
        }),
      ),
      { numRuns: SIMULATIONS, endOnFailure: true },
    );
  }, 120_000);

  test("are shared by the recorded times while people join and leave, however long each call takes", async () => {
    await fc.assert(
      fc.asyncProperty(
        raceScripts,
        fc.infiniteStream(fc.nat()),
        driven(async (script, numbers) => {
          const random = () => numbers.next().value ?? 0;
          const stores = simulation();
          await openLobbies(stores, script);
          for (const ms of DELAYS_MS) {
            faults.add({ target: "firestore", fault: { kind: "delay", ms }, probability: 0.3 });
          }
          // A sale is booked while events of its time are being recorded.
          const booked = arrivalsOf(stores, script).map(async (arrival) => {
            const dueMs = timeOf(stores, arrival).getTime() + (random() % MAX_BOOKED_LATE_MS);
            await clock.sleep(dueMs - clock.nowMs());
            await deliver(stores, arrival);
          });
          await Promise.all([
            ...booked,
            ...script.actions.map((action) =>
              doActionAtLast(stores, action, (random() % 4000) - 2000),
            ),
          ]);
          faults.clear();
          await checkBooks(stores, script);
        }),
      ),
      { numRuns: SIMULATIONS, endOnFailure: true },
    );
  }, 120_000);

  test("give the same result when commits fail, or succeed without a response", async () => {
    await fc.assert(
      fc.asyncProperty(
        raceScripts,
        driven(async (script) => {
          const stores = simulation();
          await openLobbies(stores, script);
          for (const action of [...script.actions].sort((one, other) => one.atMs - other.atMs)) {
            await doAction(stores, action);
          }
          const commit = { target: "firestore", operation: /^Commit/ } as const;
          faults.add({ ...commit, fault: { kind: "fail", code: 7 }, probability: 0.2 });
          faults.add({ ...commit, fault: { kind: "lose-answer" }, probability: 0.1, times: 5 });
          await Promise.all(arrivalsOf(stores, script).map((arrival) => deliver(stores, arrival)));
          faults.clear();
          await checkBooks(stores, script);
        }),
      ),
      { numRuns: 10, endOnFailure: true },
    );
  }, 120_000);
});

/** Checks that every account's balance follows from the recorded times of windows, rosters and sales. */
async function checkBooks(stores: Stores, script: RaceScript): Promise<void> {
  const recorded = await recordOf(stores, script);
  expect(await accountsOf(stores)).toEqual(expectedOf(await asBooked(stores, script), recorded));
}

/** A sale that is booked before its time gets the database's time instead. */
async function asBooked({ database, at }: Stores, script: RaceScript): Promise<RaceScript> {
  const startMs = at(0).getTime();
  const { docs } = await database.collection("sales").get();
  const sales = script.sales.map((sale) => {
    const stored = docs.find(({ id }) => id === sale.id)?.get("sold_at") as Timestamp | undefined;
    const soldAtMs = (stored?.toMillis() ?? Number.NaN) - startMs;
    expect(soldAtMs).toBeLessThanOrEqual(sale.soldAtMs);
    return { ...sale, soldAtMs };
  });
  return { ...script, sales };
}

/** Who raced when, according to the lobbies' documents. */
async function recordOf({ lobbies, at }: Stores, script: RaceScript) {
  const found = await Promise.all(script.rates.map((_, lobby) => lobbies.get(`lobby-${lobby}`)));
  return (lobby: number, ms: number): string[] | undefined => {
    const { openedAt, closedAt, closesAt, intervals = [] } = found[lobby] ?? {};
    const end = closedAt ?? closesAt;
    if (!openedAt || !end || at(ms) < openedAt || at(ms) >= end) return undefined;
    return intervals
      .filter(({ joinedAt, leftAt }) => joinedAt <= at(ms) && (!leftAt || at(ms) < leftAt))
      .map(({ racerId }) => racerId)
      .toSorted();
  };
}

function timeOf({ at }: Stores, arrival: Arrival): Date {
  return "sale" in arrival ? arrival.sale.soldAt : at(0);
}
