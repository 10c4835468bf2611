/**
 * Shows each sale of a race, and the goal when it is reached, as a card for a few seconds, one after the other in
 * the order in which they were booked. The tab remembers what it has shown, so that a reload repeats nothing.
 */

const SHOWN_MS = 3200;
/** How long a card is shown while others wait. */
const BRISK_MS = 1500;
/** If more cards than this wait, they become one card. */
const MOST_WAITING = 8;
const NAMES_SHOWN = 4;
const COINS = 28;
const COINS_MS = 1600;
const MEMORY = "live-pot";
const MOST_REMEMBERED = 200;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads what this tab has shown of the race it showed last. */
function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

function keep(memory) {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(memory));
  } catch {
    // Without storage, the page shows what is new since it was loaded.
  }
}

/**
 * Creates the player of the cards. Pass each answer of the feed to `take`. If the pot has risen by more than the
 * new sales in the feed, the difference gets its own card, so that nothing is missing after a long interruption.
 */
export function createSales({ slot, burst, racers, isStill, moneyOf, onShown }) {
  const queue = [];
  let isPlaying = false;
  let race;
  let known = new Set();
  /** Goals that were celebrated, or had been reached before the page was opened. */
  let celebrated = new Set();
  /** Each currency's pot in the last answer; undefined before the first. */
  let potsBefore;
  let memory = recall();

  const begin = (facts) => {
    const isFirst = race === undefined;
    race = facts.race;
    const { shown, goals } = memory.race === race ? memory : seenBefore(facts, isFirst);
    [known, celebrated] = [new Set(shown), new Set(goals)];
    remember(shown, goals);
    if (!isFirst) potsBefore = new Map();
    queue.length = 0;
  };

  /** What existed before the page was opened is not shown; everything about a race that opens later is. */
  const seenBefore = (facts, isFirst) => ({
    shown: isFirst ? facts.sales.map(({ id }) => id) : [],
    goals: isFirst && facts.goal?.isReached ? [facts.goal.key] : [],
  });

  const remember = (ids, goalKeys = []) => {
    const before = { shown: [], goals: [], ...(memory.race === race && memory) };
    const shown = [...new Set([...before.shown, ...ids])].slice(-MOST_REMEMBERED);
    memory = { race, shown, goals: [...new Set([...before.goals, ...goalKeys])] };
    keep(memory);
  };

  const take = (facts) => {
    if (facts.race !== race) begin(facts);
    const fresh = facts.sales.filter(({ id }) => !known.has(id));
    // A sale that has left the feed never returns, so the script forgets it.
    known = new Set(facts.sales.map(({ id }) => id));
    const cards = fresh
      .filter(({ amount }) => amount > 0)
      .map((sale) => ({ ...sale, ids: [sale.id] }));
    queue.push(...cards, ...unnamedRises(facts.pots, cards), ...goalReached(facts));
    potsBefore = new Map(facts.pots.map(({ currency, amount }) => [currency, amount]));
    play();
  };

  const goalReached = ({ goal }) => {
    if (!goal?.isReached || celebrated.has(goal.key)) return [];
    celebrated.add(goal.key);
    const words = { text: "Goal reached!", title: `${goal.text} in the pot. Thank you!` };
    return [{ ...words, isGoal: true, goals: [goal.key], gains: [], ids: [] }];
  };

  const unnamedRises = (pots, cards) => {
    if (!potsBefore) return [];
    return pots.flatMap(({ currency, amount }) => {
      const named = sum(cards.filter((card) => card.currency === currency));
      const rise = amount - (potsBefore.get(currency) ?? 0) - named;
      if (rise <= 0) return [];
      const text = `+${moneyOf(rise, currency)}`;
      return [{ currency, amount: rise, text, title: "Added to the pot", gains: [], ids: [] }];
    });
  };

  /** The next card. If many sales wait, they become one card with their total. */
  const next = () => {
    if (queue.length <= MOST_WAITING) return queue.shift();
    const all = queue.splice(0);
    const cards = all.filter(({ isGoal }) => !isGoal);
    queue.push(...all.filter(({ isGoal }) => isGoal));
    const currencies = [...new Set(cards.map(({ currency }) => currency))];
    const texts = currencies.map((currency) => {
      const total = sum(cards.filter((card) => card.currency === currency));
      return `+${moneyOf(total, currency)}`;
    });
    const ids = cards.flatMap((card) => card.ids);
    return { text: texts.join(" "), title: `${cards.length} sales`, gains: [], ids };
  };

  const play = async () => {
    if (isPlaying) return;
    isPlaying = true;
    for (let card = next(); card; card = next()) {
      remember(card.ids, card.goals);
      await show(card);
    }
    isPlaying = false;
  };

  const show = async (card) => {
    const lastsMs = queue.length > 1 && !card.isGoal ? BRISK_MS : SHOWN_MS;
    const element = cardElement(card);
    element.style.setProperty("--lasts", `${lastsMs}ms`);
    slot.replaceChildren(element);
    onShown(card);
    if (!isStill()) throwCoins(burst, coinsOf(card, lastsMs));
    glow(racers, card);
    await pause(lastsMs);
    element.remove();
  };

  return { take };
}

const coinsOf = ({ isGoal }, lastsMs) => {
  if (isGoal) return 3 * COINS;
  return lastsMs === SHOWN_MS ? COINS : COINS / 2;
};

const sum = (cards) => cards.reduce((total, { amount }) => total + amount, 0);

function cardElement({ text, title, gains, isGoal }) {
  const card = document.createElement("div");
  card.className = isGoal ? "sale party" : "sale";
  card.append(line("added", text), line("title", title));
  for (const gain of gains) card.append(gainLine(gain));
  return card;
}

/** "+$3.40 Mika", or "+$2.00 each: Ann, Bob". */
function gainLine({ text, names }) {
  const element = document.createElement("p");
  element.className = "gain";
  const amount = document.createElement("strong");
  amount.textContent = text;
  const shown = names.slice(0, NAMES_SHOWN).map((name) => {
    const racer = document.createElement("bdi");
    racer.textContent = name;
    return racer;
  });
  const parts = shown.flatMap((racer, index) => (index === 0 ? [racer] : [", ", racer]));
  const more = names.length - shown.length;
  element.append(amount, names.length > 1 ? " each: " : " ", ...parts);
  if (more > 0) element.append(` and ${more} more`);
  return element;
}

function line(name, text) {
  const element = document.createElement("p");
  element.className = name;
  element.textContent = text;
  return element;
}

function glow(racers, { gains }) {
  const names = new Set(gains.flatMap((gain) => gain.names));
  for (const item of racers.children) {
    if (names.has(item.textContent)) replay(item, "gains");
  }
}

/** Restarts the animation of a class. */
export function replay(element, name) {
  element.classList.remove(name);
  void element.offsetWidth;
  element.classList.add(name);
}

/** Throws coins in all directions. */
export function throwCoins(burst, count) {
  const coins = Array.from({ length: count }, (_, index) => coin(index / count));
  burst.append(...coins);
  setTimeout(() => {
    for (const element of coins) element.remove();
  }, COINS_MS);
}

/** A spinning coin that flies in its own direction. */
function coin(part) {
  const element = document.createElement("i");
  const angle = part * 2 * Math.PI;
  const reach = 5 + Math.random() * 7;
  element.style.setProperty("--x", `${Math.cos(angle) * reach * 1.4}rem`);
  element.style.setProperty("--y", `${Math.sin(angle) * reach}rem`);
  element.style.setProperty("--turn", `${Math.round(Math.random() * 1080)}deg`);
  element.style.setProperty("--late", `${Math.round(Math.random() * 160)}ms`);
  return element;
}
