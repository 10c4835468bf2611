import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import { authorizationOf } from "../kit/identity-token.ts";
import type { InProcessFetch } from "../kit/in-process.ts";
import { HttpSender } from "../kit/sender.ts";

/** A function that is called again and again. */
export interface Schedule {
  readonly url: string;
  /** Whose token the calls carry, made out to the address; none unless given. */
  readonly account?: string;
  readonly everyMinutes: number;
  /** How long it may take to answer. */
  readonly deadlineMs: number;
}

/** Running Cloud Scheduler of the local cloud. */
export interface SchedulerEmulator {
  /** No call waits for its answer. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
  /** Makes no calls until `resume`, as jobs can be paused; calls left out are not made up for. */
  pause(): void;
  resume(): void;
  stop(): void;
}

const MINUTE_MS = 60_000;

/**
 * Starts Cloud Scheduler: calls each function on the whole minutes of the local clock, as cron does.
 * A call that is still going on is not made again, so of the calls that a leap of the clock passes
 * over only some are made. A failed call waits for its next time.
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
      clock.at(atMs, () => {
        if (isStopped) return;
        void call();
        next();
      });
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
