import { FieldValue } from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect, ids, onGoogle } from "./support.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await connect();
});
afterAll(() => connection.close());

describe("a batch", () => {
  test("writes everything atomically", async () => {
    const collection = connection.collection();
    await collection.doc("gone").set({ n: 0 });
    await collection.doc("changed").set({ n: 0 });
    const batch = connection.database.batch();
    batch.create(collection.doc("created"), { n: 1 });
    batch.set(collection.doc("set"), { n: 2 });
    batch.update(collection.doc("changed"), { n: 3 });
    batch.delete(collection.doc("gone"));
    const results = await batch.commit();
    const found = await collection.get();
    expect(ids(found)).toEqual(["changed", "created", "set"]);
    const times = [
      ...results.map((result) => result.writeTime),
      ...found.docs.map((document) => document.updateTime),
    ];
    expect(new Set(times.map((time) => time.valueOf())).size).toBe(1);
    expect(times).toHaveLength(7);
  });

  test("writes nothing when one of its writes is refused", async () => {
    const collection = connection.collection();
    const batch = connection.database.batch();
    batch.set(collection.doc("a"), { n: 1 });
    batch.update(collection.doc("missing"), { n: 2 });
    batch.set(collection.doc("b"), { n: 3 });
    await expect(batch.commit()).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect((await collection.get()).empty).toBe(true);
  });

  test("applies several writes to one document in order", async () => {
    const document = connection.collection().doc("one");
    const batch = connection.database.batch();
    batch.set(document, { n: 1 });
    batch.update(document, { n: FieldValue.increment(1) });
    batch.update(document, { n: FieldValue.increment(5), last: true });
    await batch.commit();
    expect((await document.get()).data()).toEqual({ n: 7, last: true });
  });

  test("can delete a document and create it again, even with the same data", async () => {
    const document = connection.collection().doc("one");
    await document.set({ same: true });
    const batch = connection.database.batch().delete(document).create(document, { same: true });
    const [, created] = await batch.commit();
    const snapshot = await document.get();
    expect(snapshot.data()).toEqual({ same: true });
    expect(snapshot.createTime).toEqual(created?.writeTime);
  });

  test("cannot create the same document twice", async () => {
    const document = connection.collection().doc("one");
    const batch = connection.database.batch().create(document, { n: 1 }).create(document, { n: 2 });
    await expect(batch.commit()).rejects.toThrow(/ALREADY_EXISTS|INVALID_ARGUMENT/);
    expect((await document.get()).exists).toBe(false);
  });

  test("of more than five hundred writes is committed as one", async () => {
    const collection = connection.collection();
    const batch = connection.database.batch();
    for (let n = 0; n < 600; n++) batch.set(collection.doc(`d${n}`), { n });
    await batch.commit();
    expect((await collection.count().get()).data().count).toBe(600);
  });

  // Google's emulator lets a query see half a commit when it is busy; production's queries are
  // strongly consistent: https://cloud.google.com/firestore/docs/understand-reads-writes-scale
  if (!onGoogle) {
    test("is never seen half done", async () => {
      const collection = connection.collection();
      const write = (n: number) =>
        connection.database
          .batch()
          .set(collection.doc("left"), { n })
          .set(collection.doc("right"), { n })
          .commit();
      await write(0);
      let writing = true;
      const writer = (async () => {
        for (let n = 1; n <= 30; n++) await write(n);
        writing = false;
      })();
      let looks = 0;
      while (writing) {
        const [left, right] = (await collection.get()).docs;
        expect(left?.get("n")).toBe(right?.get("n"));
        looks += 1;
      }
      await writer;
      expect(looks).toBeGreaterThan(1);
    });
  }
});

describe("a bulk writer", () => {
  test("executes the valid writes and reports each invalid one separately", async () => {
    const collection = connection.collection();
    await collection.doc("taken").set({ n: 0 });
    const writer = connection.database.bulkWriter();
    writer.onWriteError(() => false);
    const outcomes = Promise.allSettled([
      writer.create(collection.doc("taken"), { n: 1 }),
      writer.set(collection.doc("set"), { n: 2 }),
      writer.update(collection.doc("missing"), { n: 3 }),
      writer.create(collection.doc("created"), { n: 4 }),
      writer.delete(collection.doc("nothing")),
    ]);
    await writer.close();
    const codes = (await outcomes).map((outcome) =>
      outcome.status === "fulfilled" ? status.OK : outcome.reason.code,
    );
    expect(codes).toEqual([
      status.ALREADY_EXISTS,
      status.OK,
      status.NOT_FOUND,
      status.OK,
      status.OK,
    ]);
    const stored = (await collection.get()).docs.map((found) => [found.id, found.get("n")]);
    expect(stored).toEqual([
      ["created", 4],
      ["set", 2],
      ["taken", 0],
    ]);
  });

  test("passes its error handler the failed write, the reason and the number of attempts, and retries if the handler says so", async () => {
    const document = connection.collection().doc("late");
    const writer = connection.database.bulkWriter();
    const errors: unknown[] = [];
    writer.onWriteError(({ code, operationType, documentRef, failedAttempts }) => {
      errors.push([code, operationType, documentRef.path, failedAttempts]);
      return failedAttempts < 2;
    });
    const outcome = Promise.allSettled([writer.update(document, { n: 1 })]);
    await writer.close();
    expect((await outcome)[0]?.status).toBe("rejected");
    expect(errors).toEqual([
      [status.NOT_FOUND, "update", document.path, 1],
      [status.NOT_FOUND, "update", document.path, 2],
    ]);
  });

  test("reports each success with its time", async () => {
    const collection = connection.collection();
    const writer = connection.database.bulkWriter();
    const written: string[] = [];
    writer.onWriteResult((document, result) => {
      expect(result.writeTime.toMillis()).toBeGreaterThan(0);
      written.push(document.id);
    });
    const names = Array.from({ length: 45 }, (_, n) => `d${n}`);
    for (const name of names) writer.set(collection.doc(name), { name });
    await writer.close();
    expect(written.sort()).toEqual(names.toSorted());
    expect((await collection.get()).size).toBe(45);
  });
});

describe("listing", () => {
  test("the collections of the root and of a document are listed by id", async () => {
    const root = connection.collection();
    const document = root.doc("parent");
    await document.collection("zebras").doc("1").set({ n: 1 });
    await document.collection("ants").doc("1").set({ n: 1 });
    await document.collection("ants").doc("2").collection("deeper").doc("1").set({ n: 1 });
    const inside = await document.listCollections();
    expect(inside.map((collection) => collection.id)).toEqual(["ants", "zebras"]);
    const roots = await connection.database.listCollections();
    expect(roots.map((collection) => collection.id)).toContain(root.id);
  });

  test("listed documents include those that only have subcollections", async () => {
    const collection = connection.collection();
    await collection.doc("b-missing").collection("children").doc("c").set({ n: 1 });
    await collection.doc("a-real").set({ n: 1 });
    await collection.doc("c-real").set({ n: 1 });
    const listed = await collection.listDocuments();
    expect(listed.map((document) => document.id)).toEqual(["a-real", "b-missing", "c-real"]);
    expect(ids(await collection.get())).toEqual(["a-real", "c-real"]);
  });

  test("an empty collection lists nothing", async () => {
    expect(await connection.collection().listDocuments()).toEqual([]);
    expect(await connection.collection().doc("none").listCollections()).toEqual([]);
  });

  test("a recursive delete removes a document with all below it and nothing beside it", async () => {
    const collection = connection.collection();
    const target = collection.doc("target");
    await target.set({ n: 1 });
    await target.collection("a").doc("1").set({ n: 1 });
    await target.collection("a").doc("2").collection("b").doc("3").set({ n: 1 });
    await collection.doc("target-2").collection("a").doc("1").set({ n: 1 });
    await collection.doc("neighbour").set({ n: 1 });
    await connection.database.recursiveDelete(target);
    const left = await collection.listDocuments();
    expect(left.map((document) => document.id)).toEqual(["neighbour", "target-2"]);
    expect((await connection.database.collectionGroup("b").get()).size).toBe(0);
  });

  test("a recursive delete of a collection empties it at every depth", async () => {
    const collection = connection.collection();
    for (let n = 0; n < 30; n++) {
      await collection.doc(`d${n}`).collection("inner").doc("x").set({ n });
    }
    await connection.database.recursiveDelete(collection);
    expect(await collection.listDocuments()).toEqual([]);
  });
});
