import {
  AggregateField,
  type CollectionReference,
  FieldPath,
  Filter,
  type Query,
} from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, composite, connect, ids, onGoogle } from "./support.ts";

let connection: Connection;
let cities: CollectionReference;

const indexes = [
  composite("cities", "country", "population"),
  composite("cities", "country", "population desc"),
  composite("cities", "tags contains", "population"),
  composite("cities", "population", "rating"),
  composite("cities", "population desc", "rating desc"),
  composite("cities", "country", "rating desc", "population"),
];

beforeAll(async () => {
  connection = await connect({ indexes });
  cities = connection.database.collection("cities");
  const batch = connection.database.batch();
  for (const { id, ...city } of CITIES) batch.set(cities.doc(id), city);
  await batch.commit();
});
afterAll(() => connection.close());

const CITIES = [
  { id: "ams", country: "nl", population: 900, rating: 8, tags: ["canals", "bikes"], mayor: "F" },
  { id: "rtm", country: "nl", population: 650, rating: 7, tags: ["harbour", "bikes"] },
  { id: "par", country: "fr", population: 2100, rating: 8, tags: ["tower"], mayor: null },
  { id: "lyo", country: "fr", population: 520, rating: 9, tags: [], at: { zone: "cet" } },
  { id: "ber", country: "de", population: 3700, rating: 8, tags: ["bikes", "tower"] },
  { id: "bon", country: "de", population: 330, rating: 6, "odd.name": true },
];

const idsOf = async (query: Query) => ids(await query.get());

describe("filters together", () => {
  test("several equalities must all hold", async () => {
    const found = cities.where("country", "==", "nl").where("rating", "==", 8);
    expect(await idsOf(found)).toEqual(["ams"]);
  });

  test("equality with a range sorts by the range", async () => {
    const found = cities.where("country", "==", "nl").where("population", ">", 100);
    expect(await idsOf(found)).toEqual(["rtm", "ams"]);
  });

  test("a range has two ends", async () => {
    const found = cities.where("population", ">=", 520).where("population", "<", 900);
    expect(await idsOf(found)).toEqual(["lyo", "rtm"]);
  });

  test("ranges on several fields all hold, sorted by these fields' names", async () => {
    const found = cities.where("population", ">", 400).where("rating", ">", 7);
    expect(await idsOf(found)).toEqual(["lyo", "ams", "par", "ber"]);
    const backwards = found.orderBy("population", "desc").orderBy("rating", "desc");
    expect(await idsOf(backwards)).toEqual(["ber", "par", "ams", "lyo"]);
  });

  test("a list's element with a range", async () => {
    const found = cities.where("tags", "array-contains", "bikes").where("population", "<", 1_000);
    expect(await idsOf(found)).toEqual(["rtm", "ams"]);
  });

  test("in with another equality", async () => {
    const found = cities.where("country", "in", ["nl", "fr"]).where("rating", "==", 8);
    expect(await idsOf(found)).toEqual(["ams", "par"]);
  });

  test("or finds each document once, however many branches fit", async () => {
    const found = cities.where(
      Filter.or(
        Filter.where("country", "==", "nl"),
        Filter.where("rating", "==", 8),
        Filter.where("tags", "array-contains", "bikes"),
      ),
    );
    expect(await idsOf(found)).toEqual(["ams", "ber", "par", "rtm"]);
  });

  test("and inside or, or inside and", async () => {
    const byParts = Filter.or(
      Filter.and(Filter.where("country", "==", "nl"), Filter.where("rating", "==", 7)),
      Filter.and(Filter.where("country", "==", "fr"), Filter.where("rating", "==", 9)),
    );
    expect(await idsOf(cities.where(byParts))).toEqual(["lyo", "rtm"]);
    const eitherRating = Filter.or(
      Filter.where("rating", "==", 7),
      Filter.where("rating", "==", 8),
    );
    const dutch = cities.where(Filter.and(Filter.where("country", "==", "nl"), eitherRating));
    expect(await idsOf(dutch)).toEqual(["ams", "rtm"]);
  });

  test("an or with an order and a limit", async () => {
    const found = cities
      .where(Filter.or(Filter.where("country", "==", "nl"), Filter.where("country", "==", "de")))
      .orderBy("population", "desc")
      .limit(3);
    expect(await idsOf(found)).toEqual(["ber", "ams", "rtm"]);
  });

  test("nested fields and names with dots", async () => {
    expect(await idsOf(cities.where("at.zone", "==", "cet"))).toEqual(["lyo"]);
    expect(await idsOf(cities.where(new FieldPath("odd.name"), "==", true))).toEqual(["bon"]);
    expect(await idsOf(cities.where("odd.name", "==", true))).toEqual([]);
  });

  test("an order finds only documents that have the field, null included", async () => {
    expect(await idsOf(cities.orderBy("mayor"))).toEqual(["par", "ams"]);
  });

  test("several orders apply one after the other, down to the id", async () => {
    const found = cities
      .where("country", "in", ["nl", "fr"])
      .orderBy("rating", "desc")
      .orderBy("population");
    expect(await idsOf(found)).toEqual(["lyo", "ams", "par", "rtm"]);
    expect(await idsOf(cities.orderBy("rating", "desc"))).toEqual([
      "lyo",
      "par",
      "ber",
      "ams",
      "rtm",
      "bon",
    ]);
  });
});

describe("aggregates", () => {
  const figures = {
    count: AggregateField.count(),
    sum: AggregateField.sum("population"),
    average: AggregateField.average("population"),
  };
  const over = async (query: Query) => (await query.aggregate(figures).get()).data();

  test("count, add up and average what a query finds", async () => {
    expect(await over(cities)).toEqual({ count: 6, sum: 8_200, average: 8_200 / 6 });
    expect(await over(cities.where("country", "==", "nl"))).toEqual({
      count: 2,
      sum: 1_550,
      average: 775,
    });
  });

  test("of nothing are zero, zero and null", async () => {
    const none = cities.where("country", "==", "atlantis");
    expect(await over(none)).toEqual({ count: 0, sum: 0, average: null });
  });

  test("respect order, limit, offset and cursors", async () => {
    const middle = cities.orderBy("population").startAfter(330).offset(1).limit(2);
    expect(await over(middle)).toEqual({ count: 2, sum: 1_550, average: 775 });
  });

  test("take numbers only, whole and not, and leave out documents without the field", async () => {
    const collection = connection.collection();
    for (const n of [1, 2.5, "3", null, [4]]) await collection.add({ n });
    await collection.add({ other: 1 });
    const query = collection.aggregate({
      all: AggregateField.count(),
      sum: AggregateField.sum("n"),
      average: AggregateField.average("n"),
    });
    const alone = collection.aggregate({ sum: AggregateField.sum("n") });
    expect((await alone.get()).data()).toEqual({ sum: 3.5 });
    expect((await query.get()).data()).toEqual({ all: 5, sum: 3.5, average: 1.75 });
    expect((await collection.count().get()).data()).toEqual({ count: 6 });
  });

  test("add whole numbers exactly, and go over to doubles beyond 64 bits", async () => {
    const exact = connection.client({ useBigInt: true });
    const collection = exact.collection(connection.collection().id);
    await collection.doc("a").set({ n: 9007199254740993n, m: 9223372036854775807n });
    await collection.doc("b").set({ n: 2n, m: 1n });
    const sumOf = async (field: string) => {
      const sum = collection.aggregate({ sum: AggregateField.sum(field) });
      return (await sum.get()).data().sum;
    };
    expect(await sumOf("n")).toBe(9007199254740995n);
    expect(await sumOf("m")).toBe(2 ** 63);
  });

  test("are NaN as soon as one number is", async () => {
    const collection = connection.collection();
    await collection.add({ n: 1 });
    await collection.add({ n: NaN });
    const sum = collection.aggregate({ sum: AggregateField.sum("n") });
    expect((await sum.get()).data()).toEqual({ sum: NaN });
  });

  test("in a transaction see what it sees", async () => {
    const counted = await connection.database.runTransaction(async (transaction) => {
      const dutch = cities.where("country", "==", "nl");
      const [found, aggregate] = await Promise.all([
        transaction.get(dutch),
        transaction.get(dutch.aggregate(figures)),
      ]);
      return [found.size, aggregate.data()];
    });
    expect(counted).toEqual([2, { count: 2, sum: 1_550, average: 775 }]);
  });
});

/* Google's emulator answers every query: https://firebase.google.com/docs/emulator-suite/connect_firestore#how_the_emulator_differs_from_production */
if (!onGoogle) {
  describe("a query without its composite index", () => {
    test("fails, and names the index to add", async () => {
      const query = cities.where("country", "==", "nl").orderBy("mayor", "desc");
      const error = await query.get().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: status.FAILED_PRECONDITION });
      expect(String(error)).toMatch(/index/);
      for (const part of ["cities", "country", "mayor"]) expect(String(error)).toContain(part);
    });

    test("fails in counts and in transactions too", async () => {
      const query = cities.where("country", "==", "nl").where("mayor", ">", "A");
      const refused = { code: status.FAILED_PRECONDITION };
      await expect(query.count().get()).rejects.toMatchObject(refused);
      const reading = connection.database.runTransaction((transaction) => transaction.get(query));
      await expect(reading).rejects.toMatchObject(refused);
    });
  });
}
