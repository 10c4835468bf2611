/**
 * Keeps a page or an overlay current with its auction's feed. It requests the feed once a second, less often while
 * the feed does not answer or the auction is over, and never stops. Times are the server's, because a viewer's
 * clock may be wrong.
 */

import { clockText } from "./clock.js?v=652e44d2";

const POLL_MS = 1000;
const OVER_POLL_MS = 10_000;
const TIMEOUT_MS = 5000;
const SLOWEST_POLL_MS = 8000;
/** The page shows a lost connection after this many failed requests. */
const FAILURES_SHOWN = 2;
const COUNTED_PHASES = ["live", "going"];
const OPEN_PHASES = ["planned", "counting", ...COUNTED_PHASES];

const root = document.querySelector("[data-feed]");
const countdown = root.querySelector("[data-countdown]");
const bidList = root.querySelector("[data-bids]");
/** How far the server's time is ahead of this page's own. A cached answer makes it look smaller. */
let aheadMs = Number.NEGATIVE_INFINITY;
let endsAtMs = Number.NaN;
let bidsShown;

/** Changes an element only if its text differs: screen readers announce every change. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function show(facts) {
  root.dataset.phase = facts.phase;
  for (const element of root.querySelectorAll("[data-show]")) {
    const text = facts[element.dataset.show] ?? "";
    if (element.localName === "time") showEnd(element, facts.endsAt ?? "", text);
    else setText(element, text);
    const row = element.closest("[data-row]");
    if (row) row.hidden = [...row.querySelectorAll("[data-show]")].some((one) => !one.textContent);
  }
  showBids(facts.lastBids);
  aheadMs = Math.max(aheadMs, Date.parse(facts.now) - performance.now());
  endsAtMs = COUNTED_PHASES.includes(facts.phase) ? Date.parse(facts.endsAt) : Number.NaN;
  showTimeLeft();
}

/** The text is in UTC; `times.js` shows it in the viewer's zone whenever the time changes. */
function showEnd(element, endsAt, text) {
  if (element.dateTime === endsAt) return;
  element.textContent = text;
  element.dateTime = endsAt;
}

function showBids(bids) {
  const content = JSON.stringify(bids);
  if (content === bidsShown) return;
  bidList.replaceChildren(...bids.map(bidItem));
  if (bidsShown !== undefined) bidList.firstElementChild?.classList.add("new");
  bidsShown = content;
}

function bidItem({ bidder, price, isLeading }) {
  const item = document.createElement("li");
  item.className = isLeading ? "leading" : "outbid";
  const name = document.createElement("span");
  name.textContent = bidder;
  const amount = document.createElement("strong");
  amount.textContent = price;
  item.append(name, " ", amount);
  return item;
}

function showTimeLeft() {
  if (aheadMs === Number.NEGATIVE_INFINITY) return;
  const leftMs = endsAtMs - performance.now() - aheadMs;
  setText(countdown, Number.isNaN(leftMs) ? "" : clockText(leftMs));
}

async function ask() {
  const response = await fetch(root.dataset.feed, {
    cache: "no-cache",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The feed answered ${response.status}.`);
  return response.json();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function follow() {
  for (let failures = 0; ; ) {
    let waitMs = POLL_MS;
    try {
      const facts = await ask();
      show(facts);
      failures = 0;
      if (!OPEN_PHASES.includes(facts.phase)) waitMs = OVER_POLL_MS;
    } catch {
      failures += 1;
      waitMs =
        Math.min(SLOWEST_POLL_MS, POLL_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
    }
    root.dataset.connection = failures < FAILURES_SHOWN ? "" : "lost";
    await pause(waitMs);
  }
}

setInterval(showTimeLeft, 200);
follow();
