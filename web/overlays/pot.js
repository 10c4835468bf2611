/**
 * Keeps the overlay of a host's newest race current. The feed sets the time of the next request: every second
 * while a race is on, seldom between races, and never once the link has been replaced. If the feed does not answer,
 * requests become less and less frequent. The amount counts up to the pot, and each sale gets a card.
 */

import { clockText } from "../pages/clock.js?v=652e44d2";
import { createSales, replay } from "./pot-sales.js?v=045a5100";
import { createSound } from "./pot-sound.js?v=08776252";

const TIMEOUT_MS = 5000;
const FIRST_RETRY_MS = 1000;
const SLOWEST_RETRY_MS = 8000;
/** The overlay shows a lost connection after this many failed requests. */
const FAILURES_SHOWN = 2;
const COUNT_MS = 700;
const TICK_MS = 200;
/** With each answer, `aheadMs` may shrink by this much, because this page's clock may run too fast. */
const DRIFT_MS = 2;

const page = document.documentElement;
const root = document.querySelector("[data-feed]");
const parts = ["goal", "pots", "headline", "countdown", "racers", "shop", "sales", "burst"];
const [goal, potList, headline, countdown, racerList, shop, slot, burst] = parts.map((name) =>
  root.querySelector(`[data-${name}]`),
);
/** For each currency, what its line shows and the amount to which it counts. */
const lines = new Map();
let stateShown;
let versionShown = 0;
/** How far the server's time is ahead of this page's own. A cached answer makes it look smaller. */
let aheadMs = Number.NEGATIVE_INFINITY;
let closesAtMs = Number.NaN;

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const isStill = () => page.dataset.motion === "off" || reducedMotion.matches;
const sound = createSound(page.dataset.sound === "on");
const sales = createSales({
  ...{ slot, burst, isStill },
  racers: racerList,
  moneyOf: (amount, currency) => moneyOf(amount, lines.get(currency).pot),
  onShown: ({ isGoal }) => {
    if (isGoal) sound.fanfare();
    else sound.chime();
    if (!isStill()) replay(root, "sold");
  },
});

/** Changes an element only if its text differs. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows the facts, unless they are older than those shown: the CDN's locations may answer out of order. */
function show(facts) {
  const { state, version = versionShown } = facts;
  if (version < versionShown) return;
  versionShown = version;
  const hasChanged = stateShown !== undefined && stateShown !== state;
  const isFirst = stateShown === undefined;
  stateShown = state;
  root.dataset.state = state;
  if (state === "gone") return;
  setText(headline, facts.headline);
  setTime(facts);
  showRacers(facts.racers);
  showShop(facts.shop);
  showPots(facts.pots, isFirst);
  showGoal(facts.goal);
  sales.take(facts);
  if (hasChanged && !isStill()) replay(root, "news");
}

function setTime({ now, closesAt }) {
  aheadMs = Math.max(aheadMs - DRIFT_MS, Date.parse(now) - performance.now());
  closesAtMs = closesAt === null ? Number.NaN : Date.parse(closesAt);
  showTimeLeft();
}

/** Counts down by the server's clock, because the streaming machine's clock may be wrong. */
function showTimeLeft() {
  if (aheadMs === Number.NEGATIVE_INFINITY) return;
  const leftMs = closesAtMs - performance.now() - aheadMs;
  setText(countdown, Number.isNaN(leftMs) ? "" : clockText(leftMs));
}

function showRacers(names) {
  const isShown = [...racerList.children].map((item) => item.textContent).join("\n");
  if (isShown === names.join("\n")) return;
  racerList.replaceChildren(
    ...names.map((name) => {
      const item = document.createElement("li");
      const text = document.createElement("bdi");
      text.textContent = name;
      item.append(text);
      return item;
    }),
  );
}

/** The next race may have another shop, or none. */
function showShop(facts) {
  shop.hidden = facts === null;
  if (facts === null) return;
  const { address, code } = facts;
  setText(shop.querySelector("strong"), address);
  if (shop.querySelector("img")?.getAttribute("src") === code) return;
  const image = new Image(144, 144);
  image.className = "code";
  image.alt = `QR code of ${address}`;
  image.src = code;
  shop.querySelector("img")?.remove();
  shop.prepend(image);
}

/** The host may set, change or remove the goal at any time. */
function showGoal(facts) {
  goal.hidden = facts === null;
  if (facts === null) return;
  const { text, percent, isReached } = facts;
  goal.classList.toggle("reached", isReached);
  setText(goal.querySelector("span"), isReached ? "Goal reached:" : "Goal:");
  setText(goal.querySelector("strong"), text);
  setText(goal.querySelector(".share"), `${percent}%`);
  goal.querySelector("progress").value = Math.min(100, percent);
}

/** Shows one line per currency. */
function showPots(pots, isFirst) {
  for (const pot of pots) {
    const known = lines.get(pot.currency);
    const line = known ?? { amount: isFirst ? pot.amount : 0, element: newLine() };
    const isSame = line.pot?.amount === pot.amount;
    line.pot = pot;
    line.element.dataset.length = pot.length;
    lines.set(pot.currency, line);
    if (!isSame) count(line);
  }
  for (const [currency] of lines) {
    if (!pots.some((pot) => pot.currency === currency)) lines.delete(currency);
  }
  const elements = pots.map(({ currency }) => lines.get(currency).element);
  const isShown = elements.every((element, index) => potList.children[index] === element);
  if (!isShown || potList.children.length !== elements.length) potList.replaceChildren(...elements);
}

function newLine() {
  const element = document.createElement("p");
  element.className = "amount";
  return element;
}

function moneyOf(amount, { currency, minorUnits }) {
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(
    amount / minorUnits,
  );
}

/** Counts a line up to its pot, quickly at first, until a newer amount arrives. */
function count(line) {
  const { pot, amount: from } = line;
  const startedAtMs = performance.now();
  const step = () => {
    if (line.pot !== pot && line.pot.amount !== pot.amount) return;
    const part = isStill() ? 1 : Math.min(1, (performance.now() - startedAtMs) / COUNT_MS);
    line.amount = Math.round(from + (pot.amount - from) * (1 - (1 - part) ** 3));
    setText(line.element, part < 1 ? moneyOf(line.amount, pot) : pot.text);
    if (part < 1) requestAnimationFrame(step);
  };
  if (from === pot.amount || isStill()) {
    line.amount = pot.amount;
    setText(line.element, pot.text);
  } else step();
}

/** Fetches the feed. The answer for a replaced link is an answer, too. */
async function ask() {
  const response = await fetch(root.dataset.feed, {
    cache: "no-cache",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const facts = await response.json();
  if (response.ok || facts.state === "gone") return facts;
  throw new Error(`The feed answered ${response.status}.`);
}

/** Waits; ends early when the page is shown again, because the scene or tab may have been hidden for long. */
function pause(ms) {
  return new Promise((resolve) => {
    const waking = new AbortController();
    const end = () => {
      waking.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const wake = () => document.visibilityState === "visible" && end();
    document.addEventListener("visibilitychange", wake, { signal: waking.signal });
  });
}

async function follow() {
  for (let failures = 0; ; ) {
    const askedAtMs = performance.now();
    let waitMs;
    try {
      const facts = await ask();
      show(facts);
      failures = 0;
      waitMs = facts.askAgainMs;
    } catch {
      failures += 1;
      waitMs =
        Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) *
        (0.75 + Math.random() / 2);
    }
    if (waitMs === null) break;
    root.dataset.connection = failures < FAILURES_SHOWN ? "" : "lost";
    await pause(Math.max(waitMs / 4, waitMs - (performance.now() - askedAtMs)));
  }
  root.dataset.connection = "ended";
}

for (const [name, property] of [
  ["colour", "--gold"],
  ["text", "--ink"],
]) {
  const colour = page.dataset[name];
  if (colour) page.style.setProperty(property, `#${colour}`);
}
setInterval(showTimeLeft, TICK_MS);
follow();
