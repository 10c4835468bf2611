import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Fault } from "../../local/kit/faults.ts";
import type { DocumentReference, Firestore } from "../../shared/ports/database.ts";
import { adapters, type OpenDatabase, outcomeOf } from "./databases.ts";

const CODES = Array.from({ length: 16 }, (_, index) => index + 1);
const ABORTED = 10;

/** A call, the requests that reach the server for it, and the codes after which it is retried. */
interface Call {
  readonly name: string;
  readonly operation: string;
  readonly isRetriedAfter: readonly number[];
  act(database: Firestore, place: DocumentReference): Promise<unknown>;
}

const READ_CODES = [4, 13, 14];
const CALLS: readonly Call[] = [
  {
    name: "a write",
    operation: "Commit",
    isRetriedAfter: [8, 10, 14],
    act: (_database, place) => place.set({ n: 1 }),
  },
  {
    name: "a batch",
    operation: "Commit",
    isRetriedAfter: [8, 10, 14],
    act: (database, place) => database.batch().set(place, { n: 1 }).commit(),
  },
  {
    name: "a read",
    operation: "BatchGetDocuments",
    isRetriedAfter: READ_CODES,
    act: (_database, place) => place.get(),
  },
  {
    name: "a query",
    operation: "RunQuery",
    isRetriedAfter: READ_CODES,
    act: (_database, place) => place.parent.where("n", "==", 1).get(),
  },
  {
    name: "a count",
    operation: "RunAggregationQuery",
    isRetriedAfter: READ_CODES,
    act: (_database, place) => place.parent.count().get(),
  },
  {
    name: "a read of a transaction that only reads",
    operation: "BatchGetDocuments",
    isRetriedAfter: READ_CODES,
    act: (database, place) =>
      database.runTransaction((transaction) => transaction.get(place), { readOnly: true }),
  },
];

/** Faults can only be planned on our emulator. */
const ours = adapters.filter(({ isGoogles }) => !isGoogles);

describe.each(ours)("failures through $name", (adapter) => {
  let open: OpenDatabase;
  let database: Firestore;
  beforeAll(async () => {
    open = await adapter.open();
    ({ database } = open);
  });
  afterEach(() => open.faults.clear());
  afterAll(() => open.close());

  const plan = (operation: string, fault: Fault, times = 1) =>
    open.faults.add({ target: "firestore", operation: new RegExp(`^${operation}$`), fault, times });

  /** The requests that reach the server while `act` runs. */
  async function callsOf(act: () => Promise<unknown>) {
    open.faults.calls.length = 0;
    const outcome = await outcomeOf(act);
    open.faults.clear();
    // Nothing waits for a rollback, but it arrives before this.
    await database.doc("settled/one").get();
    return { outcome, calls: open.faults.calls.slice(0, -1) };
  }

  /** A read and a write, counting how often the transaction started. */
  async function transact(place: DocumentReference) {
    let attempts = 0;
    const { outcome, calls } = await callsOf(() =>
      database.runTransaction(async (transaction) => {
        attempts += 1;
        const n = Number((await transaction.get(place)).get("n") ?? 0);
        transaction.set(place, { n: n + 1 });
      }),
    );
    return { outcome, calls, attempts };
  }

  test.each(CALLS)("$name is retried after certain codes only", async (call) => {
    const retried: number[] = [];
    for (const code of CODES) {
      plan(call.operation, { kind: "fail", code });
      const place = open.collection().doc("one");
      const { outcome, calls } = await callsOf(() => call.act(database, place));
      if (calls.length > 1) retried.push(code);
      expect(calls).toEqual(Array(calls.length).fill(call.operation));
      expect(calls.length).toBeLessThan(3);
      expect(outcome).toMatchObject(
        calls.length > 1
          ? { value: expect.anything() }
          : { refused: "later", code, message: expect.stringMatching(`^${code} [A-Z_]+: Planned`) },
      );
    }
    expect(retried).toEqual(call.isRetriedAfter);
  });

  test("after some codes only a transaction's commit is retried, after others the whole transaction", async () => {
    const ways = new Map<number, string>();
    for (const code of CODES) {
      plan("Commit", { kind: "fail", code });
      const { outcome, attempts, calls } = await transact(open.collection().doc("one"));
      const commits = calls.filter((name) => name === "Commit").length;
      if ("refused" in outcome) {
        expect([outcome.code, attempts, commits]).toEqual([code, 1, 1]);
        ways.set(code, "refused");
      } else ways.set(code, attempts === 1 ? "commit" : "whole");
    }
    const codesOf = (way: string) => CODES.filter((code) => ways.get(code) === way);
    expect(codesOf("commit")).toEqual([8, 14]);
    expect(codesOf("whole")).toEqual([1, 2, 4, 10, 13, 16]);
    expect(codesOf("refused")).toEqual([3, 5, 6, 7, 9, 11, 12, 15]);
  });

  test("after some codes only a transaction's first read is retried, after others the whole transaction", async () => {
    const begun = new Map<number, number | "refused">();
    for (const code of CODES) {
      plan("BatchGetDocuments", { kind: "fail", code });
      const { outcome, attempts } = await transact(open.collection().doc("one"));
      begun.set(code, "refused" in outcome ? "refused" : attempts);
    }
    const codesOf = (way: number | "refused") => CODES.filter((code) => begun.get(code) === way);
    expect(codesOf(1)).toEqual([4, 13, 14]);
    expect(codesOf(2)).toEqual([1, 2, 8, 10, 16]);
    expect(codesOf("refused")).toEqual([3, 5, 6, 7, 9, 11, 12, 15]);
  });

  test("a failed attempt is rolled back, and the next one takes its place", async () => {
    plan("Commit", { kind: "fail", code: ABORTED });
    const { calls } = await transact(open.collection().doc("one"));
    expect(calls).toEqual([
      "BatchGetDocuments",
      "Commit",
      "Rollback",
      "BatchGetDocuments",
      "Commit",
    ]);
  });

  test("a transaction gives up after its fifth attempt with the last error", async () => {
    plan("Commit", { kind: "fail", code: ABORTED }, 5);
    const place = open.collection().doc("one");
    const { outcome, attempts, calls } = await transact(place);
    expect(attempts).toBe(5);
    expect(calls.filter((name) => name === "Commit")).toHaveLength(5);
    expect(outcome).toEqual({
      refused: "later",
      code: ABORTED,
      message: "10 ABORTED: Planned failure of Commit",
    });
    expect((await place.get()).exists).toBe(false);
  });

  test.each(["drop", "fail"] as const)(
    "a write whose request is lost is done once (%s)",
    async (kind) => {
      const place = open.collection().doc("one");
      plan("Commit", kind === "drop" ? { kind } : { kind, code: 14 });
      const { outcome, calls } = await callsOf(() => place.create({ n: 1 }));
      expect(outcome).toHaveProperty("value");
      expect(calls).toEqual(["Commit", "Commit"]);
      expect((await place.get()).get("n")).toBe(1);
    },
  );

  test("a write whose response is lost is repeated, which a create and a precondition detect", async () => {
    const collection = open.collection();
    plan("Commit", { kind: "lose-answer" });
    expect(await outcomeOf(() => collection.doc("set").set({ n: 1 }))).toHaveProperty("value");
    plan("Commit", { kind: "lose-answer" });
    const created = await outcomeOf(() => collection.doc("created").create({ n: 1 }));
    expect(created).toMatchObject({ refused: "later", code: 6 });
    expect((await collection.doc("created").get()).exists).toBe(true);
    const { writeTime } = await collection.doc("updated").set({ n: 1 });
    plan("Commit", { kind: "lose-answer" });
    const updated = await outcomeOf(() =>
      collection.doc("updated").update({ n: 2 }, { lastUpdateTime: writeTime }),
    );
    expect(updated).toMatchObject({ refused: "later", code: 9 });
    expect((await collection.doc("updated").get()).get("n")).toBe(2);
  });

  test("a transaction whose response is lost was committed, even if its caller sees an error", async () => {
    const place = open.collection().doc("one");
    plan("Commit", { kind: "lose-answer" });
    const { outcome, attempts, calls } = await transact(place);
    expect(outcome).toMatchObject({
      refused: "later",
      code: 3,
      message: expect.stringMatching(/^3 INVALID_ARGUMENT: Transaction is invalid or closed/),
    });
    expect([attempts, calls]).toEqual([1, ["BatchGetDocuments", "Commit", "Commit", "Rollback"]]);
    expect((await place.get()).get("n")).toBe(1);
  });

  test("a read whose response is lost is repeated", async () => {
    const place = open.collection().doc("one");
    await place.set({ n: 1 });
    plan("BatchGetDocuments", { kind: "lose-answer" });
    plan("RunQuery", { kind: "lose-answer" });
    const { calls } = await callsOf(async () => {
      await place.get();
      await place.parent.get();
    });
    expect(calls).toEqual(["BatchGetDocuments", "BatchGetDocuments", "RunQuery", "RunQuery"]);
  });

  test("a failed rollback causes no error", async () => {
    plan("Commit", { kind: "fail", code: 7 });
    plan("Rollback", { kind: "fail", code: 7 });
    const { outcome } = await transact(open.collection().doc("one"));
    expect(outcome).toMatchObject({ refused: "later", code: 7 });
  });
});
