import { AggregateField, type CollectionReference, Timestamp } from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect, onGoogle, signal } from "./support.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await connect();
});
afterAll(() => connection.close());

const DAY_MS = 86_400_000;

/** Google's emulator lets rivals wait for seconds, so it gets few of them, and time. */
const CONTENTION_TIMEOUT_MS = 120_000;
const rivals = onGoogle ? 8 : 30;

describe("a transaction", () => {
  test("reads, writes atomically, and returns what its function returns", async () => {
    const collection = connection.collection();
    await collection.doc("a").set({ n: 1 });
    const result = await connection.database.runTransaction(async (transaction) => {
      const [a, b] = await transaction.getAll(collection.doc("a"), collection.doc("b"));
      transaction.update(collection.doc("a"), { n: 2 });
      transaction.create(collection.doc("b"), { n: 3 });
      return [a?.get("n"), b?.exists];
    });
    expect(result).toEqual([1, false]);
    const { docs } = await collection.get();
    expect(docs.map((document) => document.get("n"))).toEqual([2, 3]);
    expect(docs[0]?.updateTime).toEqual(docs[1]?.updateTime);
  });

  test("writes nothing when its function throws, and leaves no lock behind", async () => {
    const document = connection.collection().doc("one");
    await document.set({ n: 1 });
    const failing = connection.database.runTransaction(async (transaction) => {
      await transaction.get(document);
      transaction.update(document, { n: 2 });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect((await document.get()).get("n")).toBe(1);
    await document.update({ n: 3 });
    expect((await document.get()).get("n")).toBe(3);
  });

  test("writes nothing when one of its writes is refused, and is not tried again", async () => {
    const collection = connection.collection();
    let attempts = 0;
    const failing = connection.database.runTransaction(async (transaction) => {
      attempts += 1;
      await transaction.get(collection.doc("a"));
      transaction.set(collection.doc("a"), { n: 1 });
      transaction.update(collection.doc("missing"), { n: 1 });
    });
    await expect(failing).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect(attempts).toBe(1);
    expect((await collection.get()).empty).toBe(true);
  });

  test("cannot create what exists", async () => {
    const document = connection.collection().doc("one");
    await document.set({ n: 1 });
    const failing = connection.database.runTransaction(async (transaction) => {
      transaction.create(document, { n: 2 });
    });
    await expect(failing).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
  });

  test("obeys the preconditions of its writes", async () => {
    const document = connection.collection().doc("one");
    const { writeTime } = await document.set({ n: 1 });
    await document.set({ n: 2 });
    const failing = connection.database.runTransaction(async (transaction) => {
      await transaction.get(document);
      transaction.delete(document, { lastUpdateTime: writeTime });
    });
    await expect(failing).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    expect((await document.get()).get("n")).toBe(2);
  });

  test("has to read before it writes", async () => {
    const document = connection.collection().doc("one");
    const failing = connection.database.runTransaction(async (transaction) => {
      transaction.set(document, { n: 1 });
      await transaction.get(document);
    });
    await expect(failing).rejects.toThrow("all reads to be executed before all writes");
  });

  test.each<readonly [string, (collection: CollectionReference) => Promise<unknown>]>([
    ["adds", (collection) => collection.doc("new").set({ kind: "wanted" })],
    ["alters", (collection) => collection.doc("there").update({ n: 2 })],
    ["takes out", (collection) => collection.doc("there").update({ kind: "unwanted" })],
    ["deletes", (collection) => collection.doc("there").delete()],
  ])(
    "sees the same each time it queries, whatever a plain write %s meanwhile",
    async (_, write) => {
      const collection = connection.collection();
      await collection.doc("there").set({ kind: "wanted", n: 1 });
      const inside = collection.where("kind", "==", "wanted");
      const writes: Promise<unknown>[] = [];
      const [before, counted, after] = await connection.database.runTransaction(
        async (transaction) => {
          const first = await transaction.get(inside);
          if (writes.length === 0) writes.push(write(collection));
          const count = await transaction.get(inside.count());
          const second = await transaction.get(inside);
          return [first, count.data().count, second];
        },
      );
      expect(after.docs.map((document) => [document.id, document.data()])).toEqual(
        before.docs.map((document) => [document.id, document.data()]),
      );
      expect(counted).toBe(before.size);
      await Promise.all(writes);
    },
  );

  test("never overwrites a plain write that came after it had read", async () => {
    const document = connection.collection().doc("one");
    await document.set({ n: 0 });
    const plain: Promise<unknown>[] = [];
    await connection.database.runTransaction(async (transaction) => {
      const { n } = (await transaction.get(document)).data() ?? {};
      if (plain.length === 0) plain.push(document.set({ n: 100 }));
      transaction.update(document, { n: n + 1 });
    });
    await Promise.all(plain);
    expect([100, 101]).toContain((await document.get()).get("n"));
  });
});

describe("concurrent transactions", () => {
  test(
    `lose no update: ${rivals} increments all count`,
    async () => {
      const document = connection.collection().doc("counter");
      await document.set({ n: 0 });
      const increment = () =>
        connection.database.runTransaction(
          async (transaction) => {
            const { n } = (await transaction.get(document)).data() ?? {};
            transaction.update(document, { n: n + 1 });
          },
          { maxAttempts: 50 },
        );
      await Promise.all(Array.from({ length: rivals }, increment));
      expect((await document.get()).get("n")).toBe(rivals);
    },
    CONTENTION_TIMEOUT_MS,
  );

  test("cannot both act on what the other is changing", async () => {
    const [left, right] = ["left", "right"].map((id) => connection.collection().doc(id));
    if (!left || !right) throw new Error("two documents were made");
    await Promise.all([left.set({ onCall: true }), right.set({ onCall: true })]);
    const goHome = (me: typeof left, other: typeof left) =>
      connection.database.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(other);
        if (snapshot.get("onCall")) transaction.update(me, { onCall: false });
      });
    await Promise.all([goHome(left, right), goHome(right, left)]);
    const onCall = await connection.database.getAll(left, right);
    expect(onCall.filter((snapshot) => snapshot.get("onCall"))).toHaveLength(1);
  });

  test("cannot both act on what a query of theirs does not find yet, but the other adds", async () => {
    const [left, right] = [connection.collection(), connection.collection()];
    const claim = (mine: CollectionReference, others: CollectionReference) =>
      connection.database.runTransaction(async (transaction) => {
        const { empty } = await transaction.get(others.where("taken", "==", true));
        if (empty) transaction.set(mine.doc(), { taken: true });
      });
    await Promise.all([claim(left, right), claim(right, left)]);
    expect((await left.get()).size + (await right.get()).size).toBe(1);
  });

  test("cannot both add what a query of either found missing", async () => {
    const collection = connection.collection();
    const book = (id: string) =>
      connection.database.runTransaction(async (transaction) => {
        const taken = await transaction.get(collection.where("hour", "==", 9));
        if (taken.empty) transaction.create(collection.doc(id), { hour: 9 });
      });
    await Promise.all(["a", "b", "c"].map(book));
    expect((await collection.get()).size).toBe(1);
  });

  test("cannot both add up to a limit that an aggregate of either saw free", async () => {
    const collection = connection.collection();
    await collection.doc("first").set({ cents: 60 });
    const spend = (id: string) =>
      connection.database.runTransaction(async (transaction) => {
        const spent = collection.aggregate({ cents: AggregateField.sum("cents") });
        const { cents } = (await transaction.get(spent)).data();
        if (cents + 40 <= 100) transaction.create(collection.doc(id), { cents: 40 });
      });
    await Promise.all(["a", "b", "c"].map(spend));
    expect((await collection.get()).size).toBe(2);
  });

  test("cannot both create a document that was missing for both", async () => {
    const document = connection.collection().doc("one");
    const claim = (owner: number) =>
      connection.database.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(document);
        if (snapshot.exists) return snapshot.get("owner");
        transaction.create(document, { owner });
        return owner;
      });
    const owners = await Promise.all([1, 2, 3].map(claim));
    expect(owners).toEqual(Array(3).fill((await document.get()).get("owner")));
  });

  test("that touch different documents do not wait for each other", async () => {
    const collection = connection.collection();
    const [firstHasRead, secondIsDone] = [signal(), signal()];
    const first = connection.database.runTransaction(async (transaction) => {
      await transaction.get(collection.doc("a"));
      firstHasRead.raise();
      await secondIsDone.wait();
      transaction.set(collection.doc("a"), { n: 1 });
    });
    await firstHasRead.wait();
    await connection.database.runTransaction(async (transaction) => {
      await transaction.get(collection.doc("b"));
      transaction.set(collection.doc("b"), { n: 2 });
    });
    secondIsDone.raise();
    await first;
    expect((await collection.get()).size).toBe(2);
  });
});

describe("a read-only transaction", () => {
  const readOnly = { readOnly: true } as const;

  test("sees one point in time in all its reads while writers continue", async () => {
    const collection = connection.collection();
    const write = (n: number) =>
      connection.database
        .batch()
        .set(collection.doc("a"), { n })
        .set(collection.doc("b"), { n })
        .set(collection.doc(`extra-${n}`), { n })
        .commit();
    await write(1);
    const views = await connection.database.runTransaction(async (transaction) => {
      const a = await transaction.get(collection.doc("a"));
      await write(2);
      const b = await transaction.get(collection.doc("b"));
      await write(3);
      const all = await transaction.get(collection);
      const count = await transaction.get(collection.where("n", ">", 1).count());
      return [a.get("n"), b.get("n"), all.size, count.data().count];
    }, readOnly);
    expect(views).toEqual([1, 1, 3, 0]);
  });

  test("at a past time sees documents, queries and counts as they were then", async () => {
    const collection = connection.collection();
    await collection.doc("a").set({ n: 1 });
    const { writeTime: readTime } = await collection.doc("b").set({ n: 1 });
    await collection.doc("a").set({ n: 2 });
    await collection.doc("b").delete();
    await collection.doc("c").set({ n: 1 });
    const views = await connection.database.runTransaction(
      async (transaction) => {
        const [a, c] = await transaction.getAll(collection.doc("a"), collection.doc("c"));
        const ones = await transaction.get(collection.where("n", "==", 1));
        const count = await transaction.get(collection.count());
        return [a?.get("n"), c?.exists, ones.docs.map(({ id }) => id), count.data().count];
      },
      { ...readOnly, readTime },
    );
    expect(views).toEqual([1, false, ["a", "b"], 2]);
  });

  test.each([
    ["in the future", DAY_MS, status.INVALID_ARGUMENT],
    ["long past", -30 * DAY_MS, status.FAILED_PRECONDITION],
  ])("cannot read %s", async (_when, offsetMs, code) => {
    const document = connection.collection().doc("one");
    const { writeTime } = await document.set({ n: 1 });
    const readTime = Timestamp.fromMillis(writeTime.toMillis() + offsetMs);
    const reading = connection.database.runTransaction((transaction) => transaction.get(document), {
      ...readOnly,
      readTime,
    });
    await expect(reading).rejects.toMatchObject({ code });
  });

  test("cannot write", async () => {
    const document = connection.collection().doc("one");
    const writing = connection.database.runTransaction(async (transaction) => {
      transaction.set(document, { n: 1 });
    }, readOnly);
    await expect(writing).rejects.toThrow("read-only transactions cannot execute writes");
    expect((await document.get()).exists).toBe(false);
  });
});
