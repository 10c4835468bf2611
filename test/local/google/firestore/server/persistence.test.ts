import { type DocumentSnapshot, FieldValue, GeoPoint, Timestamp } from "@google-cloud/firestore";
import { describe, expect, test } from "@jest/globals";
import { PersistentState } from "../../../../../local/kit/persistent-state.ts";
import { startServer } from "./support.ts";

/** A server that begins with what another has left. */
const startedAfter = (state: PersistentState) =>
  startServer({ state: new PersistentState(state.snapshot()) });

const timesOf = ({ createTime, updateTime }: DocumentSnapshot) => ({ createTime, updateTime });

describe("a server with the state of another", () => {
  test("has after a restart every document with its values, types and times", async () => {
    const state = new PersistentState();
    const first = await startServer({ state });
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

    const second = await startedAfter(state);
    const client = second.client();
    client.settings({ useBigInt: true });
    const found = await client.doc("keyboards/one").get();
    expect(timesOf(found)).toEqual(timesOf(before));
    expect(found.get("big")).toBe(9007199254740993n);
    expect(found.get("minusZero")).toBe(-0);
    expect(found.data()).toEqual({
      ...value,
      vector: found.get("vector"),
      nested: { list: [1n, { deep: true }], empty: {} },
      color: "teal",
    });
    expect(found.get("vector").toArray()).toEqual([1, 2.5]);
    await second.stop();
  });

  test("keeps what was deleted deleted, databases apart, and time going forward", async () => {
    const state = new PersistentState();
    const first = await startServer({ state });
    await first.clock.advance(86_400_000);
    const written = await first.client("one").doc("a/kept").set({ in: "one" });
    await first.client("two").doc("a/kept").set({ in: "two" });
    await first.client("one").doc("a/gone").set({});
    await first.client("one").doc("a/gone").delete();
    await first.stop();

    const second = await startedAfter(state);
    const all = await second.client("one").collection("a").get();
    expect(all.docs.map((found) => found.data())).toEqual([{ in: "one" }]);
    expect((await second.client("two").doc("a/kept").get()).data()).toEqual({ in: "two" });
    const next = await second.client("one").doc("a/next").set({});
    expect(next.writeTime.toMillis()).toBeGreaterThanOrEqual(written.writeTime.toMillis());
    await second.stop();
  });
});
