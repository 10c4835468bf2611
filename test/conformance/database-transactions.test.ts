import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CollectionReference, Firestore, Transaction } from "../../shared/ports/database.ts";
import { adapters, type OpenDatabase, outcomeOf } from "./databases.ts";

/** Google's emulator makes conflicting transactions wait for seconds. */
const TIMEOUT_MS = 120_000;

const READS_FIRST = "Firestore transactions require all reads to be executed before all writes.";
const READ_ONLY = "Firestore read-only transactions cannot execute writes.";

/** Increments a number in a transaction. */
async function increment(transaction: Transaction, collection: CollectionReference, id: string) {
  const place = collection.doc(id);
  const n = (await transaction.get(place)).get("n");
  transaction.update(place, { n: Number(n) + 1 });
}

describe.each(adapters)("transactions through $name", (adapter) => {
  let open: OpenDatabase;
  let database: Firestore;
  beforeAll(async () => {
    open = await adapter.open();
    ({ database } = open);
  });
  afterAll(() => open.close());

  test("read in every way, write atomically, and return what their function returns", async () => {
    const collection = open.collection();
    await collection.doc("a").set({ n: 1 });
    const result = await database.runTransaction(async (transaction) => {
      const query = collection.where("n", "==", 1);
      const one = await transaction.get(collection.doc("a"));
      const [b, a] = await transaction.getAll(collection.doc("b"), collection.doc("a"));
      const found = await transaction.get(query);
      const counted = await transaction.get(query.count());
      const sum = await database.sum(query, "n", transaction);
      transaction
        .update(collection.doc("a"), { n: 2 })
        .create(collection.doc("b"), { n: 3 })
        .set(collection.doc("c"), { n: 4 })
        .delete(collection.doc("missing"));
      return [one.get("n"), b?.exists, a?.id, found.size, counted.data().count, sum];
    });
    expect(result).toEqual([1, false, "a", 1, 1, 1]);
    const { docs } = await collection.get();
    expect(docs.map((document) => document.get("n"))).toEqual([2, 3, 4]);
    expect(new Set(docs.map(({ updateTime }) => updateTime.nanoseconds)).size).toBe(1);
  });

  test("can read several documents at once, and write without reading", async () => {
    const collection = open.collection();
    const seen = await database.runTransaction(async (transaction) => {
      const reads = ["a", "b"].map((id) => transaction.get(collection.doc(id)));
      const snapshots = await Promise.all([...reads, transaction.get(collection.doc("c"))]);
      transaction.set(collection.doc("a"), { n: 1 });
      return snapshots.map(({ exists }) => exists);
    });
    expect(seen).toEqual([false, false, false]);
    await database.runTransaction(async (transaction) => {
      transaction.set(collection.doc("b"), { n: 1 });
    });
    expect(await database.runTransaction(async () => "nothing")).toBe("nothing");
    expect((await collection.get()).size).toBe(2);
  });

  test("write nothing if their function fails, and leave no lock behind", async () => {
    const collection = open.collection();
    await collection.doc("a").set({ n: 1 });
    let attempts = 0;
    const outcome = await outcomeOf(() =>
      database.runTransaction(async (transaction) => {
        attempts += 1;
        await increment(transaction, collection, "a");
        throw new Error("changed my mind");
      }),
    );
    expect(outcome).toEqual({ refused: "later", code: undefined, message: "changed my mind" });
    expect(attempts).toBe(1);
    await collection.doc("a").update({ n: 5 });
    expect((await collection.doc("a").get()).get("n")).toBe(5);
  });

  test.each<
    readonly [string, number, (transaction: Transaction, all: CollectionReference) => unknown]
  >([
    ["a create of what is there", 6, (transaction, all) => transaction.create(all.doc("a"), {})],
    [
      "an update of what is not",
      5,
      (transaction, all) => transaction.update(all.doc("b"), { n: 1 }),
    ],
    [
      "a value that cannot be",
      3,
      (transaction, all) => transaction.set(all.doc("b"), { n: [[1]] }),
    ],
  ])("are fully undone by %s, and not retried", async (_name, code, write) => {
    const collection = open.collection();
    await collection.doc("a").set({ n: 1 });
    let attempts = 0;
    const outcome = await outcomeOf(() =>
      database.runTransaction(async (transaction) => {
        attempts += 1;
        await transaction.get(collection.doc("a"));
        transaction.set(collection.doc("c"), { n: 1 });
        write(transaction, collection);
      }),
    );
    expect(outcome).toMatchObject({ refused: "later", code });
    expect(attempts).toBe(1);
    expect((await collection.get()).docs.map(({ id }) => id)).toEqual(["a"]);
  });

  test("obey the preconditions of their writes", async () => {
    const collection = open.collection();
    const { writeTime } = await collection.doc("a").set({ n: 1 });
    await collection.doc("a").set({ n: 2 });
    const outcome = await outcomeOf(() =>
      database.runTransaction(async (transaction) => {
        transaction.update(collection.doc("a"), { n: 3 }, { lastUpdateTime: writeTime });
      }),
    );
    expect(outcome).toMatchObject({ refused: "later", code: 9 });
  });

  test.each<readonly [string, (transaction: Transaction, all: CollectionReference) => unknown]>([
    ["a document", (transaction, all) => transaction.get(all.doc("a"))],
    ["documents", (transaction, all) => transaction.getAll(all.doc("a"))],
    ["a query", (transaction, all) => transaction.get(all.where("n", "==", 1))],
    ["a count", (transaction, all) => transaction.get(all.count())],
    ["a sum", (transaction, all) => database.sum(all, "n", transaction)],
  ])("cannot read %s after a write", async (_name, read) => {
    const collection = open.collection();
    const outcome = await outcomeOf(() =>
      database.runTransaction(async (transaction) => {
        transaction.set(collection.doc("a"), { n: 1 });
        await read(transaction, collection);
      }),
    );
    expect(outcome).toEqual({ refused: "later", code: undefined, message: READS_FIRST });
    expect((await collection.get()).empty).toBe(true);
  });

  test("refuse invalid reads, and functions that return no promise", async () => {
    const other = { path: "a/b" } as never;
    expect(
      await outcomeOf(() => database.runTransaction((transaction) => transaction.get(other))),
    ).toMatchObject({
      message:
        'Value for argument "refOrQuery" must be a DocumentReference, Query, or AggregateQuery.',
    });
    expect(await outcomeOf(() => database.runTransaction((() => 1) as never))).toEqual({
      refused: "later",
      code: undefined,
      message: "You must return a Promise in your transaction()-callback.",
    });
  });

  test("that have ended cannot be written to", async () => {
    const collection = open.collection();
    const kept = await database.runTransaction(async (transaction) => {
      transaction.set(collection.doc("a"), { n: 1 });
      return transaction;
    });
    expect(await outcomeOf(() => kept.set(collection.doc("b"), {}))).toEqual({
      refused: "at once",
      code: undefined,
      message: "Cannot modify a WriteBatch that has been committed.",
    });
  });

  test(
    "lose no concurrent update",
    async () => {
      const collection = open.collection();
      await collection.doc("a").set({ n: 0 });
      const clients = [database, open.rival, database, open.rival];
      await Promise.all(
        clients.map((client) =>
          client.runTransaction((transaction) =>
            increment(transaction, client.collection(collection.path), "a"),
          ),
        ),
      );
      expect((await collection.doc("a").get()).get("n")).toBe(clients.length);
    },
    TIMEOUT_MS,
  );

  test(
    "are retried if two have read what the other changes",
    async () => {
      const collection = open.collection();
      await collection.doc("a").set({ n: 0 });
      await collection.doc("b").set({ n: 0 });
      const { promise: bothHaveRead, resolve } = Promise.withResolvers<void>();
      let reads = 0;
      let attempts = 0;
      const move = (client: Firestore, from: string, to: string) =>
        client.runTransaction(async (transaction) => {
          attempts += 1;
          const mine = client.collection(collection.path);
          const n = Number((await transaction.get(mine.doc(from))).get("n"));
          reads += 1;
          if (reads === 2) resolve();
          await bothHaveRead;
          transaction.update(mine.doc(to), { n: n + 1 });
        });
      await Promise.all([move(database, "a", "b"), move(open.rival, "b", "a")]);
      const [a, b] = await database.getAll(collection.doc("a"), collection.doc("b"));
      // They ran one after the other: the second saw what the first had written.
      expect([a?.get("n"), b?.get("n")].sort()).toEqual([1, 2]);
      expect(attempts).toBeGreaterThan(2);
    },
    TIMEOUT_MS,
  );

  // Google's emulator does not say when a write has begun to wait.
  if (!adapter.isGoogles) {
    test("wait in a query for pending writes to its results", async () => {
      const collection = open.collection();
      await collection.doc("a").set({ n: 1 });
      const { promise: canEnd, resolve: end } = Promise.withResolvers<void>();
      const { promise: hasRead, resolve: read } = Promise.withResolvers<void>();
      const holding = database.runTransaction(async (transaction) => {
        await transaction.get(collection.doc("a"));
        read();
        await canEnd;
      });
      await hasRead;
      const commitArrives = open.faults.arrivalOf("Commit");
      const writing = open.rival.doc(collection.doc("a").path).set({ n: 5 });
      await commitArrives;
      const queryArrives = open.faults.arrivalOf("RunQuery");
      let hasSeen = false;
      const seeing = database.runTransaction(async (transaction) => {
        const found = await transaction.get(collection.where("n", ">", 3));
        hasSeen = true;
        return found.docs.map((document) => document.get("n"));
      });
      await queryArrives;
      expect(hasSeen).toBe(false);
      end();
      expect(await seeing).toEqual([5]);
      await Promise.all([holding, writing]);
    });
  }

  describe("that only read", () => {
    const readOnly = { readOnly: true } as const;

    test("see one point in time, whatever is written meanwhile", async () => {
      const collection = open.collection();
      await collection.doc("a").set({ n: 1 });
      const seen = await database.runTransaction(async (transaction) => {
        const first = await transaction.get(collection.doc("a"));
        await open.rival.doc(collection.doc("a").path).set({ n: 2 });
        await open.rival.doc(collection.doc("b").path).set({ n: 2 });
        const [again] = await transaction.getAll(collection.doc("a"));
        const all = await transaction.get(collection);
        const sum = await database.sum(collection, "n", transaction);
        return [first.get("n"), again?.get("n"), all.size, sum];
      }, readOnly);
      expect(seen).toEqual([1, 1, 1, 1]);
    });

    test("see an earlier point in time if they name one", async () => {
      const collection = open.collection();
      const { writeTime: readTime } = await collection.doc("a").set({ n: 1 });
      await collection.doc("a").set({ n: 2 });
      await collection.doc("b").set({ n: 2 });
      const seen = await database.runTransaction(
        async (transaction) => {
          const [a, b] = await transaction.getAll(collection.doc("a"), collection.doc("b"));
          const all = await transaction.get(collection.where("n", ">", 0));
          const count = await transaction.get(collection.count());
          return [a?.get("n"), b?.exists, all.size, count.data().count];
        },
        { ...readOnly, readTime },
      );
      expect(seen).toEqual([1, false, 1, 1]);
    });

    test("cannot write, and are not retried", async () => {
      const place = open.collection().doc("a");
      let attempts = 0;
      const outcome = await outcomeOf(() =>
        database.runTransaction(async (transaction) => {
          attempts += 1;
          transaction.set(place, { n: 1 });
        }, readOnly),
      );
      expect(outcome).toEqual({ refused: "later", code: undefined, message: READ_ONLY });
      expect(attempts).toBe(1);
    });

    test("refuse an invalid or future time", async () => {
      const place = open.collection().doc("a");
      const readAt = (readTime: never) =>
        outcomeOf(() =>
          database.runTransaction((transaction) => transaction.get(place), {
            ...readOnly,
            readTime,
          }),
        );
      expect(await readAt(new Date(0) as never)).toMatchObject({
        message: 'Value for argument "transactionOptions.readTime" is not a valid Timestamp.',
      });
      const { writeTime } = await place.set({ n: 1 });
      await place.set({ later: new Date(writeTime.toMillis() + 3_600_000) });
      const later = (await place.get()).get("later");
      expect(await readAt(later as never)).toMatchObject({ refused: "later", code: 3 });
    });
  });
});
