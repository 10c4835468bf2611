import { FieldValue, type Firestore } from "@google-cloud/firestore";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { composite } from "../conformance/support.ts";
import { startServer, type TestServer } from "./support.ts";

/** gRPC status 3. */
const refused = { code: 3 };
let server: TestServer;
let firestore: Firestore;

beforeAll(async () => {
  server = await startServer({
    indexes: {
      indexes: [composite("tagged", "kind", "tags contains")],
      fieldOverrides: [{ collectionGroup: "exempt", fieldPath: "map", indexes: [] }],
    },
  });
  firestore = server.client();
});
afterAll(() => server.stop());

// https://firebase.google.com/docs/firestore/quotas: Google's emulator does not keep to these.
describe("limits of production that Google's emulator does not have", () => {
  const nested = (depth: number) =>
    firestore.doc(Array.from({ length: depth }, (_, index) => `c/${index}`).join("/"));

  test("a document lies below 100 collections at most", async () => {
    await nested(100).set({ n: 1 });
    await expect(nested(101).set({ n: 1 })).rejects.toMatchObject(refused);
  });

  test("a name has 6 KiB at most", async () => {
    const long = "x".repeat(1500);
    await firestore.doc(`a/${long}/b/${long}/c/${long}/d/x`).set({ n: 1 });
    const tooLong = firestore.doc(
      `a/${long}/b/${long}/c/${long}/d/${long}/e/${long}`.slice(0, 6400),
    );
    await expect(tooLong.set({ n: 1 })).rejects.toMatchObject(refused);
  });

  test("one commit transforms a document 500 times at most", async () => {
    const increments = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`n${i}`, FieldValue.increment(1)]),
      );
    const document = firestore.doc("transforms/one");
    await document.set(increments(500));
    const batch = firestore.batch().set(document, increments(500)).set(document, increments(1));
    await expect(batch.commit()).rejects.toMatchObject(refused);
    expect((await document.get()).get("n0")).toBe(1);
  });

  test("the names that lead to a field have 1,500 bytes at most, with the dots between them", async () => {
    const nested = (bytes: number) => ({ [long]: { [long]: { ["x".repeat(bytes - 1002)]: 1 } } });
    const long = "y".repeat(500);
    await firestore.doc("paths/one").set(nested(1500));
    await expect(firestore.doc("paths/one").set(nested(1501))).rejects.toMatchObject(refused);
    const query = firestore.collection("paths").where(`${long}.${long}.${long}`, "==", 1);
    await expect(query.get()).rejects.toMatchObject(refused);
  });

  describe("a document has 40,000 entries in indexes at most", () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
    const fields = (count: number) =>
      Object.fromEntries(numbers(count).map((index) => [`f${index}`, index]));
    const tooMany = (path: string) => ({
      ...refused,
      details: `too many index entries for entity /${path}`,
    });

    test("an array has two for each different element, and two of its own", async () => {
      await firestore.doc("entries/array").set({ all: numbers(19_999) });
      await expect(
        firestore.doc("entries/array").set({ all: numbers(20_000) }),
      ).rejects.toMatchObject(tooMany("entries/array"));
      await firestore.doc("entries/array").set({ all: Array(20_000).fill(1) });
    });

    test("every field has two, in a map too, and the map itself", async () => {
      await firestore.doc("entries/map").set({ map: fields(19_999) });
      await expect(firestore.doc("entries/map").set({ map: fields(20_000) })).rejects.toMatchObject(
        tooMany("entries/map"),
      );
    });

    test("an exemption of a map spares what is in it", async () => {
      await firestore.doc("exempt/map").set({ map: fields(30_000) });
      await expect(
        firestore.doc("exempt/other").set({ other: fields(30_000) }),
      ).rejects.toMatchObject(tooMany("exempt/other"));
    });

    test("a composite index has one for each element of its array", async () => {
      await firestore.doc("tagged/one").set({ tags: numbers(13_332), kind: 1 });
      await expect(
        firestore.doc("tagged/one").set({ tags: numbers(13_333), kind: 1 }),
      ).rejects.toMatchObject(tooMany("tagged/one"));
      await firestore.doc("tagged/one").set({ tags: numbers(13_333) });
    });

    test("a transform may not make more of them", async () => {
      await firestore.doc("entries/growing").set({ all: numbers(19_999) });
      const more = { all: FieldValue.arrayUnion("one more") };
      await expect(firestore.doc("entries/growing").update(more)).rejects.toMatchObject(
        tooMany("entries/growing"),
      );
    });
  });
});

test("four underscores are an id like any other", async () => {
  await firestore.doc("ids/____").set({ n: 1 });
  expect((await firestore.doc("ids/____").get()).get("n")).toBe(1);
});
