import { FieldValue } from "@google-cloud/firestore";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startServer, type TestServer, until } from "./support.ts";

const HOUR_MS = 3_600_000;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const target = "firestore";
const commits = { target, operation: /^Commit$/, times: 1 } as const;

describe("a planned fault", () => {
  test("that refuses a commit leaves nothing behind", async () => {
    server.faults.add({ ...commits, fault: { kind: "fail", code: status.PERMISSION_DENIED } });
    const document = server.client().doc("a/refused");
    await expect(document.set({})).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    expect((await document.get()).exists).toBe(false);
  });

  test("that drops a commit leaves nothing behind, so that a retry does it once", async () => {
    server.faults.add({ ...commits, fault: { kind: "drop" } });
    const document = server.client().doc("a/dropped");
    await document.set({ n: FieldValue.increment(1) });
    expect((await document.get()).data()).toEqual({ n: 1 });
  });

  test("that loses the response to a commit leaves it done, so that a retry does it twice", async () => {
    server.faults.add({ ...commits, fault: { kind: "lose-answer" } });
    const document = server.client().doc("a/lost");
    await document.set({ n: FieldValue.increment(1) }, { merge: true });
    expect((await document.get()).data()).toEqual({ n: 2 });
  });

  test("that loses the response to a create makes the retry fail with ALREADY_EXISTS", async () => {
    server.faults.add({ ...commits, fault: { kind: "lose-answer" } });
    const document = server.client().doc("a/made");
    await expect(document.create({})).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
    expect((await document.get()).exists).toBe(true);
  });

  test("that delays a commit executes it later by the clock", async () => {
    server.faults.add({ ...commits, fault: { kind: "delay", ms: HOUR_MS } });
    const document = server.client().doc("a/late");
    const written = document.set({});
    await until(() => (server.clock.nextDueMs() ?? 0) > server.clock.nowMs() + HOUR_MS / 2);
    expect((await document.get()).exists).toBe(false);
    await server.clock.advance(HOUR_MS);
    await written;
    expect((await document.get()).exists).toBe(true);
  });

  test("affects queries, reads and listeners by their own names", async () => {
    const fault = { kind: "fail", code: status.PERMISSION_DENIED } as const;
    for (const operation of [/^RunQuery$/, /^BatchGetDocuments$/, /^Listen$/]) {
      server.faults.add({ target, operation, fault, times: 1 });
    }
    const collection = server.client().collection("b");
    const refused = { code: status.PERMISSION_DENIED };
    await expect(collection.get()).rejects.toMatchObject(refused);
    await expect(collection.doc("x").get()).rejects.toMatchObject(refused);
    const listening = server.calls.listen();
    const listened = new Promise((resolve, reject) => {
      listening.on("data", resolve).on("error", reject);
    });
    listening.write({ database: "projects/keyboards/databases/(default)", removeTarget: 1 });
    await expect(listened).rejects.toMatchObject(refused);
    expect((await collection.get()).size).toBe(0);
  });
});
