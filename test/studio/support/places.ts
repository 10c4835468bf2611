import type { Tab } from "../../../local/browser/chromium.ts";
import { people } from "../../../local/demo/cast.ts";
import { community } from "../../support/cloud.ts";

const { marketplaceChannelId, operatorsChannelId } = community;

const pane = (userId: string, channelId: string) => `pane=${userId}:${channelId}`;

/** Each page of the studio, and each tab of it, with what is there when it has loaded. */
export const places: readonly (readonly [place: string, loaded: string])[] = [
  [`/discord?${pane(people.mina, marketplaceChannelId)}`, ".message"],
  [
    `/discord?${pane(people.vera, operatorsChannelId)}&${pane(people.ruth, marketplaceChannelId)}`,
    ".message",
  ],
  ["/twitch", "#page .card"],
  ["/twitch?tab=events", "#page .card"],
  ["/scenes", ".scene"],
  ["/stripe", ".tabs + *"],
  ["/stripe?tab=customers", ".tabs + *"],
  ["/stripe?tab=refunds", ".tabs + *"],
  ["/stripe?tab=disputes", ".tabs + *"],
  ["/stripe?tab=accounts", ".tabs + *"],
  ["/stripe?tab=balances", ".tabs + *"],
  ["/stripe?tab=webhooks", ".tabs + *"],
  ["/shops", "#page .card"],
  ["/mail", "#page .card"],
  ["/pages", "#page iframe"],
  ["/time", "#page table"],
  ["/trouble", "#page .card"],
  ["/replay", "#page .card"],
  ["/inside", "#page table"],
  ["/inside?tab=queues", "[aria-label^='Waiting tasks'] tbody"],
  ["/inside?tab=dead-letters", "[aria-label='Dead letters'] > *"],
  ["/inside?tab=firestore", "[aria-label='Collections'] > a"],
  ["/inside?tab=firestore&in=auctions", "[aria-label^='Documents of'] tbody"],
  ["/inside?tab=redis", "[aria-label='Keys'] tbody"],
  ["/inside?tab=ledger", "[aria-label='Balance sheet'] tbody"],
];

/** Counts the calls that the page waits for; the stream of changes never ends. */
const COUNT_CALLS = `if (window.underWay === undefined) {
  window.underWay = 0;
  const ask = window.fetch;
  window.fetch = async (...asked) => {
    if (asked[0] === "/api/changes") return ask(...asked);
    window.underWay += 1;
    try {
      return await ask(...asked);
    } finally {
      window.underWay -= 1;
    }
  };
}`;

/** Until what is drawn asks for nothing more: an answer is drawn in one frame, and calls begin after it. */
const SETTLED = `(async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  for (let quiet = 0; quiet < 2; quiet = window.underWay > 0 ? 0 : quiet + 1) await frame();
})()`;

/** Goes to a place as a link does, without loading the studio again, and waits until all of it is there. */
export async function goTo(tab: Tab, place: string, loaded: string): Promise<void> {
  await tab.evaluate(COUNT_CALLS);
  await tab.evaluate(`history.pushState(null, "", ${JSON.stringify(place)})`);
  await tab.evaluate(`dispatchEvent(new PopStateEvent("popstate"))`);
  await tab.evaluate(SETTLED);
  await tab.until(`document.querySelector(${JSON.stringify(loaded)}) !== null`);
}

/**
 * What is too wide for the page: the page itself, and tables that scroll sideways. Headings of stacked rows are for
 * screen readers alone. Also tables of which less than a row is seen.
 */
export const TOO_WIDE = `[document.documentElement, document.getElementById("page"),
  ...document.querySelectorAll("#page :is(.table, .scroll, table, .tabs)")]
  .filter((each) => each.scrollWidth > each.clientWidth ||
    (each.scrollHeight > each.clientHeight && each.clientHeight < 60))
  .map((each) => [each.tagName, each.className, each.ariaLabel, each.scrollWidth, each.scrollHeight])`;
