import { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import { authorizationOf } from "../../kit/google/identity-token.ts";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { HttpSender } from "../../kit/http/sender.ts";

/** A function to call every minute. */
export interface Schedule {
  readonly url: string;
  /** The account whose token the calls carry, with the URL as audience; none by default. */
  readonly account?: string;
  readonly everyMinutes: number;
  /** The deadline of each call. */
  readonly deadlineMs: number;
}

/** The running Cloud Scheduler emulator. */
export interface SchedulerEmulator {
  /** Whether no call is waiting for its answer. */
  idle(): boolean;
  /** Resolves when `idle()` is true; immediately if it already is. */
  whenIdle(): Promise<void>;
  /** Makes no calls until `resume`, like a paused job; omitted calls are not made up for. */
  pause(): void;
  resume(): void;
  stop(): void;
}

const MINUTE_MS = 60_000;
/** The service's name among the clock's upcoming things. */
export const SCHEDULER = "Cloud Scheduler";

/**
 * Starts a Cloud Scheduler emulator that calls each function on every full minute of the local
 * clock, as cron does. A call that is still running is not started again, so when the clock jumps
 * ahead only some calls are made. A failed call is not retried before its next time.
 * https://cloud.google.com/scheduler/docs/overview
 */
export function startScheduler(
  clock: LocalClock,
  schedules: readonly Schedule[],
  fetch?: InProcessFetch,
): SchedulerEmulator {
  const activity = new Activity();
  const sender = new HttpSender(clock, fetch);
  let isStopped = false;
  let isPaused = false;

  function arm({ url, account, everyMinutes, deadlineMs }: Schedule): void {
    const headers = () =>
      account ? { authorization: authorizationOf({ email: account, audience: url }, clock) } : {};
    const periodMs = everyMinutes * MINUTE_MS;
    let isRunning = false;
    const call = async () => {
      if (isRunning || isPaused) return;
      isRunning = true;
      activity.begin();
      const body = Buffer.alloc(0);
      await sender.send({ url, method: "POST", headers: headers(), body, deadlineMs });
      isRunning = false;
      activity.end();
    };
    const next = () => {
      const atMs = (Math.floor(clock.nowMs() / periodMs) + 1) * periodMs;
      const run = () => {
        if (isStopped) return;
        void call();
        next();
      };
      clock.at(atMs, run, () => ({
        service: SCHEDULER,
        what: `calls ${url.slice(url.lastIndexOf("/") + 1)}`,
        about: `every ${everyMinutes} minutes${isPaused ? ", paused" : ""}`,
      }));
    };
    next();
  }

  for (const schedule of schedules) arm(schedule);
  return {
    idle: () => activity.idle,
    whenIdle: () => activity.whenIdle(),
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    stop: () => {
      isStopped = true;
      sender.stop();
    },
  };
}
