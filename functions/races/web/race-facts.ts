import { createHash } from "node:crypto";
import { html, type SafeHtml } from "@remix-run/html-template";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { CurrencySum } from "../../../shared/money/ledger-store.ts";
import { formatMoney, minorUnitsOf } from "../../../shared/money/money.ts";
import type { Caching } from "../../../shared/web/page.ts";
import { plainLine } from "../../../shared/web/text.ts";
import type { Deps } from "../deps.ts";
import { type Lobby, type LobbyState, nameIn, racersOf, stateAt } from "../domain/race.ts";
import { progressOf } from "../domain/race-goal.ts";
import { type BookedSale, commissionOf } from "../domain/sale.ts";
import { shopAddressOf } from "../domain/shop-link.ts";
import { shopCodePath } from "./shop-code.ts";

/** What a race is read with. */
export type RaceDeps = Pick<Deps, "lobbies" | "ledger" | "sales" | "clock" | "config">;

const POT_KEY = "([\\w-]{1,64})";
const OVERLAY_PATH = new RegExp(`^/overlay/pot/${POT_KEY}$`);
const FEED_PATH = new RegExp(`^/pot/${POT_KEY}\\.json$`);
const RACE_PATH = /^\/race\/([^/]+)$/;
/** https://support.discord.com/hc/en-us/articles/219070107 */
const MAX_NAME_LENGTH = 32;
const MAX_TITLE_LENGTH = 100;

/** The key of a path to an overlay or its feed. */
export const potKeyOf = {
  overlay: (path: string) => OVERLAY_PATH.exec(path)?.[1],
  feed: (path: string) => FEED_PATH.exec(path)?.[1],
};

/** The lobby of a path to a race's page. */
export function lobbyIdOf(path: string): string | undefined {
  return readId(RACE_PATH.exec(path)?.[1]);
}

/** Where scripts find a pot. */
export function potFeedPath(key: string): string {
  return `/pot/${key}.json`;
}

/** A pot in one currency; amounts in minor units, of which `minorUnits` are a whole one. */
export interface Pot {
  readonly currency: string;
  readonly amount: number;
  readonly minorUnits: number;
  readonly text: string;
  /** How much room the text takes. */
  readonly length: "short" | "long" | "longest";
}

/** A sale that has just been booked, as the overlay shows it: nothing of whoever bought. */
export interface SaleFacts {
  /** Tells sales apart; says nothing about where it was made. */
  readonly id: string;
  readonly title: string;
  readonly currency: string;
  /** What the race's racers have of it together. */
  readonly amount: number;
  readonly text: string;
  /** What each racer has of it, the same amounts together. */
  readonly gains: readonly { readonly text: string; readonly names: readonly string[] }[];
}

/** What everyone may know of a pot: no id of anyone, nothing of whoever bought. */
export interface PotFacts {
  /** The lobby's id, which its page has too. */
  readonly race: string;
  readonly state: LobbyState;
  readonly name: string;
  readonly headline: string;
  readonly pots: readonly Pot[];
  readonly racers: readonly string[];
  /** How far the pot has come; null where the host has set no goal. */
  readonly goal: GoalFacts | null;
  /** Those booked lately, the first one first. */
  readonly sales: readonly SaleFacts[];
  /** Where viewers buy; null where no shop is known. */
  readonly shop: ShopFacts | null;
  /** While the pot is open: when it closes. */
  readonly closesAt: string | null;
  /** When this was true: whoever counts down goes by it. */
  readonly now: string;
  /** When to ask again. */
  readonly askAgainMs: number;
  /** When the database was asked, by its own clock; microseconds. What has less is older. */
  readonly version: number;
}

/** A race's goal, as it is shown. */
export interface GoalFacts {
  /** Another goal has another, the same goal the same. */
  readonly key: string;
  readonly text: string;
  /** Of the goal, rounded down; may be more than 100. */
  readonly percent: number;
  readonly isReached: boolean;
}

/** A race's shop: its short address as people type it, and where its QR code is. */
export interface ShopFacts {
  readonly address: string;
  readonly code: string;
}

/** A sale stays in the feed for so long after it was booked: for longer than any overlay waits. */
const NEW_SALE_MS = 60_000;
const OPEN_ASK_MS = 1000;
const LOBBY_ASK_MS = 2000;
/** What is over changes seldom: a sale is reported late, a refund, or the host's next race. */
const JUST_OVER_ASK_MS = 10_000;
const LONG_OVER_ASK_MS = 30_000;
const JUST_OVER_MS = 10 * 60_000;
/** Amounts of more characters are written smaller. */
const LONG_AMOUNT = 9;
const LONGEST_AMOUNT = 13;
const SALE_ID_LENGTH = 12;

/** How long what is told of a race may be kept. */
export function raceCaching(state: LobbyState): Caching {
  return state === "open" || state === "racing" ? "bidding" : "ended";
}

/** How long a pot may be kept: where it is over, never for longer than overlays wait. */
export function potCaching(state: LobbyState): Caching {
  return raceCaching(state) === "bidding" ? "pot" : "rest";
}

/** The pot that has this key; undefined when none has it any more. */
export async function readPot(key: string, deps: RaceDeps): Promise<PotFacts | undefined> {
  const now = deps.clock.now();
  const since = new Date(now.getTime() - NEW_SALE_MS);
  const found = await deps.lobbies.ofPot(key, since, deps.config.SHARE_HOLD_DAYS);
  if (!found) return undefined;
  const { lobby, pot, sales, version } = found;
  const state = stateAt(lobby, now);
  return {
    ...{ race: lobby.id, state },
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

/** A sale as one race has it. Its id is of use to nobody who does not have the overlay's link. */
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
    ...{ id: digest.slice(0, SALE_ID_LENGTH), title: saleTitle(sale), currency, amount },
    ...{ text: `+${formatMoney(amount, currency)}`, gains },
  };
}

/** How far a pot has come; undefined where there is no goal, or no race any more. */
export function goalFacts(lobby: Lobby, pot: readonly CurrencySum[]): GoalFacts | undefined {
  const progress = lobby.state === "cancelled" ? undefined : progressOf(lobby, pot);
  if (!progress) return undefined;
  const { amount, currency, percent, isReached } = progress;
  return { key: `${currency}${amount}`, text: formatMoney(amount, currency), percent, isReached };
}

/** A goal as a bar, with what the pot is to reach and the part of it that there is. */
export function goalBar({ text, percent, isReached }: GoalFacts): SafeHtml {
  return html`<p class="goal-text"><span>${goalLabel(isReached)}</span> <strong>${text}</strong> <span class="share">${percent}%</span></p>
<progress max="100" value="${Math.min(100, percent)}" aria-label="Part of the goal"></progress>`;
}

function goalLabel(isReached: boolean): string {
  return isReached ? "Goal reached:" : "Goal:";
}

/** A race's shop, its address without "https://"; undefined where none is known. */
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

/** A race's pots, a line for each currency; an empty one before the first sale. */
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

/** What is going on, in a few words. */
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

/** A racer's name, harmless on a page. */
export function racerName(lobby: Lobby, racerId: string): string {
  return plainLine(nameIn(lobby, racerId), MAX_NAME_LENGTH);
}

/** A race's name, harmless on a page. */
export function raceName({ name }: Pick<Lobby, "name">): string {
  return plainLine(name, MAX_TITLE_LENGTH);
}

/** What was bought, harmless on a page. */
export function saleTitle({ title }: { readonly title: string }): string {
  return plainLine(title, MAX_TITLE_LENGTH);
}
