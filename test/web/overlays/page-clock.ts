import type { Browser, Look, Tab } from "../../../local/browser/chromium.ts";
import type { LocalClock } from "../../../local/kit/clock.ts";

/** A frame of a screen that shows 60 a second. */
const FRAME_MS = 1000 / 60;
/** What a page does not show within an hour it never shows. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Runs before a page's own scripts: its timers, frames and `performance.now` then follow a clock that stands
 * until `pageClock.next` moves it. What is asked of the network takes real time and none of this clock.
 */
const PAGE_CLOCK = `(() => {
  let nowMs = 0;
  let lastId = 0;
  let underWay = 0;
  let quiet = Promise.withResolvers();
  const timers = new Map();

  const start = (callback, delayMs, everyMs) => {
    timers.set(++lastId, { callback, atMs: nowMs + Math.max(0, delayMs), everyMs });
    return lastId;
  };
  const stop = (id) => void timers.delete(id);
  window.setTimeout = (callback, ms = 0, ...given) => start(() => callback(...given), ms);
  window.setInterval = (callback, ms = 0, ...given) =>
    start(() => callback(...given), ms, Math.max(1, ms));
  window.requestAnimationFrame = (callback) => start(() => callback(nowMs), ${FRAME_MS});
  window.clearTimeout = window.clearInterval = window.cancelAnimationFrame = stop;
  performance.now = () => nowMs;

  const counted = (begin) =>
    async function (...given) {
      underWay += 1;
      try {
        return await begin.apply(this, given);
      } finally {
        underWay -= 1;
        if (underWay === 0) {
          quiet.resolve();
          quiet = Promise.withResolvers();
        }
      }
    };
  window.fetch = counted(window.fetch);
  for (const read of ["json", "text"]) Response.prototype[read] = counted(Response.prototype[read]);

  /** Lets all that was begun go on as far as it can. */
  const turn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(undefined);
    });
  const settled = async () => {
    do {
      if (underWay > 0) await quiet.promise;
      await turn();
    } while (underWay > 0);
  };

  const first = () =>
    [...timers].reduce((one, other) => (other[1].atMs < one[1].atMs ? other : one), [
      0,
      { atMs: Number.POSITIVE_INFINITY },
    ]);

  const advance = (ms) => {
    const untilMs = nowMs + ms;
    for (let [id, timer] = first(); timer.atMs <= untilMs; [id, timer] = first()) {
      nowMs = timer.atMs;
      if (timer.everyMs) timer.atMs += timer.everyMs;
      else timers.delete(id);
      timer.callback();
    }
    nowMs = untilMs;
  };

  window.pageClock = {
    /** Goes on by so much; gives how long it then is until the next timer, or null once the check holds. */
    next: async (ms, check) => {
      advance(ms);
      await settled();
      return check() ? null : first()[1].atMs - nowMs;
    },
  };
})()`;

/**
 * Opens a page whose time passes only while something is waited for, and then as fast as the page can go; the
 * cloud's clock goes along. `until` looks after each of the page's timers.
 */
export async function openOnClock(
  browser: Browser,
  url: string,
  look: Look,
  clock: Pick<LocalClock, "advance">,
): Promise<Tab> {
  const tab = await browser.open(url, look, PAGE_CLOCK);
  return {
    ...tab,
    until: async (condition) => {
      for (let [passedMs, waitedMs] = [0, 0]; waitedMs < MAX_WAIT_MS; waitedMs += passedMs) {
        const next = await tab.evaluate(`pageClock.next(${passedMs}, () => ${condition})`);
        if (next === null) return;
        if (typeof next !== "number") throw new Error(`The page waits for nothing: ${condition}`);
        passedMs = next;
        await clock.advance(passedMs);
      }
      throw new Error(`Within an hour of the page it did not come about: ${condition}`);
    },
  };
}
