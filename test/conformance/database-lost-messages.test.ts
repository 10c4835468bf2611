import { describe, expect, test } from "@jest/globals";
import { outcomeOf } from "./databases.ts";
import { ours, useFaults } from "./faulty-databases.ts";

describe.each(ours)("failures through $name", (adapter) => {
  const { plan, callsOf, transact, newCollection } = useFaults(adapter);

  test.each(["drop", "fail"] as const)(
    "a write whose request is lost is done once (%s)",
    async (kind) => {
      const place = newCollection().doc("one");
      plan("Commit", kind === "drop" ? { kind } : { kind, code: 14 });
      const { outcome, calls } = await callsOf(() => place.create({ n: 1 }));
      expect(outcome).toHaveProperty("value");
      expect(calls).toEqual(["Commit", "Commit"]);
      expect((await place.get()).get("n")).toBe(1);
    },
  );

  test("a write whose response is lost is repeated, which a create and a precondition detect", async () => {
    const collection = newCollection();
    plan("Commit", { kind: "lose-answer" });
    expect(await outcomeOf(() => collection.doc("set").set({ n: 1 }))).toHaveProperty("value");
    plan("Commit", { kind: "lose-answer" });
    const created = await outcomeOf(() => collection.doc("created").create({ n: 1 }));
    expect(created).toMatchObject({ refused: "later", code: 6 });
    expect((await collection.doc("created").get()).exists).toBe(true);
    const { writeTime } = await collection.doc("updated").set({ n: 1 });
    plan("Commit", { kind: "lose-answer" });
    const updated = await outcomeOf(() =>
      collection.doc("updated").update({ n: 2 }, { lastUpdateTime: writeTime }),
    );
    expect(updated).toMatchObject({ refused: "later", code: 9 });
    expect((await collection.doc("updated").get()).get("n")).toBe(2);
  });

  test("a transaction whose response is lost was committed, even if its caller sees an error", async () => {
    const place = newCollection().doc("one");
    plan("Commit", { kind: "lose-answer" });
    const { outcome, attempts, calls } = await transact(place);
    expect(outcome).toMatchObject({
      refused: "later",
      code: 3,
      message: expect.stringMatching(/^3 INVALID_ARGUMENT: Transaction is invalid or closed/),
    });
    expect([attempts, calls]).toEqual([1, ["BatchGetDocuments", "Commit", "Commit", "Rollback"]]);
    expect((await place.get()).get("n")).toBe(1);
  });

  test("a read whose response is lost is repeated", async () => {
    const place = newCollection().doc("one");
    await place.set({ n: 1 });
    plan("BatchGetDocuments", { kind: "lose-answer" });
    plan("RunQuery", { kind: "lose-answer" });
    const { calls } = await callsOf(async () => {
      await place.get();
      await place.parent.get();
    });
    expect(calls).toEqual(["BatchGetDocuments", "BatchGetDocuments", "RunQuery", "RunQuery"]);
  });
});
