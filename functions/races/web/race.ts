import { html, type SafeHtml } from "@remix-run/html-template";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { notFoundPage } from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { timeTag } from "../../../shared/web/time-tag.ts";
import { type Lobby, racersOf, stateAt } from "../domain/race.ts";
import { type BookedSale, commissionOf } from "../domain/sale.ts";
import {
  goalBar,
  goalFacts,
  headlineOf,
  type Pot,
  potsOf,
  type RaceDeps,
  raceCaching,
  raceName,
  racerName,
  saleTitle,
  shopCode,
  shopFacts,
} from "./race-facts.ts";

/** The beginning of the script's SHA-256. */
export const RACE_SCRIPT_VERSION = "db6e6d1a";
/** The same of the style sheet. */
export const RACE_STYLE_VERSION = "5073de8f";

/** Without scripts the browser reloads a race's page this often. */
const REFRESH_SECONDS = 5;
const MAX_SALES = 30;

/** A racer as the page shows them, with their shares as texts. */
interface Racer {
  readonly name: string;
  readonly hasLeft: boolean;
  readonly shares: readonly string[];
}

/** A race's page: its pot, each racer's share, and the sales. */
export async function racePage(lobbyId: string, deps: RaceDeps): Promise<Page> {
  const lobby = await deps.lobbies.get(lobbyId);
  if (!lobby) return notFoundPage("There is no such race. Check the link.");
  const [pots, sales, count] = await Promise.all([
    potsOf(lobby, deps),
    deps.sales.ofLobby(lobbyId, MAX_SALES),
    deps.sales.countOfLobby(lobbyId),
  ]);
  const racers = await racersIn(lobby, pots, deps);
  const name = raceName(lobby);
  const pot = pots.map(({ text }) => text).join(" + ");
  const state = stateAt(lobby, deps.clock.now());
  const caching = raceCaching(state);
  return {
    status: 200,
    title: `${name} · Race`,
    caching,
    sheets: [`/pages/race.css?v=${RACE_STYLE_VERSION}`],
    canonicalPath: `/race/${lobbyId}`,
    preview: { title: `${name}, a race`, description: `${headlineOf(state)}: ${pot}.` },
    script: `/pages/race.js?v=${RACE_SCRIPT_VERSION}`,
    ...(caching === "bidding" && { refreshSeconds: REFRESH_SECONDS }),
    body: html`<article class="prose race" data-state="${state}">
<header><p class="by">A race on C500</p>
<h1><bdi>${name}</bdi></h1></header>
${potSection({ ...lobby, state }, pots)}
${shopSection({ ...lobby, state }, deps)}
${racersSection({ ...lobby, state }, racers)}
${salesSection(lobby, sales, count)}
<section class="card pay"><h2>How shares are made</h2>
<p>${howShared(lobby)}</p></section>
</article>`,
  };
}

function potSection(lobby: Lobby, pots: readonly Pot[]): SafeHtml {
  return html`<section class="card lot prize${pots.length > 1 ? " several" : ""}" aria-label="The pot">
<p class="standing"><span class="badge">${headlineOf(lobby.state)}</span>${timer(lobby)}</p>
${lobby.state === "cancelled" ? "" : prize(pots)}
${goalSection(lobby, pots)}
${times(lobby)}
</section>`;
}

/** The link to the shop, while the pot is open. */
function shopSection(lobby: Lobby, deps: RaceDeps): SafeHtml | undefined {
  const shop = shopFacts(lobby, deps);
  if (lobby.state !== "racing" || !shop) return undefined;
  return html`<section class="card pay shop"><div><h2>Buy merch</h2>
<p>What you buy now counts for this race.</p>
<p><a class="button" href="/buy/${lobby.shopWord}">To the shop</a></p>
<p class="quiet note scan">On your phone: scan the code, or type <strong>${shop.address}</strong></p></div>
${shopCode(shop)}</section>`;
}

function goalSection(lobby: Lobby, pots: readonly Pot[]): SafeHtml | undefined {
  const goal = goalFacts(lobby, pots);
  return goal && html`<div class="goal${goal.isReached ? " reached" : ""}">${goalBar(goal)}</div>`;
}

function prize(pots: readonly Pot[]): SafeHtml {
  return html`<p class="label">Racer prize pool</p>
${pots.map(({ text, length }) => html`<p class="huge" data-length="${length}">${text}</p>`)}`;
}

/** The script fills in the countdown, so that the server's page changes only when something happens. */
function timer({ state, closesAt }: Lobby): SafeHtml | undefined {
  if (state !== "racing" || !closesAt) return undefined;
  return html` <span class="countdown" role="timer" aria-live="off" data-closes-at="${closesAt.toISOString()}"></span>`;
}

function times({ state, openedAt, closedAt, closesAt }: Lobby): SafeHtml | undefined {
  if (!openedAt) return undefined;
  const closed = state === "finished" ? (closedAt ?? closesAt) : undefined;
  const closes = state === "racing" ? closesAt : undefined;
  return html`<dl>${time("Opened", openedAt)}${time("Closes", closes)}${time("Closed", closed)}</dl>`;
}

function time(label: string, at: Date | undefined): SafeHtml | undefined {
  if (!at) return undefined;
  return html`<div><dt>${label}</dt><dd>${timeTag(at)}</dd></div>`;
}

function racersSection({ state, seats }: Lobby, racers: readonly Racer[]): SafeHtml {
  const isOpen = state === "open" || state === "racing";
  const free = seats - racers.filter(({ hasLeft }) => !hasLeft).length;
  return html`<section class="card"><h2>Racers</h2>
${racers.length > 0 ? html`<ul class="tally">${racers.map(racerItem)}</ul>` : html`<p class="quiet">Nobody has joined yet.</p>`}
${isOpen && free > 0 ? html`<p class="quiet note">${free} ${free === 1 ? "seat is" : "seats are"} free: join in our Discord.</p>` : ""}
</section>`;
}

function racerItem({ name, hasLeft, shares }: Racer): SafeHtml {
  return html`<li class="entry"><span><bdi>${name}</bdi>${hasLeft ? html` <span class="quiet">has left</span>` : ""}</span>
<strong>${shares.join(" + ") || "–"}</strong></li>`;
}

function salesSection(lobby: Lobby, sales: readonly BookedSale[], count: number): SafeHtml {
  const earlier = count - sales.length;
  return html`<section class="card"><h2>Sales${count > 0 ? html` <span class="count">${count}</span>` : ""}</h2>
${sales.length > 0 ? html`<ol class="tally">${sales.map((sale) => saleItem(lobby, sale))}</ol>` : html`<p class="quiet">None yet.</p>`}
${earlier > 0 ? html`<p class="quiet note">And ${earlier} earlier.</p>` : ""}
</section>`;
}

function saleItem({ id }: Lobby, sale: BookedSale): SafeHtml {
  const added = commissionOf(sale)
    .shares.filter(({ lobbyId }) => lobbyId === id)
    .reduce((sum, { amount }) => sum + amount, 0);
  return html`<li class="entry"><span><bdi>${saleTitle(sale)}</bdi>
<small class="quiet">${timeTag(sale.soldAt, "clock")}${sale.refunded > 0 ? refundNote(sale) : ""}</small></span>
<strong>${added > 0 ? "+" : ""}${formatMoney(added, sale.currency)}</strong></li>`;
}

function refundNote({ base, refunded }: BookedSale): string {
  return refunded === base ? " · refunded" : " · partly refunded";
}

function howShared({ rateBps }: Lobby): string {
  return `Of every sale made while the pot is open, ${rateBps / 100}% of what its items cost goes into the
pot and is shared equally among everyone who is racing at that moment. A sale that names no race, or a
race that wasn't open, is first split equally among all races that were. A refund takes its part back.`;
}

/** Everyone who races, and everyone who has left with a share, in the order in which they joined. */
async function racersIn(lobby: Lobby, pots: readonly Pot[], deps: RaceDeps): Promise<Racer[]> {
  const racing = new Set(racersOf(lobby));
  const everyone = [...new Set(lobby.intervals.map(({ racerId }) => racerId))];
  const racers = await Promise.all(
    everyone.map(async (racerId) => {
      const shares = await sharesOf(lobby, racerId, pots, deps);
      return { name: racerName(lobby, racerId), hasLeft: !racing.has(racerId), shares };
    }),
  );
  return racers.filter(({ hasLeft, shares }) => !hasLeft || shares.length > 0);
}

/** What a racer has earned in a race, in each currency; nothing for a currency without earnings. */
async function sharesOf({ id }: Lobby, racerId: string, pots: readonly Pot[], deps: RaceDeps) {
  const shares = pots.map(async ({ currency }) => {
    const amount = await deps.ledger.earnedIn(id, racerAccount(racerId), currency);
    return amount === 0 ? [] : [formatMoney(amount, currency)];
  });
  return (await Promise.all(shares)).flat();
}
