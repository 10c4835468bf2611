import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Firestore } from "@google-cloud/firestore";
import { join, leave, type Roster } from "../functions/races/domain/race.ts";
import { createLobbies } from "../functions/races/store/lobbies.ts";
import { createSales } from "../functions/races/store/sales.ts";
import {
  findGoogleEmulators,
  MissingEmulatorsError,
  startGoogleEmulators,
} from "../local/google/index.ts";
import { environment } from "../local/kit/environment.ts";
import { adaptFirestore } from "../shared/clients/firestore.ts";
import { racerAccount } from "../shared/money/ledger.ts";
import { createLedger } from "../shared/money/ledger-store.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { inRounds, median, ratioOf, type Say } from "./ratio.ts";

const RACERS = Array.from({ length: 8 }, (_, index) => `racer-${index}`);
/** Sales that come in at once. */
const CROWDS = [1, 10, 100, 1_000];
const ROUNDS = 3;
/** What the naive way is measured with: it takes minutes for more. */
const COMPARED = 100;
const COMPARED_ON_GOOGLE = 20;
/** Postings that a wallet is made of. */
const WALLETS = [10, 1_000, 100_000];
const WALLET_ROUNDS = 5;
const BATCH = 400;
/** Sales a second, for how long, while people leave and join. */
const RUSH_RATE = 50;
const RUSH_MS = 10_000;
/** What a call of Firestore takes within a region, about. */
const CALL_MS = 10;
const NOW = systemClock.now();
const BASE = 2500;

/**
 * Measures sales in one window with eight racers, people who come and go meanwhile, and wallets of many postings,
 * on our Firestore in a process of its own and, where it is installed, on Google's emulator.
 */
export async function benchRace(say: Say): Promise<void> {
  await onOurFirestore(CALL_MS, (stores) => benchRosters(say, stores));
  await onOurFirestore(0, async (stores) => {
    await benchCrowds(say, stores);
    await benchAgainstNaive(say, stores);
    await benchWallets(say, stores);
  });
  try {
    const google = await startGoogleEmulators(findGoogleEmulators(environment));
    try {
      const { firestoreHost } = google;
      await onFirestore("Google's emulator", firestoreHost, COMPARED_ON_GOOGLE, async (stores) => {
        await benchAgainstNaive(say, stores);
        await benchRosters(say, stores);
      });
    } finally {
      await google.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingEmulatorsError)) throw error;
    say("  Google's Firestore emulator is not installed, so not measured.");
  }
}

/** Our Firestore in a process of its own, each call of which takes a while longer. */
async function onOurFirestore(
  callMs: number,
  work: (stores: Stores) => Promise<void>,
): Promise<void> {
  const child = fork(new URL("./race-process.ts", import.meta.url), [String(callMs)]);
  const exited = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), exited]);
  if (typeof message !== "object") throw new Error("Firestore did not start.");
  const title = callMs === 0 ? "our Firestore" : `our Firestore, ${callMs} ms a call`;
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
    ...{ host: hostname ?? "", port: Number(port), ssl: false },
    gaxServerStreamingRetries: true,
  });
  const database = async () => adaptFirestore(firestore);
  const stores = {
    ...{ title, firestore, compared },
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

/** One race of eight, whose window is open. */
async function openWindow({ lobbies }: Stores, id = "race"): Promise<void> {
  const before = systemClock.now();
  await lobbies.create({
    ...{ id, name: id, hostId: id, channelId: "1", seats: 8, rateBps: 2000 },
    ...{ createdAt: before, potKey: id },
  });
  await lobbies.changeRoster(id, before, (lobby, at) =>
    RACERS.reduce<Roster>((roster, racer) => join(roster, racer, at).roster, lobby),
  );
  await lobbies.start(id, before, 3_600_000);
}

let transactions = 0;

/** The milliseconds that so many sales take that come in at once. */
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
 * What leaving and joining take while sales come in, each at its time whatever the others take, as they do from
 * outside. Sales are made at the moment they are booked; a window is opened for them.
 */
async function benchRosters(say: Say, stores: Stores): Promise<void> {
  const { lobbies, title } = stores;
  const id = `rush-${title}`;
  await openWindow(stores, id);
  const tookMs: number[] = [];
  const booked: Promise<unknown>[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + RUSH_MS;
  const come = async () => {
    for (let turn = 0; performance.now() < untilMs; turn += 1) {
      const racer = RACERS[turn % RACERS.length] ?? "";
      for (const change of [leave, join]) {
        const fromMs = performance.now();
        await lobbies.changeRoster(
          id,
          systemClock.now(),
          (lobby, at) => change(lobby, racer, at).roster,
          racer,
        );
        tookMs.push(performance.now() - fromMs);
      }
    }
  };
  const buy = async () => {
    for (let sale = 0; sale * (1000 / RUSH_RATE) < RUSH_MS; sale += 1) {
      const dueMs = startedMs + sale * (1000 / RUSH_RATE);
      await wait(Math.max(0, dueMs - performance.now()));
      booked.push(bookNow(stores, id));
    }
  };
  await Promise.all([come(), buy()]);
  const lost = (await Promise.allSettled(booked)).filter(({ status }) => status === "rejected");
  const lastMs = performance.now() - startedMs;
  const sorted = tookMs.toSorted((one, other) => one - other);
  const worst = sorted.at(-1) ?? 0;
  say(`Leaving and joining while ${RUSH_RATE} sales a second are booked on ${title}:`);
  say(
    `  ${tookMs.length} changes, median ${median(tookMs).toFixed(0)} ms, worst ${worst.toFixed(0)} ms (aim: below 2000 ms)`,
  );
  say(
    `  ${booked.length} sales booked ${(lastMs - RUSH_MS).toFixed(0)} ms after the last came, ${lost.length} to be tried again`,
  );
}

function bookNow({ sales }: Stores, lobbyId: string): Promise<unknown> {
  transactions += 1;
  const id = `kofi:${transactions}`;
  const sale = { id, provider: "kofi", base: BASE, currency: "usd", title: "A shirt" } as const;
  const now = systemClock.now();
  return sales.book({ ...sale, soldAt: now, lobbyId }, { holdDays: 7, now });
}

/** The same with a document for each racer's balance, which every sale adds to in a transaction. */
async function bookNaively({ firestore }: Stores, count: number): Promise<number> {
  const share = (BASE * 0.2) / RACERS.length;
  const places = RACERS.map((racer) => firestore.collection("naive_balances").doc(racer));
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: count }, async () => {
      transactions += 1;
      const sale = firestore.collection("naive_sales").doc(String(transactions));
      // The library gives a transaction up after five tries; whoever wants the money does not.
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

/** gRPC's code of a transaction that lost against others. */
const ABORTED = 10;

async function benchCrowds(say: Say, stores: Stores): Promise<void> {
  say(`Sales at once in one window of eight racers on ${stores.title}, ${ROUNDS} rounds in turn:`);
  say("    sales   sales/s   one sale, compared with ten at once");
  const names = CROWDS.map(String);
  const values = await inRounds(
    ROUNDS,
    Object.fromEntries(CROWDS.map((count) => [String(count), () => book(stores, count)])),
  );
  const each = (name: string) => (values[name] ?? []).map((ms) => ms / Number(name));
  for (const name of names) {
    const perSecond = 1000 / median(each(name));
    const compared = ratioOf(each(name), each("10")).toFixed(2);
    say(`${name.padStart(9)}${perSecond.toFixed(0).padStart(10)}${compared.padStart(12)}`);
  }
}

async function benchAgainstNaive(say: Say, stores: Stores): Promise<void> {
  const { title, compared } = stores;
  const { ours, naive } = await inRounds(ROUNDS, {
    ours: () => book(stores, compared),
    naive: () => bookNaively(stores, compared),
  });
  const perSecond = (values: readonly number[]) => ((1000 * compared) / median(values)).toFixed(0);
  say(`${compared} sales at once on ${title}, against a balance document for each racer:`);
  say(
    `  ${perSecond(ours)} a second against ${perSecond(naive)}, ratio ${ratioOf(naive, ours).toFixed(1)} (aim: at least 10)`,
  );
}

async function benchWallets(say: Say, stores: Stores): Promise<void> {
  const { ledger } = stores;
  say(`What /wallet asks of ${stores.title}, by how many postings someone has:`);
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
    say(`${String(count).padStart(9)} postings${median(wallet).toFixed(0).padStart(8)} ms`);
  }
}

/** Postings as sales leave them, half of them still pending. */
async function addPostings({ firestore }: Stores, racer: string, count: number): Promise<void> {
  const postings = firestore.collection("ledger").doc(`bench-${racer}`).collection("postings");
  for (let from = 0; from < count; from += BATCH) {
    const batch = firestore.batch();
    for (let place = from; place < Math.min(count, from + BATCH); place += 1) {
      const availableAt = new Date(NOW.getTime() + (place % 2 === 0 ? -1 : 1) * 3_600_000);
      batch.set(postings.doc(String(place)), {
        ...{ account: racerAccount(racer), amount: 62, currency: "usd", kind: "sale" },
        ...{ at: NOW, available_at: availableAt, lobby_id: "race", sale_id: "kofi:0" },
      });
    }
    await batch.commit();
  }
}
