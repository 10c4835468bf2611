import { describe, expect, test } from "@jest/globals";
import type { DocumentReference, Firestore } from "../../shared/ports/database.ts";
import { CODES, ours, useFaults } from "./faulty-databases.ts";

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

describe.each(ours)("failures through $name", (adapter) => {
  const { plan, callsOf, database, newCollection } = useFaults(adapter);

  test.each(CALLS)("$name is retried after certain codes only", async (call) => {
    const retried: number[] = [];
    for (const code of CODES) {
      plan(call.operation, { kind: "fail", code });
      const place = newCollection().doc("one");
      const { outcome, calls } = await callsOf(() => call.act(database(), place));
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
});
