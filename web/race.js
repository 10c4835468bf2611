/**
 * Keeps a race's page current: loads it again in the background, and shows what has changed. A page that nobody
 * looks at asks for nothing. What is left of the race is counted by the server's clock.
 */

import { clockText } from "./clock.js?v=2a32a54f";

const POLL_MS = 2000;
const OVER_POLL_MS = 30_000;
const TIMEOUT_MS = 5000;
const SLOWEST_POLL_MS = 30_000;
const TICK_MS = 200;
/** With each answer the server's time may be found to be so much less ahead: this page's clock may be too fast. */
const DRIFT_MS = 2;
const OPEN_STATES = ["open", "racing"];

let shown = document.querySelector("article");
/** As the server wrote it: the countdown changes it here. */
let written = shown.outerHTML;
/** How far the server's time is ahead of this page's own; an answer that was kept makes it smaller. */
let aheadMs = Number.NEGATIVE_INFINITY;

async function load() {
  const response = await fetch(location.pathname, {
    cache: "no-cache",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The page is answered ${response.status}.`);
  const nowMs = Date.parse(response.headers.get("date"));
  if (nowMs) aheadMs = Math.max(aheadMs - DRIFT_MS, nowMs - performance.now());
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const article = page.querySelector("article");
  if (!article) throw new Error("The page has no race.");
  if (article.outerHTML !== written) {
    written = article.outerHTML;
    shown.replaceWith(article);
    shown = article;
  }
  showTimeLeft();
}

function showTimeLeft() {
  const countdown = shown.querySelector("[data-closes-at]");
  if (!countdown || aheadMs === Number.NEGATIVE_INFINITY) return;
  const leftMs = Date.parse(countdown.dataset.closesAt) - performance.now() - aheadMs;
  const text = clockText(leftMs);
  if (countdown.textContent !== text) countdown.textContent = text;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until somebody looks at the page. */
async function isSeen() {
  while (document.hidden) {
    await new Promise((resolve) => {
      document.addEventListener("visibilitychange", resolve, { once: true });
    });
  }
}

setInterval(showTimeLeft, TICK_MS);
for (let failures = 0; ; ) {
  await isSeen();
  try {
    await load();
    failures = 0;
  } catch {
    failures += 1;
  }
  const usualMs = OPEN_STATES.includes(shown.dataset.state) ? POLL_MS : OVER_POLL_MS;
  await pause(Math.min(SLOWEST_POLL_MS, usualMs * 2 ** failures) * (0.75 + Math.random() / 2));
}
