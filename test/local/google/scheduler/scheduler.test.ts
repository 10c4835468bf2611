import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  type SchedulerEmulator,
  startScheduler,
} from "../../../../local/google/scheduler/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { identityIn } from "../../../../local/kit/google/identity-token.ts";
import { type Receiver, startReceiver } from "../../../support/calls/receiver.ts";

const MINUTE_MS = 60_000;
const DEADLINE_MS = 30_000;

let clock: LocalClock;
let worker: Receiver;
let scheduler: SchedulerEmulator;
/** The minutes of the hour at which calls came. */
let minutes: number[];

beforeEach(async () => {
  clock = new LocalClock();
  worker = await startReceiver();
  minutes = [];
  worker.answer = () => {
    minutes.push(Math.floor(clock.nowMs() / MINUTE_MS) % 60);
    return 204;
  };
  await toJustBeforeTheHour();
});
afterEach(async () => {
  scheduler.stop();
  clock.stop();
  await worker.stop();
});

/** Half a minute before a whole hour. */
async function toJustBeforeTheHour(): Promise<void> {
  const hourMs = 60 * MINUTE_MS;
  await clock.advance(hourMs - (clock.nowMs() % hourMs) - MINUTE_MS / 2);
}

function start(everyMinutes: number, url = `${worker.url}/sweep`): void {
  scheduler = startScheduler(clock, [{ url, everyMinutes, deadlineMs: DEADLINE_MS }]);
}

/** Lets minutes pass one by one; each call is answered before the next minute. */
async function pass(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    await clock.advance(MINUTE_MS);
    await scheduler.whenIdle();
  }
}

/** A worker that keeps its callers waiting until it is released. */
function holdAnswers(): { release: (status: number) => void } {
  let release: (status: number) => void = () => undefined;
  const held = new Promise<number>((resolve) => {
    release = resolve;
  });
  worker.answer = () => held;
  return { release };
}

describe("a schedule", () => {
  test("is a POST without a body to the function's own address", async () => {
    start(15);
    expect(worker.requests).toEqual([]);
    await pass(1);
    expect(worker.requests).toEqual([
      expect.objectContaining({ method: "POST", path: "/sweep", body: "" }),
    ]);
  });

  test("calls as its account, with a token made out to the address", async () => {
    const [url, account] = [`${worker.url}/sweep`, "scheduler@p.iam.gserviceaccount.com"];
    scheduler = startScheduler(clock, [
      { url, account, everyMinutes: 15, deadlineMs: DEADLINE_MS },
    ]);
    await pass(1);
    const identity = identityIn(worker.requests[0]?.headers.authorization, clock);
    expect(identity).toEqual({ email: account, audience: url });
  });

  test("calls on whole periods of the clock, whenever it was started", async () => {
    start(15);
    await pass(50);
    expect(minutes).toEqual([0, 15, 30, 45]);
  });

  test("makes no call before its first time", async () => {
    await pass0();
    start(15);
    await pass(14);
    expect(worker.requests).toEqual([]);
    await pass(1);
    expect(minutes).toEqual([15]);

    async function pass0(): Promise<void> {
      await clock.advance(MINUTE_MS);
    }
  });

  test("keeps its own schedule beside others", async () => {
    const paths = { "/often": 10, "/seldom": 30 };
    const schedules = Object.entries(paths).map(([path, everyMinutes]) => ({
      url: `${worker.url}${path}`,
      everyMinutes,
      deadlineMs: DEADLINE_MS,
    }));
    scheduler = startScheduler(clock, schedules);
    await pass(60);
    const count = (path: string) => worker.requests.filter((call) => call.path === path).length;
    expect([count("/often"), count("/seldom")]).toEqual([6, 2]);
  });
});

describe("a slow call", () => {
  test("is never repeated while it is running, and the schedule stays the same", async () => {
    start(15);
    const { release } = holdAnswers();
    await clock.advance(MINUTE_MS);
    await worker.received(1);
    expect(scheduler.idle()).toBe(false);
    release(204);
    await scheduler.whenIdle();
    await pass(15);
    expect(worker.requests).toHaveLength(2);
  });

  test("is not overtaken by calls of a jump of the clock", async () => {
    scheduler = startScheduler(clock, [
      { url: `${worker.url}/sweep`, everyMinutes: 1, deadlineMs: 60 * MINUTE_MS },
    ]);
    const { release } = holdAnswers();
    await clock.advance(20 * MINUTE_MS);
    await worker.received(1);
    await clock.advance(20 * MINUTE_MS);
    expect(worker.requests).toHaveLength(1);
    release(204);
    await scheduler.whenIdle();
    await pass(1);
    expect(worker.requests).toHaveLength(2);
  });

  test("is given up at its deadline, and the schedule stays the same", async () => {
    start(15);
    const { release } = holdAnswers();
    await clock.advance(MINUTE_MS);
    await worker.received(1);
    await clock.advance(DEADLINE_MS + 1000);
    await scheduler.whenIdle();
    release(204);
    await pass(15);
    expect(worker.requests).toHaveLength(2);
  });
});

describe("a failing endpoint", () => {
  test("that answers 500 is called again at the next time, not before", async () => {
    worker.answer = () => 500;
    start(15);
    await pass(15);
    expect(worker.requests).toHaveLength(1);
    await pass(15);
    expect(worker.requests).toHaveLength(2);
  });

  test("that is down is called when it is back", async () => {
    const gone = await startReceiver();
    await gone.stop();
    scheduler = startScheduler(clock, [
      { url: gone.url, everyMinutes: 15, deadlineMs: DEADLINE_MS },
      { url: `${worker.url}/sweep`, everyMinutes: 15, deadlineMs: DEADLINE_MS },
    ]);
    await pass(31);
    expect(scheduler.idle()).toBe(true);
    expect(worker.requests).toHaveLength(3);
  });
});

describe("a stopped scheduler", () => {
  test("makes no more calls", async () => {
    start(15);
    await pass(1);
    scheduler.stop();
    await pass(60);
    expect(worker.requests).toHaveLength(1);
  });

  test("does not wait for responses", async () => {
    start(15);
    const { release } = holdAnswers();
    await clock.advance(MINUTE_MS);
    await worker.received(1);
    scheduler.stop();
    await scheduler.whenIdle();
    expect(scheduler.idle()).toBe(true);
    release(204);
  });
});
