import { type CollectionReference, FieldPath, type Query } from "@google-cloud/firestore";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, composite, connect, ids } from "./support.ts";

let connection: Connection;
let races: CollectionReference;

const documentId = FieldPath.documentId();

beforeAll(async () => {
  connection = await connect({
    indexes: [
      composite("races", "year", "points desc"),
      composite("races", "series", "points desc"),
    ],
    fieldOverrides: [
      {
        collectionGroup: "laps",
        fieldPath: "ms",
        indexes: [
          { queryScope: "COLLECTION", order: "ASCENDING" },
          { queryScope: "COLLECTION_GROUP", order: "ASCENDING" },
          { queryScope: "COLLECTION_GROUP", order: "DESCENDING" },
        ],
      },
    ],
  });
  races = connection.database.collection("races");
  const batch = connection.database.batch();
  for (const { id, ...race } of RACES) batch.set(races.doc(id), race);
  for (const [path, ms] of LAPS) batch.set(connection.database.doc(path), { ms });
  await batch.commit();
});
afterAll(() => connection.close());

const RACES = [
  { id: "a", year: 2024, points: 10, series: "x" },
  { id: "b", year: 2024, points: 25, series: "y" },
  { id: "c", year: 2025, points: 10, series: "x" },
  { id: "d", year: 2025, points: 18, series: "y" },
  { id: "e", year: 2026, points: 25, series: "x" },
];

/** Documents of one collection group at several depths, and near misses. */
const LAPS: readonly (readonly [string, number])[] = [
  ["laps/top", 50],
  ["races/a/laps/1", 20],
  ["races/b/laps/1", 40],
  ["races/b/laps/1/parts/9/laps/deep", 10],
  ["races/b/overlaps/1", 1],
];

const idsOf = async (query: Query) => ids(await query.get());
const pathsOf = async (query: Query) => (await query.get()).docs.map(({ ref }) => ref.path);

describe("cursors", () => {
  test("start at or after, end at or before a value", async () => {
    const byPoints = races.orderBy("points");
    expect(await idsOf(byPoints.startAt(18))).toEqual(["d", "b", "e"]);
    expect(await idsOf(byPoints.startAfter(18))).toEqual(["b", "e"]);
    expect(await idsOf(byPoints.endAt(18))).toEqual(["a", "c", "d"]);
    expect(await idsOf(byPoints.endBefore(18))).toEqual(["a", "c"]);
    expect(await idsOf(byPoints.startAfter(10).endBefore(25))).toEqual(["d"]);
  });

  test("follow a descending order", async () => {
    const byPoints = races.orderBy("points", "desc");
    expect(await idsOf(byPoints.startAt(18))).toEqual(["d", "c", "a"]);
    expect(await idsOf(byPoints.endBefore(18))).toEqual(["e", "b"]);
  });

  test("take a value for each order, or for the first ones only", async () => {
    const ordered = races.orderBy("year").orderBy("points", "desc");
    expect(await idsOf(ordered)).toEqual(["b", "a", "d", "c", "e"]);
    expect(await idsOf(ordered.startAt(2025))).toEqual(["d", "c", "e"]);
    expect(await idsOf(ordered.startAt(2024, 10))).toEqual(["a", "d", "c", "e"]);
    expect(await idsOf(ordered.startAfter(2024))).toEqual(["d", "c", "e"]);
    expect(await idsOf(ordered.endAt(2025, 18))).toEqual(["b", "a", "d"]);
  });

  test("from a document's snapshot go on just behind that document, between equals too", async () => {
    const byPoints = races.orderBy("points");
    const [a, b] = await Promise.all([races.doc("a").get(), races.doc("b").get()]);
    expect(await idsOf(byPoints.startAfter(a))).toEqual(["c", "d", "b", "e"]);
    expect(await idsOf(byPoints.startAt(b))).toEqual(["b", "e"]);
    expect(await idsOf(byPoints.endBefore(b))).toEqual(["a", "c", "d"]);
    expect(await idsOf(byPoints.endAt(a))).toEqual(["a"]);
  });

  test("from a snapshot work with a filter, and without any order", async () => {
    const c = await races.doc("c").get();
    const filtered = races.where("series", "==", "x").orderBy("points", "desc");
    expect(await idsOf(filtered.startAfter(c))).toEqual(["a"]);
    expect(await idsOf(races.startAfter(c))).toEqual(["d", "e"]);
  });

  test("walk through everything page by page, each document once", async () => {
    const seen: string[] = [];
    let page = await races.orderBy("points", "desc").limit(2).get();
    while (!page.empty) {
      seen.push(...ids(page));
      const last = page.docs.at(-1);
      page = await races.orderBy("points", "desc").startAfter(last).limit(2).get();
    }
    expect(seen).toEqual(["e", "b", "d", "c", "a"]);
  });
});

describe("parts of a result", () => {
  test("limit takes the first, limitToLast the last, in the query's order", async () => {
    const byPoints = races.orderBy("points");
    expect(await idsOf(byPoints.limit(2))).toEqual(["a", "c"]);
    expect(await idsOf(byPoints.limitToLast(2))).toEqual(["b", "e"]);
    expect(await idsOf(byPoints.startAt(18).limitToLast(2))).toEqual(["b", "e"]);
    expect(await idsOf(byPoints.limit(99))).toHaveLength(5);
  });

  test("offset skips, before the limit counts", async () => {
    expect(await idsOf(races.orderBy("points").offset(1).limit(2))).toEqual(["c", "d"]);
    expect(await idsOf(races.offset(5))).toEqual([]);
  });

  test("select brings only the fields it names, none for an empty list", async () => {
    const [named] = (await races.orderBy("points").select("year", "absent").get()).docs;
    expect([named?.id, named?.data()]).toEqual(["a", { year: 2024 }]);
    const [bare] = (await races.select().get()).docs;
    expect([bare?.id, bare?.data()]).toEqual(["a", {}]);
  });

  test("select reaches into maps", async () => {
    const collection = connection.collection();
    await collection.doc("one").set({ map: { in: 1, out: 2 }, "a.b": 3 });
    const found = await collection.select("map.in", new FieldPath("a.b")).get();
    expect(found.docs[0]?.data()).toEqual({ map: { in: 1 }, "a.b": 3 });
  });

  test("a large result arrives complete and in order", async () => {
    const collection = connection.collection();
    const batch = connection.database.batch();
    const text = "x".repeat(1_000);
    for (let n = 0; n < 1_200; n++) batch.set(collection.doc(`${10_000 + n}`), { n, text });
    await batch.commit();
    const found = await collection.orderBy("n", "desc").get();
    expect(found.docs.map((document) => document.get("n"))).toEqual(
      Array.from({ length: 1_200 }, (_, n) => 1_199 - n),
    );
  });
});

describe("document ids", () => {
  test("filter by themselves", async () => {
    expect(await idsOf(races.where(documentId, "==", "c"))).toEqual(["c"]);
    expect(await idsOf(races.where(documentId, "in", ["d", "a", "zz"]))).toEqual(["a", "d"]);
    expect(await idsOf(races.where(documentId, ">", "b").where(documentId, "<=", "d"))).toEqual([
      "c",
      "d",
    ]);
    expect(await idsOf(races.where(documentId, "not-in", ["a", "b"]))).toEqual(["c", "d", "e"]);
  });

  test("order both ways, and carry cursors", async () => {
    expect(await idsOf(races.orderBy(documentId))).toEqual(["a", "b", "c", "d", "e"]);
    expect(await idsOf(races.orderBy(documentId).startAfter("b").endAt("d"))).toEqual(["c", "d"]);
    expect(await idsOf(races.where("year", ">", 2024).orderBy("year").orderBy(documentId))).toEqual(
      ["c", "d", "e"],
    );
  });

  test("sort by the bytes of their UTF-8 form", async () => {
    const collection = connection.collection();
    const sorted = ["!", "10", "9", "A", "a", "é", "\uffff", "😀"];
    for (const id of sorted.toReversed()) await collection.doc(id).set({ n: 1 });
    expect(await idsOf(collection)).toEqual(sorted);
  });
});

describe("collection groups", () => {
  const laps = () => connection.database.collectionGroup("laps");

  test("bring every collection of that name at any depth, in the order of the paths", async () => {
    expect(await pathsOf(laps())).toEqual(LAPS.slice(0, 4).map(([path]) => path));
  });

  test("filter, sort, limit and count", async () => {
    expect(await pathsOf(laps().where("ms", ">", 10).orderBy("ms", "desc").limit(2))).toEqual([
      "laps/top",
      "races/b/laps/1",
    ]);
    expect((await laps().where("ms", "<", 45).count().get()).data().count).toBe(3);
  });

  test("compare ids as whole paths", async () => {
    const { database } = connection;
    const from = database.doc("races/b/laps/1");
    expect(await pathsOf(laps().where(documentId, ">", from))).toEqual([
      "races/b/laps/1/parts/9/laps/deep",
    ]);
    expect(await pathsOf(laps().where(documentId, "==", from))).toEqual(["races/b/laps/1"]);
  });

  test("are not what a single collection's query brings", async () => {
    expect(await pathsOf(races.doc("b").collection("laps"))).toEqual(["races/b/laps/1"]);
  });
});
