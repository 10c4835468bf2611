import * as z from "zod/mini";
import { SCHEDULER } from "../../../local/google/scheduler/index.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";
import { passUntil } from "../passing.ts";

/** The longest step forward: a year. */
const MOST_MS = 366 * 86_400_000;
/** How many of the upcoming things are listed. */
const LISTED = 100;

/** Which upcoming things count; Cloud Scheduler calls something every few minutes. */
const chosen = z.object({ withScheduler: z.boolean() });

/** The local cloud's clock, and what the services will do by themselves. */
export function timePanel({ cloud, save }: StudioHost) {
  const { clock } = cloud;
  let advancingToMs: number | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const read = () => ({
    nowMs: clock.nowMs(),
    aheadMs: clock.aheadMs,
    isPaused: clock.isPaused,
    /** Where the clock is on its way to; undefined unless it is being advanced. */
    advancingToMs,
  });
  const upcoming = ({ withScheduler }: z.infer<typeof chosen>) =>
    clock.upcoming().filter(({ service }) => withScheduler || service !== SCHEDULER);
  const advanceTo = async (atMs: number) => {
    if (atMs - clock.nowMs() > MOST_MS) throw new Error("That is more than a year ahead.");
    advancingToMs = atMs;
    try {
      await passUntil(atMs, cloud);
    } finally {
      advancingToMs = undefined;
      save();
    }
    return read();
  };
  /** One after the other: of two pages that advance at once, each gets its own step. */
  const inTurn = <Result>(advance: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(advance);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    calls: {
      read: defineCall(z.object({}), read),
      upcoming: defineCall(chosen, (input) => {
        const all = upcoming(input);
        return { things: all.slice(0, LISTED), count: all.length };
      }),
      advance: defineCall(z.object({ ms: z.number().check(z.gte(0), z.lte(MOST_MS)) }), ({ ms }) =>
        inTurn(() => advanceTo(clock.nowMs() + ms)),
      ),
      advanceTo: defineCall(z.object({ atMs: z.number() }), ({ atMs }) => {
        if (atMs < clock.nowMs()) throw new Error("That time is over. The clock does not go back.");
        return inTurn(() => advanceTo(atMs));
      }),
      advanceToNext: defineCall(chosen, (input) =>
        inTurn(async () => {
          const [next] = upcoming(input);
          if (!next) throw new Error("Nothing is due.");
          await advanceTo(next.atMs);
          return next;
        }),
      ),
      pause: defineCall(z.object({}), () => {
        clock.pause();
        return read();
      }),
      resume: defineCall(z.object({}), () => {
        clock.resume();
        return read();
      }),
    },
    version: () =>
      `${clock.dueVersion} ${advancingToMs} ${clock.isPaused ? `paused ${clock.nowMs()}` : Math.round(clock.aheadMs)}`,
  };
}
