/**
 * Keeps the pot of a host's newest race over a stream's picture: asks for it once a second, seldom while the
 * race is over, until the next one opens, and more slowly while nobody answers. The amount counts up to what the pot holds; a sale bursts into coins.
 */

const POLL_MS = 1000;
const GONE_POLL_MS = 10_000;
/** A race that is over changes seldom: a sale is reported late, a refund, or the next race. */
const OVER_POLL_MS = 15_000;
const TIMEOUT_MS = 5000;
const SLOWEST_POLL_MS = 8000;
/** One lost answer is nothing to tell anyone about. */
const FAILURES_SHOWN = 2;
const COUNT_MS = 700;
const BURST_MS = 1600;
const COINS = 28;

const page = document.documentElement;
const root = document.querySelector("[data-feed]");
const [potList, headline, racerList, burst] = ["pots", "headline", "racers", "burst"].map((name) =>
  root.querySelector(`[data-${name}]`),
);
/** What each currency's line shows, and where it counts to. */
const lines = new Map();
let stateShown;
let versionShown = 0;

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const isStill = () => page.dataset.motion === "off" || reducedMotion.matches;

/** Touches only what differs. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An answer that is older than the last one, from another of the CDN's places, shows nothing. */
function show({ state, headline: words, pots = [], racers = [], version = versionShown }) {
  if (version < versionShown) return;
  versionShown = version;
  const isNews = stateShown !== undefined && stateShown !== state;
  const isFirst = stateShown === undefined;
  stateShown = state;
  root.dataset.state = state;
  if (state === "gone") return;
  setText(headline, words);
  showRacers(racers);
  const rises = showPots(pots, isFirst);
  if (isStill()) return;
  if (isNews) announce();
  if (rises.length > 0) celebrate(rises);
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

/** Shows a line for each currency; gives by how much each has risen, as text. */
function showPots(pots, isFirst) {
  const rises = [];
  for (const pot of pots) {
    const line = lines.get(pot.currency) ?? {
      amount: isFirst ? pot.amount : 0,
      element: newLine(),
    };
    const rise = pot.amount - (line.pot?.amount ?? line.amount);
    if (rise > 0) rises.push(`+${moneyOf(rise, pot)}`);
    const isSame = line.pot?.amount === pot.amount;
    line.pot = pot;
    lines.set(pot.currency, line);
    if (!isSame) count(line);
  }
  for (const [currency] of lines) {
    if (!pots.some((pot) => pot.currency === currency)) lines.delete(currency);
  }
  const elements = pots.map(({ currency }) => lines.get(currency).element);
  const isShown = elements.every((element, index) => potList.children[index] === element);
  if (!isShown || potList.children.length !== elements.length) potList.replaceChildren(...elements);
  return rises;
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

/** Counts a line to its pot, quickly at first, unless something newer comes. */
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

/** The window opens or closes. */
function announce() {
  replay(root, "news");
}

function celebrate(rises) {
  replay(root, "sold");
  const coins = Array.from({ length: COINS }, coin);
  const added = document.createElement("p");
  added.className = "added";
  added.textContent = rises.join(" ");
  burst.append(...coins, added);
  root.classList.add("adding");
  setTimeout(() => {
    for (const element of [...coins, added]) element.remove();
    root.classList.toggle("adding", burst.childElementCount > 0);
  }, BURST_MS);
}

/** A coin that flies off to its own side, turning. */
function coin(_, index) {
  const element = document.createElement("i");
  const angle = (index / COINS) * 2 * Math.PI;
  const reach = 5 + Math.random() * 7;
  element.style.setProperty("--x", `${Math.cos(angle) * reach * 1.4}rem`);
  element.style.setProperty("--y", `${Math.sin(angle) * reach}rem`);
  element.style.setProperty("--turn", `${Math.round(Math.random() * 1080)}deg`);
  element.style.setProperty("--late", `${Math.round(Math.random() * 160)}ms`);
  return element;
}

/** Plays a class's animation from its beginning. */
function replay(element, name) {
  element.classList.remove(name);
  void element.offsetWidth;
  element.classList.add(name);
}

/** What the feed says; a link that is no longer in use is an answer too. */
async function ask() {
  const response = await fetch(root.dataset.feed, {
    cache: "no-cache",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const facts = await response.json();
  if (response.ok || facts.state === "gone") return facts;
  throw new Error(`The feed is answered ${response.status}.`);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function follow() {
  for (let failures = 0; ; ) {
    const askedAtMs = performance.now();
    let waitMs = POLL_MS;
    try {
      const facts = await ask();
      show(facts);
      failures = 0;
      if (facts.state === "gone") waitMs = GONE_POLL_MS;
      if (facts.state === "finished" || facts.state === "cancelled") waitMs = OVER_POLL_MS;
    } catch {
      failures += 1;
      waitMs =
        Math.min(SLOWEST_POLL_MS, POLL_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
    }
    root.dataset.connection = failures < FAILURES_SHOWN ? "" : "lost";
    await pause(Math.max(POLL_MS / 4, waitMs - (performance.now() - askedAtMs)));
  }
}

for (const [name, property] of [
  ["colour", "--gold"],
  ["text", "--ink"],
]) {
  const colour = page.dataset[name];
  if (colour) page.style.setProperty(property, `#${colour}`);
}
follow();
