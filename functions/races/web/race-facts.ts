import { createHash } from "node:crypto";
import { html, type SafeHtml } from "@remix-run/html-template";
import type { CurrencySum } from "../../../shared/money/ledger-sums.ts";
import { formatMoney, minorUnitsOf } from "../../../shared/money/money.ts";
import type { Caching } from "../../../shared/web/page.ts";
import { plainLine } from "../../../shared/web/text.ts";
import type { Deps } from "../deps.ts";
import { type Lobby, type LobbyState, nameIn, racersOf, stateAt } from "../domain/race.ts";
import { progressOf } from "../domain/race-goal.ts";
import { type BookedSale, commissionOf } from "../domain/sale.ts";
import { shopAddressOf } from "../domain/shop-link.ts";
import { shopCodePath } from "./shop-code.ts";

/** The dependencies that reading a race needs. */
export type RaceDeps = Pick<Deps, "lobbies" | "ledger" | "sales" | "clock" | "config">;

/** https://support.discord.com/hc/en-us/articles/219070107 */
const MAX_NAME_LENGTH = 32;
const MAX_TITLE_LENGTH = 100;

/** A pot in one currency. `amount` is in minor units; `minorUnits` of them make one major unit. */
export interface Pot {
  readonly currency: string;
  readonly amount: number;
  readonly minorUnits: number;
  readonly text: string;
  /** How wide the text is. */
  readonly length: "short" | "long" | "longest";
}

/** A sale that has just been booked, as the overlay shows it: nothing about the buyer. */
export interface SaleFacts {
  /** Distinguishes sales; reveals nothing about where the sale was made. */
  readonly id: string;
  readonly title: string;
  readonly currency: string;
  /** The share of the race's racers together, in minor units. */
  readonly amount: number;
  readonly text: string;
  /** Each racer's share; racers with the same amount are listed together. */
  readonly gains: readonly { readonly text: string; readonly names: readonly string[] }[];
}

/** The public facts of a pot: no person's id, nothing about buyers. */
export interface PotFacts {
  /** The lobby's id, which is public on the race's page. */
  readonly race: string;
  readonly state: LobbyState;
  readonly name: string;
  readonly headline: string;
  readonly pots: readonly Pot[];
  readonly racers: readonly string[];
  /** The progress towards the goal; null if the host has set none. */
  readonly goal: GoalFacts | null;
  /** Recently booked sales, oldest first. */
  readonly sales: readonly SaleFacts[];
  /** Where viewers buy; null if no shop is known. */
  readonly shop: ShopFacts | null;
  /** When the open pot closes; null if it isn't open. */
  readonly closesAt: string | null;
  /** When these facts were true; countdowns use this time. */
  readonly now: string;
  /** The time until the next request. */
  readonly askAgainMs: number;
  /** When the database was read, by its own clock, in microseconds. A smaller version is older. */
  readonly version: number;
}

/** A race's goal as the pages show it. */
export interface GoalFacts {
  /** Identifies the goal. */
  readonly key: string;
  readonly text: string;
  /** The part of the goal that is reached, rounded down; may be more than 100. */
  readonly percent: number;
  readonly isReached: boolean;
}

/** A race's shop: its short address as people type it, and the path of its QR code. */
export interface ShopFacts {
  readonly address: string;
  readonly code: string;
}

/** How long a sale stays in the feed after it was booked: longer than any overlay waits between requests. */
const NEW_SALE_MS = 60_000;
const OPEN_ASK_MS = 1000;
const LOBBY_ASK_MS = 2000;
/** A finished race changes seldom: by a late sale, a refund, or the host's next race. */
const JUST_OVER_ASK_MS = 10_000;
const LONG_OVER_ASK_MS = 30_000;
const JUST_OVER_MS = 10 * 60_000;
/** Amounts with more characters are shown in a smaller font. */
const LONG_AMOUNT = 9;
const LONGEST_AMOUNT = 13;
const SALE_ID_LENGTH = 12;

/** How long a race's page may be cached. */
export function raceCaching(state: LobbyState): Caching {
  return state === "open" || state === "racing" ? "bidding" : "ended";
}

/** How long a pot may be cached: once the race is over, never longer than overlays wait. */
export function potCaching(state: LobbyState): Caching {
  return raceCaching(state) === "bidding" ? "pot" : "rest";
}

/** The pot with this key; undefined if no pot has it any more. */
export async function readPot(key: string, deps: RaceDeps): Promise<PotFacts | undefined> {
  const now = deps.clock.now();
  const since = new Date(now.getTime() - NEW_SALE_MS);
  const found = await deps.lobbies.ofPot(key, since, deps.config.SHARE_HOLD_DAYS);
  if (!found) return undefined;
  const { lobby, pot, sales, version } = found;
  const state = stateAt(lobby, now);
  return {
    race: lobby.id,
    state,
    name: raceName(lobby),
    headline: headlineOf(state),
    pots: shownPots(pot, deps),
    racers: racersOf(lobby).map((racerId) => racerName(lobby, racerId)),
    goal: goalFacts(lobby, pot) ?? null,
    sales: sales.map((sale) => saleFacts(sale, lobby)),
    closesAt: (state === "racing" && lobby.closesAt?.toISOString()) || null,
    now: now.toISOString(),
    askAgainMs: askAgainMs(lobby, now),
    shop: shopFacts(lobby, deps) ?? null,
    version,
  };
}

function askAgainMs(lobby: Lobby, now: Date): number {
  const state = stateAt(lobby, now);
  if (state === "racing") return OPEN_ASK_MS;
  if (state === "open") return LOBBY_ASK_MS;
  const over = lobby.closedAt ?? lobby.closesAt ?? lobby.createdAt;
  const isLongOver = now.getTime() - over.getTime() > JUST_OVER_MS;
  return isLongOver ? LONG_OVER_ASK_MS : JUST_OVER_ASK_MS;
}

/** A sale from one race's view. Its id is useless to anyone without the overlay's link. */
function saleFacts(sale: BookedSale, lobby: Lobby): SaleFacts {
  const { currency } = sale;
  const shares = commissionOf(sale).shares.filter(({ lobbyId }) => lobbyId === lobby.id);
  const amount = shares.reduce((sum, share) => sum + share.amount, 0);
  const byAmount = Map.groupBy(shares, (share) => share.amount);
  const gains = [...byAmount]
    .filter(([each]) => each > 0)
    .sort(([one], [other]) => other - one)
    .map(([each, equal]) => ({
      text: `+${formatMoney(each, currency)}`,
      names: equal.map(({ racerId }) => racerName(lobby, racerId)),
    }));
  const digest = createHash("sha256").update(`${lobby.potKey} ${sale.id}`).digest("base64url");
  return {
    id: digest.slice(0, SALE_ID_LENGTH),
    title: saleTitle(sale),
    currency,
    amount,
    text: `+${formatMoney(amount, currency)}`,
    gains,
  };
}

/** The progress towards the goal; undefined if there is no goal or the race was called off. */
export function goalFacts(lobby: Lobby, pot: readonly CurrencySum[]): GoalFacts | undefined {
  const progress = lobby.state === "cancelled" ? undefined : progressOf(lobby, pot);
  if (!progress) return undefined;
  const { amount, currency, percent, isReached } = progress;
  return { key: `${currency}${amount}`, text: formatMoney(amount, currency), percent, isReached };
}

/** A goal as a bar, with its amount and the part that is reached. */
export function goalBar({ text, percent, isReached }: GoalFacts): SafeHtml {
  return html`<p class="goal-text"><span>${goalLabel(isReached)}</span> <strong>${text}</strong> <span class="share">${percent}%</span></p>
<progress max="100" value="${Math.min(100, percent)}" aria-label="Part of the goal"></progress>`;
}

function goalLabel(isReached: boolean): string {
  return isReached ? "Goal reached:" : "Goal:";
}

/** A race's shop, its address without "https://"; undefined if none is known. */
export function shopFacts(
  { shopUrl, shopWord }: Pick<Lobby, "shopUrl" | "shopWord">,
  { config }: Pick<RaceDeps, "config">,
): ShopFacts | undefined {
  if (shopUrl === undefined || shopWord === undefined) return undefined;
  const address = shopAddressOf(shopWord, config.PUBLIC_SITE_URL);
  return { address: address.replace(/^https?:\/\//, ""), code: shopCodePath(shopWord) };
}

/** The QR code of a shop's address. */
export function shopCode({ address, code }: ShopFacts): SafeHtml {
  return html`<img class="code" src="${code}" width="144" height="144" alt="QR code of ${address}">`;
}

/** A race's pots, one per currency; an empty one before the first sale. */
export async function potsOf({ id }: Pick<Lobby, "id">, deps: RaceDeps): Promise<Pot[]> {
  return shownPots(await deps.ledger.potOf(id), deps);
}

function shownPots(pots: readonly CurrencySum[], deps: Pick<RaceDeps, "config">): Pot[] {
  const shown = pots.length > 0 ? pots : [{ currency: deps.config.SHOP_CURRENCY, amount: 0 }];
  return shown.map(({ currency, amount }) => {
    const text = formatMoney(amount, currency);
    return { currency, amount, minorUnits: minorUnitsOf(currency), text, length: lengthOf(text) };
  });
}

function lengthOf({ length }: string): Pot["length"] {
  if (length > LONGEST_AMOUNT) return "longest";
  return length > LONG_AMOUNT ? "long" : "short";
}

/** The race's state in a few words. */
export function headlineOf(state: LobbyState): string {
  switch (state) {
    case "open":
      return "Opens when the race starts";
    case "racing":
      return "The pot is open";
    case "finished":
      return "Closed: final pot";
    case "cancelled":
      return "This race was called off";
  }
}

/** A racer's name, safe to show on a page. */
export function racerName(lobby: Lobby, racerId: string): string {
  return plainLine(nameIn(lobby, racerId), MAX_NAME_LENGTH);
}

/** A race's name, safe to show on a page. */
export function raceName({ name }: Pick<Lobby, "name">): string {
  return plainLine(name, MAX_TITLE_LENGTH);
}

/** The title of what was bought, safe to show on a page. */
export function saleTitle({ title }: { readonly title: string }): string {
  return plainLine(title, MAX_TITLE_LENGTH);
}
