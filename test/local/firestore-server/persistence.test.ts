import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DocumentSnapshot, FieldValue, GeoPoint, Timestamp } from "@google-cloud/firestore";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { clientOf, startServer } from "./support.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "firestore-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A server in a process of its own, to be killed. */
const SERVE = `
  import { startFirestore } from "../../../local/firestore/index.ts";
  import { LocalClock } from "../../../local/kit/clock.ts";
  import { FaultPlan } from "../../../local/kit/faults.ts";
  const { host } = await startFirestore({
    clock: new LocalClock(),
    faults: new FaultPlan(),
    indexes: { indexes: [], fieldOverrides: [] },
    dataDir: process.argv[1],
  });
  process.stdout.write(host);
`;

const timesOf = ({ createTime, updateTime }: DocumentSnapshot) => ({ createTime, updateTime });

describe("a server with a data folder", () => {
  test("has after a restart every document with its values, types and times", async () => {
    const first = await startServer({ dataDir });
    const value = {
      big: 9007199254740993n,
      double: 1.5,
      notANumber: Number.NaN,
      minusZero: -0,
      nothing: null,
      text: "schöne Grüße",
      bytes: Buffer.from([0, 255]),
      at: new Timestamp(1_700_000_000, 123_456_000),
      place: new GeoPoint(52.5, 13.4),
      vector: FieldValue.vector([1, 2.5]),
      nested: { list: [1, { deep: true }], empty: {} },
    };
    const keyboard = first.client().doc("keyboards/one");
    await keyboard.set(value);
    await keyboard.update({ color: "teal" });
    const before = await keyboard.get();
    await first.stop();

    const second = await startServer({ dataDir });
    const client = second.client();
    client.settings({ useBigInt: true });
    const after = await client.doc("keyboards/one").get();
    expect(timesOf(after)).toEqual(timesOf(before));
    expect(after.get("big")).toBe(9007199254740993n);
    expect(after.get("minusZero")).toBe(-0);
    expect(after.data()).toEqual({
      ...value,
      vector: after.get("vector"),
      nested: { list: [1n, { deep: true }], empty: {} },
      color: "teal",
    });
    expect(after.get("vector").toArray()).toEqual([1, 2.5]);
    await second.stop();
  });

  test("keeps what was deleted deleted, databases apart, and time going forward", async () => {
    const first = await startServer({ dataDir });
    await first.clock.advance(86_400_000);
    const written = await first.client("one").doc("a/kept").set({ in: "one" });
    await first.client("two").doc("a/kept").set({ in: "two" });
    await first.client("one").doc("a/gone").set({});
    await first.client("one").doc("a/gone").delete();
    await first.stop();

    const second = await startServer({ dataDir });
    const all = await second.client("one").collection("a").get();
    expect(all.docs.map((found) => found.data())).toEqual([{ in: "one" }]);
    expect((await second.client("two").doc("a/kept").get()).data()).toEqual({ in: "two" });
    const next = await second.client("one").doc("a/next").set({});
    expect(next.writeTime.toMillis()).toBeGreaterThanOrEqual(written.writeTime.toMillis());
    await second.stop();
  });

  test("drops a commit that a crash cut short, whole, and nothing else", async () => {
    const first = await startServer({ dataDir });
    const client = first.client();
    await client.doc("a/whole").set({ n: 1 });
    const batch = client.batch();
    for (const id of ["torn1", "torn2"]) batch.set(client.doc(`a/${id}`), { n: 2 });
    await batch.commit();
    await first.stop();
    const log = join(dataDir, "commits.log");
    truncateSync(log, statSync(log).size - 3);

    const second = await startServer({ dataDir });
    const left = await second.client().collection("a").get();
    expect(left.docs.map((found) => found.id)).toEqual(["whole"]);
    await second.client().doc("a/later").set({ n: 3 });
    await second.stop();

    const third = await startServer({ dataDir });
    const found = await third.client().collection("a").get();
    expect(found.docs.map((document) => document.id)).toEqual(["later", "whole"]);
    await third.stop();
  });

  test("loses nothing it acknowledged when it is killed", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", SERVE, dataDir], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [host] = await once(child.stdout, "data");
    const client = clientOf(String(host), "keyboards");
    const acknowledged: string[] = [];
    const writing = Array.from({ length: 40 }, async (_, n) => {
      await client.doc(`a/${n}`).set({ n });
      acknowledged.push(String(n));
      if (acknowledged.length === 20) child.kill("SIGKILL");
    });
    const killed = once(child, "exit");
    await Promise.race([killed, Promise.allSettled(writing)]);
    await killed;
    const counted = [...acknowledged];
    const server = await startServer({ dataDir });
    const found = await server.client().collection("a").get();
    const ids = found.docs.map((document) => document.id);
    expect(counted.length).toBeGreaterThanOrEqual(20);
    expect(ids).toEqual(expect.arrayContaining(counted));
    await Promise.all([client.terminate(), server.stop()]);
    await Promise.allSettled(writing);
  });
});
