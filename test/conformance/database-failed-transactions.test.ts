import { describe, expect, test } from "@jest/globals";
import { ABORTED, CODES, ours, useFaults } from "./faulty-databases.ts";

describe.each(ours)("failures through $name", (adapter) => {
  const { plan, transact, newCollection } = useFaults(adapter);

  test("after some codes only a transaction's commit is retried, after others the whole transaction", async () => {
    const ways = new Map<number, string>();
    for (const code of CODES) {
      plan("Commit", { kind: "fail", code });
      const { outcome, attempts, calls } = await transact(newCollection().doc("one"));
      const commits = calls.filter((name) => name === "Commit").length;
      if ("refused" in outcome) {
        expect([outcome.code, attempts, commits]).toEqual([code, 1, 1]);
        ways.set(code, "refused");
      } else ways.set(code, attempts === 1 ? "commit" : "whole");
    }
    const codesOf = (way: string) => CODES.filter((code) => ways.get(code) === way);
    expect(codesOf("commit")).toEqual([8, 14]);
    expect(codesOf("whole")).toEqual([1, 2, 4, 10, 13, 16]);
    expect(codesOf("refused")).toEqual([3, 5, 6, 7, 9, 11, 12, 15]);
  });

  test("after some codes only a transaction's first read is retried, after others the whole transaction", async () => {
    const begun = new Map<number, number | "refused">();
    for (const code of CODES) {
      plan("BatchGetDocuments", { kind: "fail", code });
      const { outcome, attempts } = await transact(newCollection().doc("one"));
      begun.set(code, "refused" in outcome ? "refused" : attempts);
    }
    const codesOf = (way: number | "refused") => CODES.filter((code) => begun.get(code) === way);
    expect(codesOf(1)).toEqual([4, 13, 14]);
    expect(codesOf(2)).toEqual([1, 2, 8, 10, 16]);
    expect(codesOf("refused")).toEqual([3, 5, 6, 7, 9, 11, 12, 15]);
  });

  test("a failed attempt is rolled back, and the next one takes its place", async () => {
    plan("Commit", { kind: "fail", code: ABORTED });
    const { calls } = await transact(newCollection().doc("one"));
    expect(calls).toEqual([
      "BatchGetDocuments",
      "Commit",
      "Rollback",
      "BatchGetDocuments",
      "Commit",
    ]);
  });

  test("a transaction gives up after its fifth attempt with the last error", async () => {
    plan("Commit", { kind: "fail", code: ABORTED }, 5);
    const place = newCollection().doc("one");
    const { outcome, attempts, calls } = await transact(place);
    expect(attempts).toBe(5);
    expect(calls.filter((name) => name === "Commit")).toHaveLength(5);
    expect(outcome).toEqual({
      refused: "later",
      code: ABORTED,
      message: "10 ABORTED: Planned failure of Commit",
    });
    expect((await place.get()).exists).toBe(false);
  });

  test("a failed rollback causes no error", async () => {
    plan("Commit", { kind: "fail", code: 7 });
    plan("Rollback", { kind: "fail", code: 7 });
    const { outcome } = await transact(newCollection().doc("one"));
    expect(outcome).toMatchObject({ refused: "later", code: 7 });
  });
});
