import { FieldValue, type Firestore } from "@google-cloud/firestore";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startServer, type TestServer } from "./support.ts";

/** gRPC status 3. */
const refused = { code: 3 };
let server: TestServer;
let firestore: Firestore;

beforeAll(async () => {
  server = await startServer();
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
});

test("four underscores are an id like any other", async () => {
  await firestore.doc("ids/____").set({ n: 1 });
  expect((await firestore.doc("ids/____").get()).get("n")).toBe(1);
});
