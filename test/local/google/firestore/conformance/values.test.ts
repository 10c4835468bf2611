import {
  type DocumentData,
  type DocumentReference,
  FieldValue,
  GeoPoint,
  Timestamp,
} from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect } from "./support.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await connect();
});
afterAll(() => connection.close());

const newDocument = () => connection.collection().doc("one");

/** What is read back after `data` was written. */
async function stored(data: DocumentData, document = newDocument()): Promise<DocumentData> {
  await document.set(data);
  return (await document.get()).data() ?? {};
}

describe("values come back with their types", () => {
  test("null, booleans, text in any script, empty text", async () => {
    const data = { n: null, t: true, f: false, s: "žluťoučký 日本語 😀\u0000\uffff", empty: "" };
    expect(await stored(data)).toEqual(data);
  });

  test("empty maps and lists, lists in maps in lists", async () => {
    const data = { map: {}, list: [], deep: { list: [{ list: [[], {}].slice(1) }, "x", null] } };
    expect(await stored(data)).toEqual(data);
  });

  test("whole numbers keep all 64 bits", async () => {
    const path = newDocument().path;
    const document = connection.client({ useBigInt: true }).doc(path);
    const data = {
      largest: 9223372036854775807n,
      smallest: -9223372036854775808n,
      beyondDouble: 9007199254740993n,
      small: 5n,
    };
    expect(await stored(data, document)).toEqual(data);
  });

  test("whole numbers and doubles stay what they were", async () => {
    const plain = newDocument();
    await plain.set({ whole: 2, half: 2.5, huge: 1e300 });
    const document = connection.client({ useBigInt: true }).doc(plain.path);
    expect((await document.get()).data()).toEqual({ whole: 2n, half: 2.5, huge: 1e300 });
  });

  test("NaN, the infinities, minus zero and the smallest double", async () => {
    const data = await stored({ nan: NaN, up: Infinity, down: -Infinity, zero: -0, tiny: 5e-324 });
    expect(data).toStrictEqual({ nan: NaN, up: Infinity, down: -Infinity, zero: -0, tiny: 5e-324 });
    expect(Object.is(data["zero"], -0)).toBe(true);
  });

  test("bytes, all of them and none", async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const data = await stored({ all, none: Buffer.alloc(0) });
    expect(Buffer.compare(data["all"], all)).toBe(0);
    expect(data["none"]).toHaveLength(0);
  });

  test("timestamps to the microsecond, cut off below it, before 1970 too", async () => {
    const data = await stored({
      after: new Timestamp(1_700_000_000, 123_456_789),
      before: new Timestamp(-1, 999_999_999),
      first: new Timestamp(-62_135_596_800, 0),
      last: new Timestamp(253_402_300_799, 999_999_000),
    });
    expect(data).toEqual({
      after: new Timestamp(1_700_000_000, 123_456_000),
      before: new Timestamp(-1, 999_999_000),
      first: new Timestamp(-62_135_596_800, 0),
      last: new Timestamp(253_402_300_799, 999_999_000),
    });
  });

  test("places, references and vectors", async () => {
    const other = connection.database.doc("users/1/orders/ä b");
    const data = await stored({
      place: new GeoPoint(-90, 179.999),
      other,
      vector: FieldValue.vector([1, 2.5, -0]),
    });
    expect(data["place"].isEqual(new GeoPoint(-90, 179.999))).toBe(true);
    expect((data["other"] as DocumentReference).path).toBe(other.path);
    expect(data["vector"].toArray()).toStrictEqual([1, 2.5, -0]);
  });

  test("field names of any kind", async () => {
    const data = { "a.b": 1, "": 1, " ": 2, "`": 3, "\\": 4, ünï: 5, __proto: 6, constructor: 7 };
    const { "": _none, ...allowed } = data;
    expect(await stored(allowed)).toEqual(allowed);
  });

  test("document ids of any kind", async () => {
    const collection = connection.collection();
    const names = ["ä", "with blank", "100%", "a.b", "日本", "_x_", "?", "#", "(default)", "😀"];
    for (const name of names) await collection.doc(name).set({ name });
    const found = await collection.get();
    expect(found.docs.map((document) => document.id).sort()).toEqual(names.toSorted());
    for (const document of found.docs) expect(document.get("name")).toBe(document.id);
  });
});

describe("transforms", () => {
  /** What `changes` make of `before`. */
  async function changed(before: DocumentData, changes: DocumentData): Promise<DocumentData> {
    const document = newDocument();
    await document.set(before);
    await document.update(changes);
    const exact = connection.client({ useBigInt: true }).doc(document.path);
    return (await exact.get()).data() ?? {};
  }

  test("the server's time is one moment for all fields of a commit, and close to the write time", async () => {
    const document = newDocument();
    const { writeTime } = await document.set({
      at: FieldValue.serverTimestamp(),
      nested: { at: FieldValue.serverTimestamp() },
    });
    const data = (await document.get()).data() ?? {};
    expect(data["at"]).toEqual(data["nested"].at);
    expect(Math.abs(writeTime.toMillis() - data["at"].toMillis())).toBeLessThan(1_000);
  });

  test("increment adds to numbers, keeps whole ones whole, and starts from zero elsewhere", async () => {
    const before = { whole: 1, toDouble: 1, double: 1.5, text: "x" };
    const after = await changed(before, {
      whole: FieldValue.increment(2),
      toDouble: FieldValue.increment(0.5),
      double: FieldValue.increment(1),
      text: FieldValue.increment(3),
      missing: FieldValue.increment(-4),
    });
    expect(after).toEqual({ whole: 3n, toDouble: 1.5, double: 2.5, text: 3n, missing: -4n });
  });

  test("increment stops at the ends of 64 bits instead of wrapping round", async () => {
    const document = connection.client({ useBigInt: true }).doc(newDocument().path);
    await document.set({ up: 9223372036854775800n, down: -9223372036854775800n });
    await document.update({ up: FieldValue.increment(100), down: FieldValue.increment(-100) });
    expect((await document.get()).data()).toEqual({
      up: 9223372036854775807n,
      down: -9223372036854775808n,
    });
  });

  test("increments that run at once all count", async () => {
    const document = newDocument();
    await document.set({ n: 0 });
    const add = () => document.update({ n: FieldValue.increment(1) });
    await Promise.all(Array.from({ length: 40 }, add));
    expect((await document.get()).get("n")).toBe(40);
  });

  test("maximum and minimum keep the greater and the lesser number, with its type", async () => {
    const before = { a: 5, b: 5, c: 5, d: 5.5, text: "x", same: 5 };
    const after = await changed(before, {
      a: FieldValue.maximum(7),
      b: FieldValue.maximum(3),
      c: FieldValue.minimum(4.5),
      d: FieldValue.minimum(9),
      text: FieldValue.maximum(1),
      missing: FieldValue.minimum(3),
      same: FieldValue.maximum(5),
    });
    const expected = { a: 7n, b: 5n, c: 4.5, d: 5.5, text: 1n, missing: 3n, same: 5n };
    expect(after).toEqual(expected);
  });

  test("arrayUnion appends what is missing, once, and makes the list where there is none", async () => {
    const before = { list: [1, 2, 2, { k: 1 }], text: "x" };
    const after = await changed(before, {
      list: FieldValue.arrayUnion(2, 3, { k: 1 }, 3, { k: 2 }),
      text: FieldValue.arrayUnion("y"),
      missing: FieldValue.arrayUnion("z"),
    });
    expect(after).toEqual({
      list: [1n, 2n, 2n, { k: 1n }, 3n, { k: 2n }],
      text: ["y"],
      missing: ["z"],
    });
  });

  test("arrayRemove takes out every equal element and leaves a list where there was none", async () => {
    const before = { list: [1, 1, 2, NaN, { k: [1] }, 1.0, "1"], text: "x" };
    const after = await changed(before, {
      list: FieldValue.arrayRemove(1, NaN, { k: [1] }),
      text: FieldValue.arrayRemove("x"),
      missing: FieldValue.arrayRemove("x"),
    });
    expect(after).toEqual({ list: [2n, "1"], text: [], missing: [] });
  });

  test("transforms apply after the fields of the same write, also when setting and merging", async () => {
    const document = newDocument();
    await document.set({ n: FieldValue.increment(2), kept: 1 });
    await document.set({ n: FieldValue.increment(2), other: "x" }, { merge: true });
    expect((await document.get()).data()).toEqual({ n: 4, kept: 1, other: "x" });
    await document.set({ n: FieldValue.increment(2) });
    expect((await document.get()).data()).toEqual({ n: 2 });
  });

  test("a transform updates nothing that does not exist", async () => {
    const document = newDocument();
    await expect(document.update({ n: FieldValue.increment(1) })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
    expect((await document.get()).exists).toBe(false);
  });
});

describe("what Firestore does not store", () => {
  const refused = { code: status.INVALID_ARGUMENT };

  test("a document of more than one mebibyte", async () => {
    const document = newDocument();
    await document.set({ text: "x".repeat(1_048_576 - 200) });
    const half = "x".repeat(600_000);
    await expect(document.set({ a: half, b: half })).rejects.toMatchObject(refused);
    await expect(document.set({ text: "ä".repeat(524_288) })).rejects.toMatchObject(refused);
    expect((await document.get()).get("text")).toHaveLength(1_048_376);
  });

  test("a list directly inside a list", async () => {
    await expect(newDocument().set({ list: [[1]] })).rejects.toMatchObject(refused);
  });

  test("a document with a reserved or overlong id", async () => {
    for (const id of ["__x__", "x".repeat(1_501), "ä".repeat(751)]) {
      const document = connection.collection().doc(id);
      await expect(document.set({ n: 1 })).rejects.toMatchObject(refused);
    }
  });

  test("a reserved or overlong field name", async () => {
    await expect(newDocument().set({ __x__: 1 })).rejects.toMatchObject(refused);
    await expect(newDocument().set({ ["x".repeat(1_501)]: 1 })).rejects.toMatchObject(refused);
  });

  test("a place off the globe", async () => {
    const beyond = new GeoPoint(90, 180);
    Object.assign(beyond, { _latitude: 91 });
    await expect(newDocument().set({ beyond })).rejects.toMatchObject(refused);
  });

  test("a read of a reserved id", async () => {
    const document = connection.collection().doc("__x__");
    await expect(document.get()).rejects.toMatchObject(refused);
  });
});
