/**
 * Keeps a race's page current: loads it in the background and shows what has changed. A hidden page requests
 * nothing. The remaining time is counted by the server's clock.
 */

import { clockText } from "./clock.js?v=652e44d2";

const POLL_MS = 2000;
const OVER_POLL_MS = 30_000;
const TIMEOUT_MS = 5000;
const SLOWEST_POLL_MS = 30_000;
const TICK_MS = 200;
/** With each answer, `aheadMs` may shrink by this much, because this page's clock may run too fast. */
const DRIFT_MS = 2;
const OPEN_STATES = ["open", "racing"];

let shown = document.querySelector("article");
/** The article as the server sent it; on the page, the countdown changes it. */
let written = shown.outerHTML;
/** How far the server's time is ahead of this page's own. A cached answer makes it look smaller. */
let aheadMs = Number.NEGATIVE_INFINITY;

async function load() {
  const response = await fetch(location.pathname, {
    cache: "no-cache",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The page answered ${response.status}.`);
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

/** Waits until the page is visible. */
async function waitUntilVisible() {
  while (document.hidden) {
    await new Promise((resolve) => {
      document.addEventListener("visibilitychange", resolve, { once: true });
    });
  }
}

setInterval(showTimeLeft, TICK_MS);
for (let failures = 0; ; ) {
  await waitUntilVisible();
  try {
    await load();
    failures = 0;
  } catch {
    failures += 1;
  }
  const usualMs = OPEN_STATES.includes(shown.dataset.state) ? POLL_MS : OVER_POLL_MS;
  await pause(Math.min(SLOWEST_POLL_MS, usualMs * 2 ** failures) * (0.75 + Math.random() / 2));
}
