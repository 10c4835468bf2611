import {
  type CollectionReference,
  FieldValue,
  GeoPoint,
  type Query,
  Timestamp,
} from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect, ids } from "./support.ts";

let connection: Connection;
let values: CollectionReference;

beforeAll(async () => {
  connection = await connect();
  values = connection.database.collection("values");
  const batch = connection.database.batch();
  for (const [id, v] of ORDERED_VALUES) batch.set(values.doc(id), { v });
  batch.set(values.doc("none"), { w: 1 });
  await batch.commit();
});
afterAll(() => connection.close());

/** One value of every kind, in the order that the documentation gives: https://firebase.google.com/docs/firestore/manage-data/data-types */
const ORDERED_VALUES: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["false", false],
  ["true", true],
  ["nan", NaN],
  ["minus-infinity", -Infinity],
  ["minus-one", -1],
  ["zero-a", 0],
  ["zero-b", -0],
  ["one", 1],
  ["one-and-a-half", 1.5],
  ["two", 2],
  ["huge", 1e300],
  ["early", new Timestamp(1, 0)],
  ["late", new Timestamp(1, 1_000)],
  ["text-empty", ""],
  ["text-a", "a"],
  ["text-ab", "ab"],
  ["text-b", "b"],
  ["text-e-acute", "é"],
  ["text-private-use", "\uffff"],
  ["text-astral", "😀"],
  ["bytes-none", Buffer.alloc(0)],
  ["bytes-1", Buffer.from([1])],
  ["bytes-1-0", Buffer.from([1, 0])],
  ["bytes-255", Buffer.from([255])],
  ["place-south", new GeoPoint(-1, 5)],
  ["place-west", new GeoPoint(1, -5)],
  ["place-east", new GeoPoint(1, 5)],
  ["list-empty", []],
  ["list-1", [1]],
  ["list-1-2", [1, 2]],
  ["list-2", [2]],
  ["list-text", ["a"]],
  ["vector-short", FieldValue.vector([9, 9])],
  ["vector-1", FieldValue.vector([1, 0, 0])],
  ["vector-2", FieldValue.vector([2, 0, 0])],
  ["map-empty", {}],
  ["map-a1", { a: 1 }],
  ["map-a1-b1", { a: 1, b: 1 }],
  ["map-a2", { a: 2 }],
  ["map-b0", { b: 0 }],
];
const ORDERED_IDS = ORDERED_VALUES.map(([id]) => id);

const idsOf = async (query: Query) => ids(await query.get());

/** What a filter on the values finds, in the order of the values. */
async function matching(operator: FirebaseFirestore.WhereFilterOp, value: unknown) {
  const found = await idsOf(values.where("v", operator, value));
  return ORDERED_IDS.filter((id) => found.includes(id));
}

const without = (...left: string[]) => ORDERED_IDS.filter((id) => !left.includes(id));
const between = (first: string, last: string) =>
  ORDERED_IDS.slice(ORDERED_IDS.indexOf(first), ORDERED_IDS.indexOf(last) + 1);

describe("values of all types", () => {
  test("sort in the order of their types, then by value, and by id where they are equal", async () => {
    expect(await idsOf(values.orderBy("v"))).toEqual(ORDERED_IDS);
    expect(await idsOf(values.orderBy("v", "desc"))).toEqual(ORDERED_IDS.toReversed());
  });

  test("equality needs the same type and value; whole numbers equal doubles", async () => {
    expect(await matching("==", 1.0)).toEqual(["one"]);
    expect(await matching("==", 0)).toEqual(["zero-a", "zero-b"]);
    expect(await matching("==", "a")).toEqual(["text-a"]);
    expect(await matching("==", [1])).toEqual(["list-1"]);
    expect(await matching("==", { a: 1, b: 1 })).toEqual(["map-a1-b1"]);
    expect(await matching("==", Buffer.from([1]))).toEqual(["bytes-1"]);
    expect(await matching("==", new GeoPoint(1, 5))).toEqual(["place-east"]);
    expect(await matching("==", FieldValue.vector([1, 0, 0]))).toEqual(["vector-1"]);
    expect(await matching("==", "1")).toEqual([]);
  });

  test("null and NaN can be asked for, and asked away", async () => {
    expect(await matching("==", null)).toEqual(["null"]);
    expect(await matching("==", NaN)).toEqual(["nan"]);
    expect(await matching("!=", null)).toEqual(without("null"));
    expect(await matching("!=", NaN)).toEqual(without("null", "nan"));
  });

  test("a comparison finds only values of its own type", async () => {
    expect(await matching(">", 1)).toEqual(between("one-and-a-half", "huge"));
    expect(await matching("<=", 0)).toEqual(between("minus-infinity", "zero-b"));
    expect(await matching(">=", "")).toEqual(between("text-empty", "text-astral"));
    expect(await matching("<", "b")).toEqual(between("text-empty", "text-ab"));
    expect(await matching("<", true)).toEqual(["false"]);
    expect(await matching(">", new Timestamp(1, 0))).toEqual(["late"]);
    expect(await matching(">", Buffer.from([1]))).toEqual(["bytes-1-0", "bytes-255"]);
    expect(await matching("<", new GeoPoint(1, 5))).toEqual(["place-south", "place-west"]);
    expect(await matching(">", [1])).toEqual(["list-1-2", "list-2", "list-text"]);
    expect(await matching(">", { a: 1 })).toEqual(["map-a1-b1", "map-a2", "map-b0"]);
    expect(await matching(">", FieldValue.vector([1, 0, 0]))).toEqual(["vector-2"]);
  });

  test("!= and not-in leave out null and missing fields, and what they name; nothing equals NaN in a list", async () => {
    expect(await matching("!=", 1)).toEqual(without("null", "one"));
    expect(await matching("not-in", [1, "a"])).toEqual(without("null", "one", "text-a"));
    expect(await matching("not-in", [NaN])).toEqual(without("null"));
    expect(await matching("not-in", [1, null])).toEqual([]);
  });

  test("in finds each of its values, but never null or NaN", async () => {
    expect(await matching("in", [2, "b", [1], { a: 1 }, 99])).toEqual([
      "two",
      "text-b",
      "list-1",
      "map-a1",
    ]);
    expect(await matching("in", [null, NaN, 1])).toEqual(["one"]);
  });

  test("array-contains and array-contains-any look into lists only", async () => {
    expect(await matching("array-contains", 1)).toEqual(["list-1", "list-1-2"]);
    expect(await matching("array-contains-any", [2, "a"])).toEqual([
      "list-1-2",
      "list-2",
      "list-text",
    ]);
  });

  test("references sort and compare by path", async () => {
    const collection = connection.database.collection("links");
    const paths = ["a/1", "a/1/b/2", "a/2", "b/1"];
    for (const [n, path] of paths.entries()) {
      await collection.doc(`${9 - n}`).set({ to: connection.database.doc(path) });
    }
    expect(await idsOf(collection.orderBy("to"))).toEqual(["9", "8", "7", "6"]);
    const beyond = collection.where("to", ">", connection.database.doc("a/1"));
    expect(await idsOf(beyond)).toEqual(["8", "7", "6"]);
  });
});

describe("queries that make no sense are refused", () => {
  test.each<readonly [string, () => Query]>([
    ["a reserved field name", () => values.where("__x__", "==", 1)],
    ["too many alternatives", () => values.where("rating", "in", [...Array(31).keys()])],
    ["a second not-in", () => values.where("a", "not-in", [1]).where("b", "not-in", [1])],
    ["an overlong value", () => values.where("a", "==", "x".repeat(2_000))],
  ])("%s", async (_what, query) => {
    await expect(query().get()).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});
