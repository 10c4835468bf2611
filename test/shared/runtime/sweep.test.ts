import { expect, test } from "@jest/globals";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { createLog } from "../../../shared/runtime/log.ts";
import { defineSweep, runSweeps, type Sweep } from "../../../shared/runtime/sweep.ts";

const MINUTE_MS = 60_000;

/** The dependencies of sweeps: a clock that only `pass` advances, and stored cursors. */
function world() {
  let nowMs = 0;
  const cursors = new Map<string, string>();
  const pass = async (ms: number) => {
    nowMs += ms;
  };
  const clock: Clock = { now: () => new Date(nowMs), sleep: pass };
  const sweeps = {
    doneUpTo: async () => new Map(cursors),
    recordDoneUpTo: async (name: string, cursor: string | undefined) => {
      if (cursor === undefined) cursors.delete(name);
      else cursors.set(name, cursor);
    },
  };
  const deps = { clock, sweeps, log: createLog(() => {}) };
  return { pass, run: (...each: Sweep<typeof deps>[]) => runSweeps(each, deps) };
}

const ids = Array.from({ length: 7 }, (_, index) => `id-${index}`);
const behind = async (after: string | undefined, limit: number) =>
  ids.filter((id) => after === undefined || id > after).slice(0, limit);
const part = { does: "", asks: [] } as const;

test("a list that is too long for one run is continued by the next runs, and then starts again", async () => {
  const { run } = world();
  const done: string[] = [];
  const sweep = defineSweep({
    ...part,
    name: "long",
    budget: { maxItems: 3 },
    run: (_deps, turn) => turn.forEachInTurn(behind, async (id) => done.push(id)),
  });
  for (const _run of [1, 2, 3, 4]) await run(sweep);
  expect(done).toEqual([...ids, ...ids.slice(0, 3)]);
});

test("after its time budget a sweep starts nothing more, continues there in the next run, and does not delay others", async () => {
  const { run, pass } = world();
  const done = { slow: [] as string[], quick: [] as string[] };
  const slow = defineSweep({
    ...part,
    name: "slow",
    run: (_deps, turn) =>
      turn.forEachInTurn(behind, async (id) => {
        done.slow.push(id);
        await pass(2 * MINUTE_MS);
      }),
  });
  const quick = defineSweep({
    ...part,
    name: "quick",
    budget: { ms: 60 * MINUTE_MS },
    run: (_deps, turn) => turn.forEachInTurn(behind, async (id) => done.quick.push(id)),
  });
  await run(slow, quick);
  expect(done).toEqual({ slow: ids.slice(0, 2), quick: ids });
  await run(slow, quick);
  expect(done.slow).toEqual(ids.slice(0, 4));
});

test("an entry that fails stops neither its list nor another sweep, now or in the next run", async () => {
  const { run } = world();
  const done: string[] = [];
  const failing = defineSweep({
    ...part,
    name: "failing",
    budget: { maxItems: 4 },
    run: (_deps, turn) =>
      turn.forEachInTurn(behind, async (id) => {
        done.push(id);
        throw new Error("cannot be read");
      }),
  });
  const other = defineSweep({ ...part, name: "other", run: async () => void done.push("other") });
  expect(await run(failing, other)).toEqual(["failing"]);
  expect(done.toSorted()).toEqual([...ids.slice(0, 4), "other"]);
  await run(failing);
  expect(done).toEqual(expect.arrayContaining(ids));
});

test("a slow entry at the end of its list costs no run: the next one starts again", async () => {
  const { run, pass } = world();
  const done: string[] = [];
  const sweep = defineSweep({
    ...part,
    name: "slow",
    run: (_deps, turn) =>
      turn.forEachInTurn(
        async (after) => (after === undefined ? ["only"] : []),
        async (id) => {
          done.push(id);
          await pass(60 * MINUTE_MS);
        },
      ),
  });
  await run(sweep);
  await run(sweep);
  expect(done).toEqual(["only", "only"]);
});
