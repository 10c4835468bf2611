import { describe, expect, test } from "@jest/globals";
import { LostLockError, underLock } from "../../../shared/runtime/under-lock.ts";
import { redisOf } from "../../support/clients/redis.ts";
import { useCloud } from "../../support/cloud.ts";

const cloud = await useCloud();
const { clock } = cloud;
const deps = { redis: redisOf(cloud), clock };

/** Begins a run under a lock that ends when `finish` is called. */
function beginRun(key: string) {
  const { promise: work, resolve } = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const run = underLock(
    key,
    [],
    async () => {
      begun.resolve();
      return work;
    },
    deps,
  );
  const ended = Promise.allSettled([run]).then(([outcome]) => outcome);
  return { begun: begun.promise, finish: () => resolve("shown"), ended };
}

describe("a run under a lock", () => {
  test("keeps the lock for as long as it takes", async () => {
    const run = beginRun("lock:long");
    await run.begun;
    for (let second = 0; second < 20; second += 1) await clock.advance(1_000);
    await expect(underLock("lock:long", [], async () => "other", deps)).rejects.toThrow(
      "Another run holds lock:long",
    );
    run.finish();
    expect(await run.ended).toEqual({ status: "fulfilled", value: "shown" });
    expect(await underLock("lock:long", [], async () => "other", deps)).toBe("other");
  });

  test("learns that it lost the lock, although the next run has ended by the time of its renewal", async () => {
    const run = beginRun("lock:lost");
    await run.begun;
    await (await deps.redis()).del("lock:lost");
    expect(await underLock("lock:lost", [], async () => "newer", deps)).toBe("newer");
    for (let second = 0; second < 5; second += 1) await clock.advance(1_000);
    expect(await (await deps.redis()).get("lock:lost")).toBeNull();
    run.finish();
    expect(await run.ended).toMatchObject({
      status: "rejected",
      reason: expect.any(LostLockError),
    });
  });

  test("is known to the next runs while it may still continue, if it lost the lock and has not ended", async () => {
    const next = () => underLock("lock:stalled", [], async ({ isOvertaken }) => isOvertaken, deps);
    expect(await next()).toBe(false);
    const run = beginRun("lock:stalled");
    await run.begun;
    await (await deps.redis()).del("lock:stalled");
    expect(await next()).toBe(true);
    expect(await next()).toBe(true);
    await clock.advance(31 * 60_000);
    expect(await next()).toBe(false);
    run.finish();
    await run.ended;
  });
});
