import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Firestore } from "@google-cloud/firestore";
import { join, leave, type Roster } from "../../functions/races/domain/race.ts";
import { createLobbies } from "../../functions/races/store/lobbies/lobbies.ts";
import { createSales } from "../../functions/races/store/sales/sales.ts";
import {
  findGoogleEmulators,
  MissingEmulatorsError,
  startGoogleEmulators,
} from "../../local/google/official/index.ts";
import { environment } from "../../local/kit/environment.ts";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import { racerAccount } from "../../shared/money/ledger.ts";
import { createLedger } from "../../shared/money/ledger-store.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { inRounds, median, type Print, ratioOf } from "../ratio.ts";

const RACERS = Array.from({ length: 8 }, (_, index) => `racer-${index}`);
/** Numbers of simultaneous sales. */
const CROWDS = [1, 10, 100, 1_000];
const ROUNDS = 3;
/** The number of sales for the comparison with balance documents, which take minutes for more. */
const COMPARED = 100;
const COMPARED_ON_GOOGLE = 20;
/** Numbers of a wallet's postings. */
const WALLETS = [10, 1_000, 100_000];
const WALLET_ROUNDS = 5;
const BATCH = 400;
/** Sales per second, and for how long, while people leave and join. */
const RUSH_RATE = 50;
const RUSH_MS = 10_000;
/** How many other races start and finish meanwhile. */
const OTHER_RACES = 20;
const WINDOW_MS = 3_600_000;
/** The typical duration of a Firestore call within a region. */
const CALL_MS = 10;
const NOW = systemClock.now();
const BASE = 2500;

/**
 * Measures sales in one window with eight racers, people who leave and join meanwhile, and wallets
 * with many postings, on the local Firestore in its own process and, if installed, on Google's
 * emulator.
 */
export async function benchRace(print: Print): Promise<void> {
  await onOurFirestore(CALL_MS, (stores) => benchRosters(print, stores));
  await onOurFirestore(0, async (stores) => {
    await benchCrowds(print, stores);
    await benchAgainstNaive(print, stores);
    await benchWallets(print, stores);
  });
  try {
    const google = await startGoogleEmulators(findGoogleEmulators(environment));
    try {
      const { firestoreHost } = google;
      await onFirestore("Google's emulator", firestoreHost, COMPARED_ON_GOOGLE, async (stores) => {
        await benchAgainstNaive(print, stores);
        await benchRosters(print, stores);
      });
    } finally {
      await google.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingEmulatorsError)) throw error;
    print("  Google's Firestore emulator is not installed, so it was not measured.");
  }
}

/** The local Firestore in its own process, with a delay per call. */
async function onOurFirestore(
  callMs: number,
  work: (stores: Stores) => Promise<void>,
): Promise<void> {
  const child = fork(new URL("./process.ts", import.meta.url), [String(callMs)]);
  const exited = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), exited]);
  if (typeof message !== "object") throw new Error("Firestore did not start.");
  const title = callMs === 0 ? "our Firestore" : `the local Firestore, ${callMs} ms per call`;
  try {
    await onFirestore(title, (message as { host: string }).host, COMPARED, work);
  } finally {
    child.disconnect();
    await exited;
  }
}

interface Stores {
  readonly title: string;
  readonly firestore: Firestore;
  readonly lobbies: ReturnType<typeof createLobbies>;
  readonly sales: ReturnType<typeof createSales>;
  readonly ledger: ReturnType<typeof createLedger>;
  readonly compared: number;
}

async function onFirestore(
  title: string,
  host: string,
  compared: number,
  work: (stores: Stores) => Promise<void>,
): Promise<void> {
  const [hostname, port] = host.split(":");
  const firestore = new Firestore({
    projectId: "bench",
    host: hostname ?? "",
    port: Number(port),
    ssl: false,
    gaxServerStreamingRetries: true,
  });
  const database = async () => adaptFirestore(firestore);
  const stores = {
    title,
    firestore,
    compared,
    lobbies: createLobbies(database),
    sales: createSales(database),
    ledger: createLedger(database),
  };
  try {
    await openWindow(stores);
    await work(stores);
  } finally {
    await firestore.terminate();
  }
}

/** Opens the window of a race with eight racers. */
async function openWindow(stores: Stores, id = "race"): Promise<void> {
  await fillLobby(stores, id, RACERS);
  await stores.lobbies.start(id, systemClock.now(), WINDOW_MS);
}

async function fillLobby({ lobbies }: Stores, id: string, racers: readonly string[]) {
  const before = systemClock.now();
  await lobbies.create({
    id,
    name: id,
    hostId: id,
    channelId: "1",
    seats: 8,
    rateBps: 2000,
    createdAt: before,
    potKey: id,
  });
  await lobbies.changeRoster(id, before, (lobby, at) =>
    racers.reduce<Roster>((roster, racer) => join(roster, racer, at).roster, lobby),
  );
}

let transactions = 0;

/** The milliseconds for this many simultaneous sales. */
async function book({ sales }: Stores, count: number): Promise<number> {
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: count }, () => {
      transactions += 1;
      const id = `kofi:${transactions}`;
      const sale = { id, provider: "kofi", base: BASE, currency: "usd", title: "A shirt" } as const;
      return sales.book(
        { ...sale, soldAt: systemClock.now(), lobbyId: undefined },
        { holdDays: 7, now: systemClock.now() },
      );
    }),
  );
  return performance.now() - startedMs;
}

/**
 * Measures leaving and joining one race, and starting and finishing others, while sales arrive. Each happens at its
 * own time, however long the others take, as in production. Sales are made at the moment of booking. Every other sale
 * names the race that people leave and join; the rest are shared by all races that are on.
 */
async function benchRosters(print: Print, stores: Stores): Promise<void> {
  const { lobbies, title } = stores;
  const id = `rush-${title}`;
  await openWindow(stores, id);
  const others = Array.from({ length: OTHER_RACES }, (_, index) => `${id}-${index}`);
  for (const other of others) {
    // Nobody is in two races.
    await fillLobby(stores, other, [`${other}-1`, `${other}-2`]);
  }
  const rosterMs: number[] = [];
  const windowMs: number[] = [];
  const took = async (list: number[], work: () => Promise<unknown>) => {
    const fromMs = performance.now();
    await work();
    list.push(performance.now() - fromMs);
  };
  const booked: Promise<unknown>[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + RUSH_MS;
  const come = async () => {
    for (let turn = 0; performance.now() < untilMs; turn += 1) {
      const racer = RACERS[turn % RACERS.length] ?? "";
      for (const change of [leave, join]) {
        await took(rosterMs, () =>
          lobbies.changeRoster(
            id,
            systemClock.now(),
            (lobby, at) => change(lobby, racer, at).roster,
            racer,
          ),
        );
      }
    }
  };
  const race = async () => {
    for (const [index, other] of others.entries()) {
      const dueMs = startedMs + (index * RUSH_MS) / OTHER_RACES;
      await wait(Math.max(0, dueMs - performance.now()));
      await took(windowMs, () => lobbies.start(other, systemClock.now(), WINDOW_MS));
      await took(windowMs, () => lobbies.finish(other));
    }
  };
  const buy = async () => {
    for (let sale = 0; sale * (1000 / RUSH_RATE) < RUSH_MS; sale += 1) {
      const dueMs = startedMs + sale * (1000 / RUSH_RATE);
      await wait(Math.max(0, dueMs - performance.now()));
      booked.push(bookNow(stores, sale % 2 === 0 ? id : undefined));
    }
  };
  await Promise.all([come(), race(), buy()]);
  const lost = (await Promise.allSettled(booked)).filter(({ status }) => status === "rejected");
  const lastMs = performance.now() - startedMs;
  const measured = (values: readonly number[]) =>
    `${values.length}, median ${median(values).toFixed(0)} ms, worst ${Math.max(...values).toFixed(0)} ms (aim: below 2000 ms)`;
  print(`While ${RUSH_RATE} sales a second are booked on ${title}:`);
  print(`  leaving and joining: ${measured(rosterMs)}`);
  print(`  starting and finishing: ${measured(windowMs)}`);
  print(
    `  ${booked.length} sales booked ${(lastMs - RUSH_MS).toFixed(0)} ms after the last arrived, ${lost.length} to be retried`,
  );
}

function bookNow({ sales }: Stores, lobbyId: string | undefined): Promise<unknown> {
  transactions += 1;
  const id = `kofi:${transactions}`;
  const sale = { id, provider: "kofi", base: BASE, currency: "usd", title: "A shirt" } as const;
  const now = systemClock.now();
  return sales.book({ ...sale, soldAt: now, lobbyId }, { holdDays: 7, now });
}

/** The same with a balance document per racer, which every sale updates in a transaction. */
async function bookNaively({ firestore }: Stores, count: number): Promise<number> {
  const share = (BASE * 0.2) / RACERS.length;
  const places = RACERS.map((racer) => firestore.collection("naive_balances").doc(racer));
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: count }, async () => {
      transactions += 1;
      const sale = firestore.collection("naive_sales").doc(String(transactions));
      // The library gives up a transaction after five attempts; a sale must be retried until it is
      // booked.
      for (;;) {
        try {
          await firestore.runTransaction(async (transaction) => {
            const balances = await transaction.getAll(...places);
            transaction.create(sale, { base: BASE });
            for (const balance of balances) {
              transaction.set(balance.ref, { amount: Number(balance.get("amount") ?? 0) + share });
            }
          });
          return;
        } catch (error) {
          if ((error as { code?: unknown }).code !== ABORTED) throw error;
        }
      }
    }),
  );
  return performance.now() - startedMs;
}

/** gRPC's code for a transaction that lost to another. */
const ABORTED = 10;

async function benchCrowds(print: Print, stores: Stores): Promise<void> {
  print(
    `Sales at once in one window of eight racers on ${stores.title}, ${ROUNDS} alternating rounds:`,
  );
  print("    sales   sales/s   one sale, compared with ten at once");
  const names = CROWDS.map(String);
  const values = await inRounds(
    ROUNDS,
    Object.fromEntries(CROWDS.map((count) => [String(count), () => book(stores, count)])),
  );
  const each = (name: string) => (values[name] ?? []).map((ms) => ms / Number(name));
  for (const name of names) {
    const perSecond = 1000 / median(each(name));
    const compared = ratioOf(each(name), each("10")).toFixed(2);
    print(`${name.padStart(9)}${perSecond.toFixed(0).padStart(10)}${compared.padStart(12)}`);
  }
}

async function benchAgainstNaive(print: Print, stores: Stores): Promise<void> {
  const { title, compared } = stores;
  const { ours, naive } = await inRounds(ROUNDS, {
    ours: () => book(stores, compared),
    naive: () => bookNaively(stores, compared),
  });
  const perSecond = (values: readonly number[]) => ((1000 * compared) / median(values)).toFixed(0);
  print(`${compared} sales at once on ${title}, compared with a balance document per racer:`);
  print(
    `  ${perSecond(ours)} a second against ${perSecond(naive)}, ratio ${ratioOf(naive, ours).toFixed(1)} (aim: at least 10)`,
  );
}

async function benchWallets(print: Print, stores: Stores): Promise<void> {
  const { ledger } = stores;
  print(`The time of /wallet's reads on ${stores.title}, by number of postings:`);
  for (const count of WALLETS) {
    const racer = `wallet-${count}`;
    await addPostings(stores, racer, count);
    const { wallet } = await inRounds(WALLET_ROUNDS, {
      wallet: async () => {
        const startedMs = performance.now();
        const account = racerAccount(racer);
        await Promise.all([
          ledger.balances(account, NOW),
          ledger.nextRelease(account, NOW),
          ledger.newest(account, 100),
        ]);
        return performance.now() - startedMs;
      },
    });
    print(`${String(count).padStart(9)} postings${median(wallet).toFixed(0).padStart(8)} ms`);
  }
}

/** Adds postings like those of sales, half of them still pending. */
async function addPostings({ firestore }: Stores, racer: string, count: number): Promise<void> {
  const postings = firestore.collection("ledger").doc(`bench-${racer}`).collection("postings");
  for (let from = 0; from < count; from += BATCH) {
    const batch = firestore.batch();
    for (let place = from; place < Math.min(count, from + BATCH); place += 1) {
      const availableAt = new Date(NOW.getTime() + (place % 2 === 0 ? -1 : 1) * 3_600_000);
      batch.set(postings.doc(String(place)), {
        account: racerAccount(racer),
        amount: 62,
        currency: "usd",
        kind: "sale",
        at: NOW,
        available_at: availableAt,
        lobby_id: "race",
        sale_id: "kofi:0",
      });
    }
    await batch.commit();
  }
}
