import type {
  CollectionReference,
  DocumentReference,
  DocumentSnapshot,
  Query,
  QuerySnapshot,
} from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect, ids, onGoogle } from "./support.ts";

let connection: Connection;
let watches: Watch<unknown>[] = [];
beforeAll(async () => {
  connection = await connect();
});
afterEach(() => {
  for (const watch of watches) watch.stop();
  watches = [];
});
afterAll(() => connection.close());

/** A listener whose snapshots wait in line. */
interface Watch<T> {
  /** The next snapshot, once it has come; throws what ended the listener instead. */
  next(): Promise<T>;
  /** The first snapshot from here on that `wanted` holds for. */
  until(wanted: (snapshot: T) => boolean): Promise<T>;
  /** How many snapshots have come and not been taken. */
  waiting(): number;
  stop(): void;
}

function watching<T>(
  start: (onNext: (snapshot: T) => void, onError: (error: Error) => void) => () => void,
): Watch<T> {
  const line: (() => T)[] = [];
  let arrived = Promise.withResolvers<void>();
  const arrive = (take: () => T) => {
    line.push(take);
    arrived.resolve();
    arrived = Promise.withResolvers();
  };
  const stop = start(
    (snapshot) => arrive(() => snapshot),
    (error) =>
      arrive(() => {
        throw error;
      }),
  );
  const next = async () => {
    while (line.length === 0) await arrived.promise;
    const take = line.shift() ?? (() => Promise.reject(new Error("The line was not empty")));
    return take() as T;
  };
  const until = async (wanted: (snapshot: T) => boolean) => {
    for (;;) {
      const snapshot = await next();
      if (wanted(snapshot)) return snapshot;
    }
  };
  const watch = { next, until, stop, waiting: () => line.length };
  watches.push(watch);
  return watch;
}

const watchDocument = (document: DocumentReference) =>
  watching<DocumentSnapshot>((onNext, onError) => document.onSnapshot(onNext, onError));
const watchQuery = (query: Query) =>
  watching<QuerySnapshot>((onNext, onError) => query.onSnapshot(onNext, onError));

/** The changes as the SDK reports them: the kind, the document, the old and the new place. */
const changesIn = (snapshot: QuerySnapshot) =>
  snapshot
    .docChanges()
    .map(({ type, doc, oldIndex, newIndex }) => [type, doc.id, oldIndex, newIndex]);

async function fill(collection: CollectionReference, numbers: Record<string, number>) {
  const batch = connection.database.batch();
  for (const [id, n] of Object.entries(numbers)) batch.set(collection.doc(id), { n });
  await batch.commit();
  return collection;
}

describe("a listener on a document", () => {
  test("receives the current state first, then each change until it ends", async () => {
    const document = connection.collection().doc("one");
    const watch = watchDocument(document);
    expect((await watch.next()).exists).toBe(false);
    const created = await document.create({ n: 1 });
    const first = await watch.next();
    expect([first.data(), first.createTime]).toEqual([{ n: 1 }, created.writeTime]);
    const updated = await document.update({ n: 2 });
    const second = await watch.next();
    expect([second.data(), second.updateTime]).toEqual([{ n: 2 }, updated.writeTime]);
    await document.delete();
    expect((await watch.next()).exists).toBe(false);
    await document.set({ n: 3 });
    expect((await watch.next()).data()).toEqual({ n: 3 });
  });

  test("begins with the document when there is one", async () => {
    const document = connection.collection().doc("one");
    await document.set({ list: [1, { deep: null }] });
    expect((await watchDocument(document).next()).data()).toEqual({ list: [1, { deep: null }] });
  });

  test("is not notified of other documents, nor of writes that change nothing", async () => {
    const collection = await fill(connection.collection(), { mine: 1 });
    const watch = watchDocument(collection.doc("mine"));
    await watch.next();
    await collection.doc("other").set({ n: 1 });
    await collection.doc("mine").set({ n: 1 });
    await collection.doc("mine").set({ n: 2 });
    expect((await watch.next()).get("n")).toBe(2);
  });
});

describe("a listener on a query", () => {
  test("receives all existing documents first, as added", async () => {
    const collection = await fill(connection.collection(), { b: 2, a: 1, c: 3 });
    const snapshot = await watchQuery(collection.orderBy("n")).next();
    expect(ids(snapshot)).toEqual(["a", "b", "c"]);
    expect(changesIn(snapshot)).toEqual([
      ["added", "a", -1, 0],
      ["added", "b", -1, 1],
      ["added", "c", -1, 2],
    ]);
  });

  test("of nothing receives an empty snapshot", async () => {
    const snapshot = await watchQuery(connection.collection()).next();
    expect([snapshot.empty, snapshot.docChanges()]).toEqual([true, []]);
  });

  test("receives each document that is added, modified or removed, with its place", async () => {
    const collection = await fill(connection.collection(), { a: 1, c: 3 });
    const watch = watchQuery(collection.orderBy("n"));
    await watch.next();
    await collection.doc("b").set({ n: 2 });
    expect(changesIn(await watch.next())).toEqual([["added", "b", -1, 1]]);
    await collection.doc("c").update({ more: true });
    expect(changesIn(await watch.next())).toEqual([["modified", "c", 2, 2]]);
    await collection.doc("a").delete();
    const last = await watch.next();
    expect(changesIn(last)).toEqual([["removed", "a", 0, -1]]);
    expect(ids(last)).toEqual(["b", "c"]);
  });

  test("receives a document's old and new place", async () => {
    const collection = await fill(connection.collection(), { a: 1, b: 2, c: 3 });
    const watch = watchQuery(collection.orderBy("n"));
    await watch.next();
    await collection.doc("a").update({ n: 9 });
    const moved = await watch.next();
    expect(changesIn(moved)).toEqual([["modified", "a", 0, 2]]);
    expect(ids(moved)).toEqual(["b", "c", "a"]);
  });

  test("sees documents come into its filter and leave it", async () => {
    const collection = await fill(connection.collection(), { a: 1, b: 20 });
    const watch = watchQuery(collection.where("n", ">", 10).orderBy("n"));
    expect(ids(await watch.next())).toEqual(["b"]);
    await collection.doc("a").update({ n: 30 });
    expect(changesIn(await watch.next())).toEqual([["added", "a", -1, 1]]);
    await collection.doc("b").update({ n: 2 });
    expect(changesIn(await watch.next())).toEqual([["removed", "b", 0, -1]]);
    await collection.doc("c").set({ n: 5 });
    await collection.doc("a").update({ n: 31 });
    expect(changesIn(await watch.next())).toEqual([["modified", "a", 0, 0]]);
  });

  test("with a limit sees the next document slide in", async () => {
    const collection = await fill(connection.collection(), { a: 1, b: 2, c: 3 });
    const watch = watchQuery(collection.orderBy("n").limit(2));
    expect(ids(await watch.next())).toEqual(["a", "b"]);
    await collection.doc("a").delete();
    const slid = await watch.until((snapshot) => snapshot.size === 2);
    expect(ids(slid)).toEqual(["b", "c"]);
    await collection.doc("z").set({ n: 0 });
    const pushed = await watch.until((snapshot) => ids(snapshot)[0] === "z");
    expect(ids(pushed)).toEqual(["z", "b"]);
  });

  test("with limitToLast sees the last ones, in order", async () => {
    const collection = await fill(connection.collection(), { a: 1, b: 2, c: 3 });
    const watch = watchQuery(collection.orderBy("n").limitToLast(2));
    expect(ids(await watch.next())).toEqual(["b", "c"]);
    await collection.doc("d").set({ n: 4 });
    const pushed = await watch.until((snapshot) => ids(snapshot).includes("d"));
    expect(ids(pushed)).toEqual(["c", "d"]);
  });

  test("between cursors sees only what lies there", async () => {
    const collection = await fill(connection.collection(), { a: 1, b: 2, c: 3 });
    const watch = watchQuery(collection.orderBy("n").startAfter(1).endAt(3));
    expect(ids(await watch.next())).toEqual(["b", "c"]);
    await collection.doc("d").set({ n: 4 });
    await collection.doc("e").set({ n: 2.5 });
    expect(changesIn(await watch.next())).toEqual([["added", "e", -1, 1]]);
  });

  test("sees a batch and a transaction whole, each in one snapshot", async () => {
    const collection = await fill(connection.collection(), { a: 1, b: 2 });
    const watch = watchQuery(collection.orderBy("n"));
    await watch.next();
    await connection.database
      .batch()
      .delete(collection.doc("a"))
      .update(collection.doc("b"), { n: 5 })
      .set(collection.doc("c"), { n: 3 })
      .set(collection.doc("d"), { n: 4 })
      .commit();
    const batched = await watch.next();
    expect(ids(batched)).toEqual(["c", "d", "b"]);
    expect(changesIn(batched).map(([type]) => type)).toEqual([
      "removed",
      "added",
      "added",
      "modified",
    ]);
    await connection.database.runTransaction(async (transaction) => {
      const { docs } = await transaction.get(collection);
      for (const { ref } of docs) transaction.update(ref, { n: 0 });
    });
    expect((await watch.next()).docs.map((document) => document.get("n"))).toEqual([0, 0, 0]);
  });

  test("on a collection group receives every collection of that name", async () => {
    const name = connection.collection().id;
    const watch = watchQuery(connection.database.collectionGroup(name));
    expect((await watch.next()).size).toBe(0);
    await connection.database.doc(`parents/p/${name}/x`).set({ n: 1 });
    expect(ids(await watch.next())).toEqual(["x"]);
  });

  test("ends with the error when the query is refused", async () => {
    const watch = watchQuery(connection.collection().where("__x__", "==", 1));
    await expect(watch.next()).rejects.toThrow(`Error ${status.INVALID_ARGUMENT}`);
  });
});

describe("listeners", () => {
  test("that are stopped receive nothing more", async () => {
    const collection = connection.collection();
    const [stopped, running] = [watchQuery(collection), watchQuery(collection)];
    await Promise.all([stopped.next(), running.next()]);
    stopped.stop();
    await collection.doc("a").set({ n: 1 });
    await running.next();
    await collection.doc("b").set({ n: 1 });
    await running.next();
    expect(stopped.waiting()).toBe(0);
  });

  test("of other clients receive the same", async () => {
    const collection = connection.collection();
    const elsewhere = connection.client().collection(collection.id);
    const [here, there] = [watchQuery(collection), watchQuery(elsewhere)];
    await Promise.all([here.next(), there.next()]);
    await collection.doc("a").set({ n: 1 });
    const heard = await Promise.all([here.next(), there.next()]);
    expect(heard.map(changesIn)).toEqual(Array(2).fill([["added", "a", -1, 0]]));
  });

  test("end up with the database's contents after many concurrent writes", async () => {
    const collection = connection.collection();
    const query = collection.where("n", ">", 1).orderBy("n", "desc").limit(5);
    const watch = watchQuery(query);
    const writes = Array.from({ length: 60 }, (_, step) => {
      const document = collection.doc(`d${(step * 7) % 12}`);
      return step % 5 === 4 ? document.delete() : document.set({ n: (step * 13) % 17 });
    });
    await Promise.all(writes);
    await collection.doc("last").set({ n: 99 });
    const expected = (await query.get()).docs.map((document) => document.data());
    const settled = await watch.until((snapshot) => ids(snapshot)[0] === "last");
    expect(settled.docs.map((document) => document.data())).toEqual(expected);
  });
});

/* Google's emulator answers every query: https://firebase.google.com/docs/emulator-suite/connect_firestore#how_the_emulator_differs_from_production */
if (!onGoogle) {
  test("a listener whose query lacks its composite index receives the error", async () => {
    const query = connection.collection().where("a", "==", 1).orderBy("b");
    await expect(watchQuery(query).next()).rejects.toThrow(`Error ${status.FAILED_PRECONDITION}`);
  });
}
