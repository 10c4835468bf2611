/** Keeps a race's page current: loads it again in the background, and shows what has changed. */

const POLL_MS = 2000;
const OVER_POLL_MS = 30_000;
const TIMEOUT_MS = 5000;
const SLOWEST_POLL_MS = 30_000;
const OPEN_STATES = ["open", "racing"];

let shown = document.querySelector("article");

async function load() {
  const response = await fetch(location.pathname, {
    cache: "no-cache",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The page is answered ${response.status}.`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const article = page.querySelector("article");
  if (!article) throw new Error("The page has no race.");
  if (article.outerHTML === shown.outerHTML) return;
  shown.replaceWith(article);
  shown = article;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (let failures = 0; ; ) {
  const usualMs = OPEN_STATES.includes(shown.dataset.state) ? POLL_MS : OVER_POLL_MS;
  await pause(Math.min(SLOWEST_POLL_MS, usualMs * 2 ** failures) * (0.75 + Math.random() / 2));
  try {
    await load();
    failures = 0;
  } catch {
    failures += 1;
  }
}
