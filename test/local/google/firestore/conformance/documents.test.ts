import { FieldPath, FieldValue, Timestamp } from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect } from "./support.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await connect();
});
afterAll(() => connection.close());

const newDocument = () => connection.collection().doc("one");

describe("reading", () => {
  test("a document that was never written does not exist", async () => {
    const snapshot = await newDocument().get();
    expect(snapshot.exists).toBe(false);
    expect(snapshot.data()).toBeUndefined();
    expect(snapshot.updateTime).toBeUndefined();
  });

  test("a document is read back as it was written, with the times of its writes", async () => {
    const document = newDocument();
    const created = await document.set({ name: "first" });
    const updated = await document.set({ name: "second" });
    const snapshot = await document.get();
    expect(snapshot.data()).toEqual({ name: "second" });
    expect(snapshot.createTime).toEqual(created.writeTime);
    expect(snapshot.updateTime).toEqual(updated.writeTime);
    expect(updated.writeTime > created.writeTime).toBe(true);
    expect(snapshot.readTime >= updated.writeTime).toBe(true);
  });

  test("getAll answers in the order asked, with the missing ones in their places", async () => {
    const collection = connection.collection();
    await collection.doc("a").set({ n: 1 });
    await collection.doc("b").set({ n: 2 });
    const [b, missing, a, again] = await connection.database.getAll(
      collection.doc("b"),
      collection.doc("missing"),
      collection.doc("a"),
      collection.doc("b"),
    );
    expect([b?.get("n"), missing?.exists, a?.get("n"), again?.get("n")]).toEqual([2, false, 1, 2]);
  });

  test("a field mask limits what getAll returns, down into maps and through quoted names", async () => {
    const document = newDocument();
    await document.set({ a: { x: 1, y: 2 }, "b.c": 3, d: 4 });
    const [snapshot] = await connection.database.getAll(document, {
      fieldMask: ["a.x", new FieldPath("b.c"), "absent"],
    });
    expect(snapshot?.data()).toEqual({ a: { x: 1 }, "b.c": 3 });
  });

  test("a snapshot knows a reference to itself that leads back to the same document", async () => {
    const document = newDocument();
    await document.set({ here: true });
    const snapshot = await document.get();
    expect((await snapshot.ref.get()).data()).toEqual({ here: true });
  });
});

describe("creating and setting", () => {
  test("a document can be created once", async () => {
    const document = newDocument();
    await document.create({ n: 1 });
    await expect(document.create({ n: 2 })).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
    expect((await document.get()).data()).toEqual({ n: 1 });
  });

  test("a deleted document can be created again, as a new one", async () => {
    const document = newDocument();
    const first = await document.create({ n: 1 });
    await document.delete();
    const second = await document.create({ n: 2 });
    const snapshot = await document.get();
    expect(snapshot.createTime).toEqual(second.writeTime);
    expect(second.writeTime > first.writeTime).toBe(true);
  });

  test("of many simultaneous creates exactly one succeeds", async () => {
    const document = newDocument();
    const attempts = Array.from({ length: 10 }, (_, n) => document.create({ n }));
    const outcomes = await Promise.allSettled(attempts);
    const winner = outcomes.findIndex((outcome) => outcome.status === "fulfilled");
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect((await document.get()).get("n")).toBe(winner);
  });

  test("add gives each document its own id", async () => {
    const collection = connection.collection();
    const added = await Promise.all([collection.add({ n: 1 }), collection.add({ n: 2 })]);
    expect(new Set(added.map((document) => document.id)).size).toBe(2);
    expect((await collection.get()).size).toBe(2);
  });

  test("set replaces the whole document", async () => {
    const document = newDocument();
    await document.set({ a: 1, b: 2 });
    await document.set({ b: 3 });
    expect((await document.get()).data()).toEqual({ b: 3 });
  });

  test("a merging set keeps what it does not name, at every depth", async () => {
    const document = newDocument();
    await document.set({ a: { x: 1, y: 2 }, b: 1, list: [1, 2] });
    await document.set({ a: { x: 9, z: 3 }, list: [3] }, { merge: true });
    expect((await document.get()).data()).toEqual({ a: { x: 9, y: 2, z: 3 }, b: 1, list: [3] });
  });

  test("a merging set makes the document when there is none, and can delete a field", async () => {
    const document = newDocument();
    await document.set({ a: { x: 1, y: 2 } }, { merge: true });
    await document.set({ a: { x: FieldValue.delete() } }, { merge: true });
    expect((await document.get()).data()).toEqual({ a: { y: 2 } });
  });

  test("a merging set with an empty map replaces that map", async () => {
    const document = newDocument();
    await document.set({ a: { x: 1 }, b: 1 });
    await document.set({ a: {} }, { merge: true });
    expect((await document.get()).data()).toEqual({ a: {}, b: 1 });
  });

  test("mergeFields writes the fields it lists and no other", async () => {
    const document = newDocument();
    await document.set({ a: { x: 1, y: 2 }, b: 1, c: 1 });
    await document.set({ a: { x: 7, y: 8 }, b: 9, c: 9 }, { mergeFields: ["a.x", "c"] });
    expect((await document.get()).data()).toEqual({ a: { x: 7, y: 2 }, b: 1, c: 9 });
  });

  test("a write that changes nothing leaves the update time as it was", async () => {
    const document = newDocument();
    const first = await document.set({ a: { b: [1] } });
    const second = await document.set({ a: { b: [1] } });
    expect(second.writeTime).toEqual(first.writeTime);
    expect((await document.get()).updateTime).toEqual(first.writeTime);
  });
});

describe("updating and deleting", () => {
  test("updating a missing document fails and writes nothing", async () => {
    const document = newDocument();
    await expect(document.update({ a: 1 })).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect((await document.get()).exists).toBe(false);
  });

  test("an update changes a nested field and leaves its neighbours", async () => {
    const document = newDocument();
    await document.set({ a: { b: { c: 1, d: 2 } }, e: 3 });
    await document.update({ "a.b.c": 9, "a.new.deep": true });
    expect((await document.get()).data()).toEqual({
      a: { b: { c: 9, d: 2 }, new: { deep: true } },
      e: 3,
    });
  });

  test("an update of a whole map replaces it", async () => {
    const document = newDocument();
    await document.set({ a: { x: 1, y: 2 } });
    await document.update({ a: { z: 3 } });
    expect((await document.get()).data()).toEqual({ a: { z: 3 } });
  });

  test("an update below a value that is no map puts a map in its place", async () => {
    const document = newDocument();
    await document.set({ a: 5 });
    await document.update({ "a.b": 1 });
    expect((await document.get()).data()).toEqual({ a: { b: 1 } });
  });

  test("a field path reaches names with dots, blanks, quotes, backticks and backslashes", async () => {
    const document = newDocument();
    const odd = ["a.b", "with blank", 'quote"', "tick`", "back\\slash", "0digit", "ünï"];
    await document.set({ "a.b": { keep: 1 } });
    for (const name of odd) await document.update(new FieldPath(name, "x.y"), name);
    const data = (await document.get()).data();
    expect(data).toEqual({
      ...Object.fromEntries(odd.map((name) => [name, { "x.y": name }])),
      "a.b": { keep: 1, "x.y": "a.b" },
    });
  });

  test("an update can delete fields, nested ones and absent ones too", async () => {
    const document = newDocument();
    await document.set({ a: { b: 1, c: 2 }, d: 3 });
    await document.update({
      "a.b": FieldValue.delete(),
      d: FieldValue.delete(),
      never: FieldValue.delete(),
    });
    expect((await document.get()).data()).toEqual({ a: { c: 2 } });
  });

  test("deleting removes the document, and deleting what is not there succeeds", async () => {
    const document = newDocument();
    await document.set({ a: 1 });
    await document.delete();
    expect((await document.get()).exists).toBe(false);
    await expect(document.delete()).resolves.toBeDefined();
  });

  test("deleting a document leaves its subcollections", async () => {
    const document = newDocument();
    const child = document.collection("children").doc("c");
    await document.set({ a: 1 });
    await child.set({ b: 2 });
    await document.delete();
    expect((await child.get()).data()).toEqual({ b: 2 });
  });
});

describe("preconditions", () => {
  test("a delete that needs the document fails without it", async () => {
    await expect(newDocument().delete({ exists: true })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  test("an update with the current update time succeeds, with a stale one it fails", async () => {
    const document = newDocument();
    const { writeTime } = await document.set({ n: 1 });
    await document.update({ n: 2 }, { lastUpdateTime: writeTime });
    await expect(document.update({ n: 3 }, { lastUpdateTime: writeTime })).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
    });
    expect((await document.get()).data()).toEqual({ n: 2 });
  });

  test("a delete with a stale update time fails and keeps the document", async () => {
    const document = newDocument();
    const { writeTime } = await document.set({ n: 1 });
    await document.set({ n: 2 });
    await expect(document.delete({ lastUpdateTime: writeTime })).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
    });
    expect((await document.get()).data()).toEqual({ n: 2 });
  });

  test("an update time is asked in vain of a document that is gone", async () => {
    const lastUpdateTime = Timestamp.fromMillis(1_000);
    await expect(newDocument().delete({ lastUpdateTime })).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
    });
  });

  test("of many updates that name the same update time exactly one succeeds", async () => {
    const document = newDocument();
    const { writeTime } = await document.set({ n: -1 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => document.update({ n }, { lastUpdateTime: writeTime })),
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  });
});
