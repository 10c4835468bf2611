import { html } from "@remix-run/html-template";
import type { Page } from "../../../shared/web/page.ts";
import { REFRESH_SECONDS } from "../../../shared/web/refresh.ts";
import { countdown } from "../../../shared/web/text.ts";
import {
  goalBar,
  type Pot,
  type PotFacts,
  potCaching,
  type RaceDeps,
  readPot,
  shopCode,
} from "./race-facts.ts";
import { potFeedPath } from "./race-paths.ts";

/** The beginning of the SHA-256 of each style sheet, and of the script. */
export const POT_STYLE_VERSION = "e5625af5";
export const POT_SALES_STYLE_VERSION = "668c2b12";
export const POT_SCRIPT_VERSION = "c967a6c3";

const POSITIONS = ["top-right", "top-left", "bottom-left", "bottom-right"] as const;
const SIZES = ["medium", "small", "large"] as const;
/** "f2b705" or "fc0", with or without its "#". */
const COLOUR = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;
const SHEETS = [
  `/overlays/pot.css?v=${POT_STYLE_VERSION}`,
  `/overlays/pot-sales.css?v=${POT_SALES_STYLE_VERSION}`,
];

/** The query parameters that the overlay understands. */
export const potParameters = {
  position: (value: string) => POSITIONS.find((known) => known === value),
  size: (value: string) => SIZES.find((known) => known === value),
  motion: (value: string) => (value === "off" ? value : undefined),
  sound: (value: string) => (value === "on" ? value : undefined),
  qr: (value: string) => (value === "off" ? value : undefined),
  colour: hexOf,
  text: hexOf,
};

/** The goal's bar is hidden until the host sets a goal. */
const NO_GOAL = { key: "", text: "", percent: 0, isReached: false };

/** Finds a parameter of the query. */
type Asked = (name: string) => string | undefined;

/**
 * A race's pot as an overlay on a stream, for a browser source. Invalid parameters are ignored: a misspelt
 * colour must not spoil a stream. An unknown key shows an empty page, for the same reason.
 */
export async function potOverlayPage(key: string, asked: Asked, deps: RaceDeps): Promise<Page> {
  const facts = await readPot(key, deps);
  const overlay = { sheets: SHEETS, look: lookOf(asked) };
  if (!facts) {
    const title = "This link is not in use: ask the host for the new one";
    return { status: 404, title, caching: "pot", overlay, body: html`` };
  }
  return {
    status: 200,
    title: `${facts.name} · The Live Pot`,
    caching: potCaching(facts.state),
    script: `/overlays/pot.js?v=${POT_SCRIPT_VERSION}`,
    refreshSeconds: REFRESH_SECONDS,
    overlay,
    body: ticker(key, facts),
  };
}

function ticker(key: string, facts: PotFacts) {
  const { state, headline, pots, racers } = facts;
  return html`<main data-feed="${potFeedPath(key)}" data-state="${state}">
<section class="ticker">
<h1>Racer prize pool</h1>
<div class="pots" data-pots>${pots.map(amount)}</div>
<div class="goal" data-goal${facts.goal === null ? html` hidden` : ""}>${goalBar(facts.goal ?? NO_GOAL)}</div>
<p class="call">Buy a shirt now to increase the pot!</p>
<span class="shine" aria-hidden="true"></span>
</section>
<section class="strip">
<p class="state"><span role="status" data-headline>${headline}</span>
<span class="countdown" role="timer" aria-live="off" data-countdown>${timeLeft(facts)}</span></p>
<ul class="racers" aria-label="Racers" data-racers>${racers.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul>
${shopPanel(facts)}
</section>
<div class="sales" role="log" aria-label="Sales" data-sales></div>
<div class="burst" aria-hidden="true" data-burst></div>
</main>`;
}

function amount({ text, length }: Pot) {
  return html`<p class="amount" data-length="${length}">${text}</p>`;
}

function timeLeft({ closesAt, now }: PotFacts): string {
  return closesAt === null ? "" : countdown(Date.parse(closesAt) - Date.parse(now));
}

/** The script updates it when the next race has another shop. */
function shopPanel({ shop }: PotFacts) {
  return html`<div class="shop" data-shop${shop === null ? html` hidden` : ""}>
${shop === null ? "" : shopCode(shop)}
<p>Scan to buy, or go to <strong>${shop?.address ?? ""}</strong></p>
</div>`;
}

function lookOf(asked: Asked): Record<string, string> {
  const [colour, text] = [hexOf(asked("colour")), hexOf(asked("text"))];
  return {
    size: oneOf(SIZES, asked("size")),
    position: oneOf(POSITIONS, asked("position")),
    motion: asked("motion") === "off" ? "off" : "on",
    sound: asked("sound") === "on" ? "on" : "off",
    qr: asked("qr") === "off" ? "off" : "on",
    ...(colour ? { colour } : {}),
    ...(text ? { text } : {}),
  };
}

function hexOf(text = ""): string | undefined {
  return COLOUR.exec(text)?.[1]?.toLowerCase();
}

/** The value if it is in the list, otherwise the list's first. */
function oneOf(list: readonly [string, ...string[]], value: string | undefined): string {
  return list.find((known) => known === value) ?? list[0];
}
