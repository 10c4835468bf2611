import type { Tab } from "../../local/browser/chromium.ts";

/** More links, fields and buttons than any page has. */
const MOST_STOPS = 80;

/** Moves the focus by the keyboard until an expression about the focused element is true. */
export async function focus(tab: Tab, condition: string): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await tab.press("Tab");
    if (await tab.evaluate(`((focused) => ${condition})(document.activeElement)`)) return;
  }
  throw new Error(`The keyboard reaches nothing where ${condition}.`);
}

/** A condition for `focus`: a link or a button with this text. */
export const labelled = (text: string) => `focused.textContent.trim() === ${JSON.stringify(text)}`;

/** Signs in at Discord with the keyboard, if the page asks for it. */
export async function signIn(tab: Tab, username: string): Promise<void> {
  const label = "Sign in with Discord";
  if (!(await tab.evaluate(`document.body.innerText.includes(${JSON.stringify(label)})`))) return;
  await focus(tab, labelled(label));
  await tab.leaveBy("Enter");
  await focus(tab, labelled(`Authorize as ${username}`));
  await tab.leaveBy("Enter");
}

/** Everything that can be pressed or filled in, in the order of the document. */
const REACHABLE = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]`;

/** The focused element: its place among these, and whether people can see that it is focused. */
const FOCUSED = `(() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const { top, left, bottom, right } = focused.getBoundingClientRect();
  return {
    place: ${REACHABLE}.indexOf(focused),
    isShown: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 &&
      bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    what: focused.outerHTML.slice(0, 200),
  };
})()`;

/** Where the keyboard leads on a page. */
export interface Walk {
  /** What can be pressed or filled in. */
  readonly reachable: number;
  /** Where Tab leads, one after the other, as places in the document's order. */
  readonly places: readonly number[];
  /** Stops at which nobody sees where the focus is. */
  readonly unseen: readonly string[];
}

/** Presses Tab from the beginning of a page to its end. */
export async function walk(tab: Tab): Promise<Walk> {
  // A page that scrolls smoothly is not there yet when it is looked at.
  await tab.evaluate('document.documentElement.style.scrollBehavior = "auto"');
  const reachable = Number(await tab.evaluate(`${REACHABLE}.length`));
  const stops: { place: number; isShown: boolean; what: string }[] = [];
  for (let stop = 0; stop < reachable; stop += 1) {
    await tab.press("Tab");
    stops.push((await tab.evaluate(FOCUSED)) as (typeof stops)[number]);
  }
  return {
    reachable,
    places: stops.map(({ place }) => place),
    unseen: stops.filter(({ isShown }) => !isShown).map(({ what }) => what),
  };
}
