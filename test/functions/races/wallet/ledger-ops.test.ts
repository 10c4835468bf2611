import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Firestore as GoogleFirestore } from "@google-cloud/firestore";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { PayoutOrder } from "../../../../functions/races/domain/payout.ts";
import { createPayouts } from "../../../../functions/races/store/payouts/payouts.ts";
import {
  type FirestoreEmulator,
  startFirestore,
} from "../../../../local/google/firestore/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { FaultPlan, seededRandom } from "../../../../local/kit/faults.ts";
import { adaptFirestore } from "../../../../shared/clients/firestore.ts";
import type { Firestore } from "../../../../shared/ports/database.ts";
import { checkLedger, printLedger } from "../../../../tools/ops/ledger/check.ts";
import { exportLedger } from "../../../../tools/ops/ledger/export.ts";
import { writeLines, written } from "../../../../tools/ops/write-out.ts";
import { googleFirestoreHost, useFirestoreAt } from "../../../support/google/emulators.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { deleteAll } from "../../../support/stored/documents.ts";

const clock = new LocalClock();
let books: ReturnType<typeof earnings>;
let firestore: Firestore;
let server: FirestoreEmulator | undefined;
let google: GoogleFirestore | undefined;
let number = 0;

beforeAll(async () => {
  if (googleFirestoreHost) useFirestoreAt(googleFirestoreHost);
  else {
    const indexes = JSON.parse(readFileSync("firestore.indexes.json", "utf8"));
    const common = { clock, faults: new FaultPlan(), isListening: false };
    server = await startFirestore({ ...common, indexes });
  }
});
beforeEach(() => {
  number += 1;
  const projectId = `books-${clock.nowMs()}-${number}`;
  google = server ? undefined : new GoogleFirestore({ projectId });
  const opened =
    server?.databaseOf(projectId, seededRandom(number)) ?? (google && adaptFirestore(google));
  if (!opened) throw new Error("There is no Firestore.");
  firestore = opened;
  books = earnings({ firestore, clock });
});
afterEach(() => google?.terminate());
afterAll(async () => {
  await server?.stop();
  clock.stop();
});

const now = () => new Date(Math.floor(clock.nowMs()));
const thisYear = () => now().getUTCFullYear();

async function payOut(id: string, racerId: string, amount: number, currency = "usd") {
  const request: PayoutOrder = {
    id,
    racerId,
    staffId: "1",
    channelId: "1",
    amount,
    currency,
    method: "store-credit",
    accountId: undefined,
    code: undefined,
    isLeaver: false,
  };
  await createPayouts(async () => firestore).begin(request, {
    least: 1,
    deadline: new Date("2100-01-01"),
    now,
  });
}

/** A simulation with sales in two currencies, refunds, a payout and one that was returned. */
async function simulation() {
  const race = await books.race(["7", "8", "9"]);
  const saleId = await books.sell(race, 10_001);
  await books.sell(race, 0);
  await books.sell(race, 999, { currency: "eur" });
  await books.refund(saleId, 3333);
  await books.refund(saleId, 100);
  await payOut("701", "7", 1000);
  await payOut("702", "8", 1001);
  await createPayouts(async () => firestore).returned("702", "other", now());
  return saleId;
}

async function check() {
  const report = await checkLedger(firestore);
  const lines: string[] = [];
  printLedger(report, (line) => lines.push(line));
  return { ...report, said: lines.join("\n"), ids: report.flaws.map(({ id }) => id) };
}

async function statement(year: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportLedger(year, firestore)) lines.push(line);
  return lines.map((line) => line.replace(/\r\n$/, ""));
}

describe("./dev ops ledger check", () => {
  test("finds nothing wrong with a correct ledger", async () => {
    await simulation();
    const { flaws, said, counted, totals } = await check();
    expect(flaws).toEqual([]);
    expect(counted).toMatchObject({ sales: 3, payouts: 2 });
    expect(said).toMatch(/usd {2}sales:kofi +-\$100\.01/);
    expect(said).toMatch(/usd {2}clawbacks:kofi +\$34\.33/);
    expect(said).toMatch(/usd {2}payouts +\$10\.00/);
    expect(said).toMatch(/eur {2}together +€0\.00/);
    for (const { sums } of totals) {
      expect([...sums.values()].reduce((sum, amount) => sum + amount, 0)).toBe(0);
    }
  });

  test("finds nothing wrong with an empty ledger", async () => {
    expect((await check()).flaws).toEqual([]);
  });

  test.each([
    ["a posting with another amount", "postings/1", { amount: 1 }],
    ["a posting for someone else", "postings/1", { account: "racer:666" }],
    ["a posting in another currency", "postings/1", { currency: "eur" }],
    ["a posting that is available too early", "postings/1", { available_at: new Date(0) }],
    ["a transaction with another number of postings", "", { postings: 9 }],
  ])("reports the sale or transaction with %s", async (_what, path, fields) => {
    const saleId = await simulation();
    const entry = `ledger/sale.${saleId}${path && "/"}${path}`;
    await firestore.doc(entry).update(fields);
    const { ids, said } = await check();
    expect(ids.some((id) => id === saleId || id === `sale.${saleId}`)).toBe(true);
    expect(said).toContain(`WRONG  `);
  });

  test("reports a sale whose shares are not booked, and one whose refund is not booked", async () => {
    const saleId = await simulation();
    await deleteAll(firestore, `ledger/sale.${saleId}`);
    expect((await check()).ids).toContain(saleId);
    const other = await books.sell(await books.race(["7"]), 500);
    await firestore.doc(`sales/${other}`).update({ refunded: 20 });
    expect((await check()).ids).toContain(other);
  });

  test("reports postings without a transaction, and payouts and sales that only the ledger has", async () => {
    const saleId = await simulation();
    await firestore.doc("ledger/payout.701").delete();
    await firestore.doc("payouts/702").delete();
    await firestore.doc(`sales/${saleId}`).delete();
    const { ids } = await check();
    expect(ids).toEqual(
      expect.arrayContaining(["payout.701", "payout.702", "payout-returned.702", `sale.${saleId}`]),
    );
  });

  test("reports what cannot be read", async () => {
    await simulation();
    await firestore.doc("ledger/payout.701/postings/0").update({ amount: "a lot" });
    expect((await check()).ids).toContain("ledger/payout.701/postings/0");
  });
});

/** Records how many documents each read in a transaction returns; runs `meanwhile` after each. */
function watch(sizes: number[], meanwhile: () => Promise<unknown>): Firestore {
  const runTransaction: Firestore["runTransaction"] = async (work, options) => {
    const done = await firestore.runTransaction(work, options);
    if (done instanceof Object && "size" in done) sizes.push(Number(done.size));
    await meanwhile();
    return done;
  };
  return {
    runTransaction,
    collection: (path) => firestore.collection(path),
    collectionGroup: (id) => firestore.collectionGroup(id),
    doc: (path) => firestore.doc(path),
    getAll: (...places) => firestore.getAll(...places),
    batch: () => firestore.batch(),
    sum: (query, field, transaction) => firestore.sum(query, field, transaction),
  };
}

describe("the check of a large ledger", () => {
  const watched = async (pageSize: number, meanwhile?: (calls: number) => Promise<unknown>) => {
    const sizes: number[] = [];
    let calls = 0;
    const reader = watch(sizes, async () => meanwhile?.(calls++));
    return { ...(await checkLedger(reader, { pageSize })), sizes };
  };

  test("reads page by page, whatever the size, with the same result", async () => {
    const saleId = await simulation();
    for (let more = 0; more < 20; more += 1) await books.earner(`7${more}`, 100 + more);
    const whole = await check();
    expect(whole.counted.postings).toBeGreaterThan(50);
    for (const pageSize of [1, 3, 7]) {
      const { sizes, moreFlaws, ...report } = await watched(pageSize);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(pageSize);
      expect(report).toMatchObject({ counted: whole.counted, totals: whole.totals, flaws: [] });
    }
    await firestore.doc(`ledger/sale.${saleId}/postings/1`).update({ amount: 1 });
    const found = (report: { flaws: readonly object[] }) =>
      report.flaws.map((each) => JSON.stringify(each)).sort();
    expect(found(await watched(2))).toEqual(found(await check()));
  });

  test("sees the ledger as of its start, whatever is sold meanwhile", async () => {
    const race = await books.race(["7", "8"]);
    await books.sell(race, 1000);
    const { flaws, counted } = await watched(2, (calls) =>
      calls < 10 ? books.sell(race, 500) : Promise.resolve(),
    );
    expect(flaws).toEqual([]);
    expect(counted.sales).toBe(1);
    expect((await check()).counted.sales).toBe(11);
  });

  test("lists a thousand problems and counts the others", async () => {
    const batches = Array.from({ length: 3 }, () => firestore.batch());
    for (const [number, batch] of batches.entries()) {
      for (let each = 0; each < 400; each += 1) {
        batch.set(firestore.doc(`ledger/lost-${number}-${each}/postings/0`), {
          account: "platform",
          amount: 1,
          currency: "usd",
          kind: "adjustment",
          at: now(),
          available_at: now(),
          lobby_id: null,
          sale_id: null,
        });
      }
      await batch.commit();
    }
    const { flaws, moreFlaws, said } = await check();
    expect([flaws.length, moreFlaws]).toEqual([1000, 200]);
    expect(said).toContain("1200 problems found.");
  });
});

describe("./dev ops ledger export", () => {
  test("contains each person's postings of the year, what they earned and what they were paid", async () => {
    await simulation();
    const lines = await statement(thisYear());
    expect(lines[0]).toBe("person,currency,line,at,kind,amount,transaction,sale,lobby");
    const totals = lines.filter((line) => line.includes(",total,"));
    const [earned, paid] = totals.filter((line) => line.startsWith("7,usd"));
    expect(paid).toBe(`7,usd,total,${thisYear()},paid out,10.00,,,`);
    const sum = lines
      .filter((line) => /^7,usd,posting,[^,]+,(sale|refund),/.test(line))
      .reduce((total, line) => total + Math.round(Number(line.split(",")[5]) * 100), 0);
    expect(earned).toBe(`7,usd,total,${thisYear()},earned,${(sum / 100).toFixed(2)},,,`);
    expect(totals).toContain(`8,usd,total,${thisYear()},paid out,0.00,,,`);
    expect(totals.some((line) => line.startsWith(`9,eur,total,${thisYear()},earned,3.33`))).toBe(
      true,
    );
    expect(lines.join()).not.toContain("platform");
  });

  test("ends a year at midnight UTC", async () => {
    const race = await books.race(["7"]);
    await books.sell(race, 500);
    const year = thisYear();
    await clock.advance(Date.UTC(year + 1, 0, 1) - clock.nowMs());
    await books.sell(await books.race(["7"]), 700);
    expect((await statement(year)).at(-2)).toBe(`7,usd,total,${year},earned,5.00,,,`);
    expect((await statement(year + 1)).at(-2)).toBe(`7,usd,total,${year + 1},earned,7.00,,,`);
    expect(await statement(year + 2)).toHaveLength(1);
  });

  test.each([1, 1000])("to a slow reader ends with all %i lines written", async (count) => {
    const pipe = new PassThrough({ highWaterMark: 64 });
    const lines = Array.from({ length: count }, (_, index) => `line ${index}\r\n`);
    async function* each() {
      yield* lines;
    }
    const writing = writeLines(each(), pipe).then(() => written(pipe));
    const read = text(pipe);
    await writing;
    pipe.end();
    expect(await read).toBe(lines.join(""));
  });
});

describe("a payout's record", () => {
  test("keeps how its code was delivered if another delivery reports something else", async () => {
    const payouts = createPayouts(async () => firestore);
    await books.earner("7", 5000);
    await payOut("703", "7", 1000);
    expect((await payouts.codeDelivered("703", "dm")).codeDelivery).toBe("dm");
    expect((await payouts.codeDelivered("703", "by-hand")).codeDelivery).toBe("dm");
    expect(await payouts.finish("703", true, now())).toMatchObject({
      state: "done",
      isNotified: true,
    });
    expect(await payouts.finish("703", false, now())).toMatchObject({ isNotified: true });
  });
});
