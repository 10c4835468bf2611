import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startServer, type TestServer, until } from "./support.ts";

const database = "projects/keyboards/databases/(default)";
const nameOf = (path: string) => `${database}/documents/${path}`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Starts a transaction that has read the documents and stays open. */
async function reading(...paths: string[]): Promise<Uint8Array> {
  const [{ transaction }] = await server.calls.beginTransaction({ database });
  const id = transaction as Uint8Array;
  for (const path of paths) await server.calls.getDocument({ name: nameOf(path), transaction: id });
  return id;
}

/** Sets documents to a number, in a transaction if there is one. */
async function write(n: number, paths: string[], transaction?: Uint8Array): Promise<string> {
  const writes = paths.map((path) => ({
    update: { name: nameOf(path), fields: { n: { integerValue: n } } },
  }));
  try {
    await server.calls.commit({ database, writes, transaction: transaction ?? null });
    return "done";
  } catch (error) {
    return status[(error as { code: number }).code] ?? "unknown";
  }
}

async function storedNumber(path: string): Promise<unknown> {
  return (await server.client().doc(path).get()).get("n");
}

/** A commit that waits has a limit of seconds; transactions that are merely open, of a minute. */
const someCommitWaits = () =>
  (server.clock.nextDueMs() ?? Number.POSITIVE_INFINITY) < server.clock.nowMs() + 10_000;

describe("transactions that wait for each other", () => {
  test("do not wait for long: some have to restart, but not the oldest", async () => {
    await write(0, ["circle/a", "circle/b", "circle/c"]);
    const oldest = await reading("circle/a", "circle/b");
    const middle = await reading("circle/b", "circle/c");
    const youngest = await reading("circle/c", "circle/a");
    const outcomes = await Promise.all([
      write(1, ["circle/b"], oldest),
      write(2, ["circle/c"], middle),
      write(3, ["circle/a"], youngest),
    ]);
    expect(outcomes).toEqual(["done", "done", "ABORTED"]);
  });

  test("that all read and then write one document: one of thirty succeeds", async () => {
    await write(0, ["counter/one"]);
    const transactions = await Promise.all(
      Array.from({ length: 30 }, () => reading("counter/one")),
    );
    const outcomes = await Promise.all(
      transactions.map((transaction, n) => write(n + 1, ["counter/one"], transaction)),
    );
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(await storedNumber("counter/one")).toBe(outcomes.indexOf("done") + 1);
  });
});

describe("a plain write", () => {
  test("to a document that an open transaction has read eventually fails without effect", async () => {
    await write(0, ["held/one"]);
    const holder = await reading("held/one");
    const outcome = write(1, ["held/one"]);
    await until(someCommitWaits);
    await server.clock.advance(10_000);
    expect(await outcome).toBe("ABORTED");
    expect(await write(2, ["held/one"], holder)).toBe("done");
    expect(await storedNumber("held/one")).toBe(2);
  });
});
