import * as z from "zod/mini";
import { SCHEDULER } from "../../../local/scheduler/index.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";

/** The longest step forward: a year. */
const MOST_MS = 366 * 86_400_000;
/** How many of the upcoming things are listed. */
const LISTED = 100;

/** Which upcoming things count; Cloud Scheduler calls something every few minutes. */
const chosen = z.object({ withScheduler: z.boolean() });

/** The local cloud's clock, and what the services will do by themselves. */
export function timePanel({ cloud: { clock }, save }: StudioHost) {
  const read = () => ({
    nowMs: clock.nowMs(),
    aheadMs: clock.aheadMs,
    isPaused: clock.isPaused,
  });
  const upcoming = ({ withScheduler }: z.infer<typeof chosen>) =>
    clock.upcoming().filter(({ service }) => withScheduler || service !== SCHEDULER);
  const advanceTo = async (atMs: number) => {
    const ms = atMs - clock.nowMs();
    if (ms > MOST_MS) throw new Error("That is more than a year ahead.");
    await clock.advance(Math.max(0, ms));
    save();
    return read();
  };
  return {
    calls: {
      read: defineCall(z.object({}), read),
      upcoming: defineCall(chosen, (input) => {
        const all = upcoming(input);
        return { things: all.slice(0, LISTED), count: all.length };
      }),
      advance: defineCall(z.object({ ms: z.number().check(z.gte(0), z.lte(MOST_MS)) }), ({ ms }) =>
        advanceTo(clock.nowMs() + ms),
      ),
      advanceTo: defineCall(z.object({ atMs: z.number() }), ({ atMs }) => {
        if (atMs < clock.nowMs()) throw new Error("That time is over. The clock does not go back.");
        return advanceTo(atMs);
      }),
      advanceToNext: defineCall(chosen, async (input) => {
        const [next] = upcoming(input);
        if (!next) throw new Error("Nothing is due.");
        await advanceTo(next.atMs);
        return next;
      }),
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
      `${clock.dueVersion} ${clock.isPaused ? `paused ${clock.nowMs()}` : Math.round(clock.aheadMs)}`,
  };
}
