import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CollectionReference, Firestore } from "../../shared/ports/database.ts";
import { adapters, type OpenDatabase, outcomeOf } from "./databases.ts";

const ALREADY_EXISTS = 6;
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const INVALID_ARGUMENT = 3;

const UPDATE_REFUSED =
  "Update() requires either a single JavaScript object or an alternating list of field/value pairs that can be followed by an optional precondition.";
const ODD = "Your path does not contain an odd number of components.";
const EVEN = "Your path does not contain an even number of components.";

/** A refusal before any call is made. */
const atOnce = (message: string) => ({ refused: "at once", code: undefined, message });

/** A refusal by the service. */
const later = (code: number, name: string) => ({
  refused: "later",
  code,
  message: expect.stringMatching(new RegExp(`^${code} ${name}: .`)),
});

describe.each(adapters)("documents through $name", (adapter) => {
  let open: OpenDatabase;
  beforeAll(async () => {
    open = await adapter.open();
  });
  afterAll(() => open.close());

  test("are created once", async () => {
    const place = open.collection().doc("one");
    await place.create({ n: 1 });
    expect(await outcomeOf(() => place.create({ n: 2 }))).toEqual(
      later(ALREADY_EXISTS, "ALREADY_EXISTS"),
    );
    expect((await place.get()).data()).toEqual({ n: 1 });
  });

  test("are replaced entirely by set", async () => {
    const place = open.collection().doc("one");
    await place.set({ a: 1, b: { c: 1 } });
    await place.set({ b: { d: 2 }, "e.f": 3 });
    expect((await place.get()).data()).toEqual({ b: { d: 2 }, "e.f": 3 });
  });

  test("are changed at field paths by update, which needs an existing document", async () => {
    const place = open.collection().doc("one");
    expect(await outcomeOf(() => place.update({ a: 1 }))).toEqual(later(NOT_FOUND, "NOT_FOUND"));
    await place.set({ a: { b: 1, c: [1] }, d: 1, e: { f: 1 } });
    await place.update({ "a.b": 2, "a.x.y": 3, "a.x.z": 4, d: { new: 1 }, "g-h.ü": 5 });
    expect((await place.get()).data()).toEqual({
      a: { b: 2, c: [1], x: { y: 3, z: 4 } },
      d: { new: 1 },
      e: { f: 1 },
      "g-h": { ü: 5 },
    });
    await place.update({ e: {} });
    expect((await place.get()).get("e")).toEqual({});
  });

  test("are deleted whether they exist or not", async () => {
    const place = open.collection().doc("one");
    await place.set({ n: 1 });
    await place.delete();
    await place.delete();
    const snapshot = await place.get();
    expect([snapshot.exists, snapshot.data(), snapshot.updateTime]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    expect(snapshot.get("n")).toBeUndefined();
  });

  test("have the times at which they were written and read", async () => {
    const place = open.collection().doc("one");
    const { writeTime } = await place.set({ n: 1 });
    const snapshot = await place.get();
    expect(snapshot.updateTime?.isEqual(writeTime)).toBe(true);
    expect(snapshot.readTime.toMillis()).toBeGreaterThanOrEqual(writeTime.toMillis());
    const { writeTime: deleteTime } = await place.delete();
    expect(deleteTime.toMillis()).toBeGreaterThanOrEqual(writeTime.toMillis());
    expect(snapshot.updateTime?.isEqual(deleteTime)).toBe(false);
  });

  test("return fields by their paths, and undefined for missing ones", async () => {
    const place = open.collection().doc("one");
    await place.set({ a: { b: { c: 1 } }, list: [{ d: 1 }], "x-y": 2, n: null });
    const snapshot = await place.get();
    const fields = ["a.b.c", "a.b", "a.b.c.d", "list.0", "x-y", "n", "n.m", "missing"];
    expect(fields.map((field) => snapshot.get(field))).toEqual([
      1,
      { c: 1 },
      undefined,
      undefined,
      2,
      null,
      undefined,
      undefined,
    ]);
    expect(snapshot.id).toBe("one");
    expect(snapshot.ref.path).toBe(place.path);
    for (const field of ["", "a..b", ".a", "a.", "a[0]", "a*"]) {
      expect(await outcomeOf(() => snapshot.get(field))).toMatchObject({ refused: "at once" });
    }
  });

  test("are written under a precondition only if they are unchanged", async () => {
    const place = open.collection().doc("one");
    const { writeTime: first } = await place.set({ n: 1 });
    const { writeTime: second } = await place.update({ n: 2 }, { lastUpdateTime: first });
    for (const stale of [
      () => place.update({ n: 3 }, { lastUpdateTime: first }),
      () => place.delete({ lastUpdateTime: first }),
      () => open.database.batch().update(place, { n: 3 }, { lastUpdateTime: first }).commit(),
    ]) {
      expect(await outcomeOf(stale)).toEqual(later(FAILED_PRECONDITION, "FAILED_PRECONDITION"));
    }
    expect((await place.get()).get("n")).toBe(2);
    await place.delete({ lastUpdateTime: second });
    expect(await outcomeOf(() => place.delete({ lastUpdateTime: second }))).toMatchObject({
      refused: "later",
    });
  });

  test("are not required to exist by an update with an empty precondition", async () => {
    const place = open.collection().doc("one");
    await place.update({ n: 1 }, {});
    expect((await place.get()).data()).toEqual({ n: 1 });
  });

  test("keep their time when a write changes nothing", async () => {
    const place = open.collection().doc("one");
    await place.set({ n: 1 });
    const before = await place.get();
    await place.set({ n: 1 });
    expect((await place.get()).updateTime?.isEqual(before.updateTime as never)).toBe(true);
  });

  test.each<readonly [string, (place: ReturnType<CollectionReference["doc"]>) => unknown, string]>([
    [
      "nothing",
      (place) => place.update({}),
      `${UPDATE_REFUSED} At least one field must be updated.`,
    ],
    [
      "a field twice",
      (place) => place.update({ a: 1, "a.b": 2 }),
      'Value for argument "dataOrField" is not a valid update map. Field "a" was specified multiple times.',
    ],
    [
      "a bad path",
      (place) => place.update({ "a..b": 1 }),
      `${UPDATE_REFUSED} Value for argument "a..b" is not a valid field path. Paths must not contain ".." in them.`,
    ],
    [
      "undefined",
      (place) => place.update({ "a.b": undefined }),
      `${UPDATE_REFUSED} Value for argument "dataOrField" is not a valid Firestore value. Cannot use "undefined" as a Firestore value (found in field "\`a.b\`"). If you want to ignore undefined values, enable \`ignoreUndefinedProperties\`.`,
    ],
    [
      "an undefined precondition",
      (place) => place.update({ a: 1 }, undefined),
      `${UPDATE_REFUSED} Input is not an object.`,
    ],
    [
      "an invalid time",
      (place) => place.update({ a: 1 }, { lastUpdateTime: new Date(0) as never }),
      `${UPDATE_REFUSED} Value for argument "preconditionOrValues" is not a valid precondition. "lastUpdateTime" is not a Firestore Timestamp.`,
    ],
  ])("are not updated with %s", async (_name, update, message) => {
    expect(await outcomeOf(() => update(open.collection().doc("one")))).toEqual(atOnce(message));
  });

  test("are read together in the requested order, including duplicates", async () => {
    const collection = open.collection();
    await collection.doc("a").set({ n: 1 });
    await collection.doc("b").set({ n: 2 });
    const places = ["b", "missing", "a", "b"].map((id) => collection.doc(id));
    const snapshots = await open.database.getAll(...places);
    expect(snapshots.map(({ id, exists }) => [id, exists])).toEqual([
      ["b", true],
      ["missing", false],
      ["a", true],
      ["b", true],
    ]);
    expect(await outcomeOf(() => open.database.getAll())).toEqual(
      atOnce('Function "Firestore.getAll()" requires at least 1 argument.'),
    );
    expect(await outcomeOf(() => open.database.getAll(collection as never))).toEqual(
      atOnce("Element at index 0 is not a valid DocumentReference."),
    );
  });

  test("are identified by their paths", async () => {
    const { database } = open;
    const place = database.collection("a/b/c").doc("d");
    expect([place.id, place.path, place.parent.id, place.parent.path]).toEqual([
      "d",
      "a/b/c/d",
      "c",
      "a/b/c",
    ]);
    expect(place.parent.parent?.path).toBe("a/b");
    expect(database.collection("a").parent).toBeNull();
    expect(database.doc("a/b").collection("c").doc("d").path).toBe("a/b/c/d");
    expect(database.doc("/a/b/").path).toBe("a/b");
    expect(database.collection("a").doc("b/c/d").path).toBe("a/b/c/d");
  });

  test("get a generated id if none is given", () => {
    const collection = open.collection();
    const ids = Array.from({ length: 100 }, () => collection.doc().id);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{20}$/);
  });

  test.each<readonly [string, (database: Firestore) => unknown, string]>([
    [
      "a document at a collection's place",
      (database) => database.doc("a"),
      `Value for argument "documentPath" must point to a document, but was "a". ${EVEN}`,
    ],
    [
      "a collection at a document's place",
      (database) => database.collection("a/b"),
      `Value for argument "collectionPath" must point to a collection, but was "a/b". ${ODD}`,
    ],
    [
      "a collection below at a document's place",
      (database) => database.doc("a/b").collection("c/d"),
      `Value for argument "collectionPath" must point to a collection, but was "c/d". ${ODD}`,
    ],
    [
      "an empty path",
      (database) => database.doc(""),
      'Value for argument "documentPath" is not a valid resource path. Path must be a non-empty string.',
    ],
    [
      "an empty id",
      (database) => database.collection("a").doc(""),
      'Value for argument "documentPath" is not a valid resource path. Path must be a non-empty string.',
    ],
    [
      "an undefined id",
      (database) => database.collection("a").doc(undefined),
      'Value for argument "documentPath" is not a valid resource path. Path must be a non-empty string.',
    ],
    [
      "an empty segment",
      (database) => database.collection("a//b"),
      'Value for argument "collectionPath" is not a valid resource path. Paths must not contain //.',
    ],
    [
      "a group of a path",
      (database) => database.collectionGroup("a/b"),
      "Invalid collectionId 'a/b'. Collection IDs must not contain '/'.",
    ],
  ])("are refused at %s", async (_name, find, message) => {
    expect(await outcomeOf(() => find(open.database))).toEqual(atOnce(message));
  });

  test.each([".", "..", "__reserved__", "x".repeat(1_501)])(
    "cannot have the id %.12s",
    async (id) => {
      const outcome = await outcomeOf(() => open.collection().doc(id).set({ n: 1 }));
      expect(outcome).toEqual(later(INVALID_ARGUMENT, "INVALID_ARGUMENT"));
    },
  );

  test("in a batch are written all or none", async () => {
    const collection = open.collection();
    await collection.doc("there").set({ n: 1 });
    const refused = open.database
      .batch()
      .set(collection.doc("a"), { n: 1 })
      .delete(collection.doc("there"))
      .create(collection.doc("b"), { n: 1 })
      .update(collection.doc("missing"), { n: 1 });
    expect(await outcomeOf(() => refused.commit())).toEqual(later(NOT_FOUND, "NOT_FOUND"));
    expect((await collection.get()).docs.map(({ id }) => id)).toEqual(["there"]);
    const batch = open.database
      .batch()
      .set(collection.doc("a"), { n: 1 })
      .update(collection.doc("a"), { m: 2 })
      .delete(collection.doc("there"));
    await batch.commit();
    const { docs } = await collection.get();
    expect(docs.map((document) => [document.id, document.data()])).toEqual([["a", { n: 1, m: 2 }]]);
  });

  test("in a batch are committed once", async () => {
    const place = open.collection().doc("one");
    const batch = open.database.batch().set(place, { n: 1 });
    await batch.commit();
    const refused = atOnce("Cannot modify a WriteBatch that has been committed.");
    expect(await outcomeOf(() => batch.set(place, { n: 2 }))).toEqual(refused);
    expect(await outcomeOf(() => batch.delete(place))).toEqual(refused);
    expect(await outcomeOf(() => open.database.batch().commit())).toMatchObject({ value: [] });
  });

  // Google's emulator takes 4 MiB and says RESOURCE_EXHAUSTED, which its client repeats for ten minutes.
  if (!adapter.isGoogles)
    test("in a batch cannot be more than 10 MiB", async () => {
      const collection = open.collection();
      const batch = open.database.batch();
      for (let n = 0; n < 11; n += 1) {
        batch.set(collection.doc(`d${n}`), { text: "x".repeat(1_000_000) });
      }
      expect(await outcomeOf(() => batch.commit())).toEqual({
        refused: "later",
        code: INVALID_ARGUMENT,
        message: expect.stringContaining("exceeds the limit: 10485760 bytes (it has 11"),
      });
    });

  test("of another kind are refused as references", async () => {
    const message = 'Value for argument "documentRef" is not a valid DocumentReference.';
    const other = { id: "a", path: "a/b" } as never;
    const batch = open.database.batch();
    expect(await outcomeOf(() => batch.set(other, {}))).toEqual(atOnce(message));
    expect(await outcomeOf(() => batch.update(other, { a: 1 }))).toEqual(atOnce(message));
    expect(await outcomeOf(() => batch.delete(other))).toEqual(atOnce(message));
  });
});
