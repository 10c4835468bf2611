import { formatMoney, minorUnitsOf } from "../../shared/domain/money.ts";
import { readId } from "../../shared/domain/outside-id.ts";
import {
  type Lobby,
  type LobbyState,
  nameIn,
  racersOf,
  stateAt,
} from "../../shared/domain/race.ts";
import { shortShopAddress } from "../../shared/domain/shop-link.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import type { CurrencySum } from "../../shared/store/ledger.ts";
import type { Caching } from "./page.ts";
import { plainLine } from "./text.ts";

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
}

/** What everyone may know of a pot: no id of anyone, nothing of whoever bought. */
export interface PotFacts {
  readonly state: LobbyState;
  readonly name: string;
  readonly headline: string;
  readonly pots: readonly Pot[];
  readonly racers: readonly string[];
  /** Where viewers buy, as people type it; null where no shop is known. */
  readonly shop: string | null;
  /** When the database was asked, by its own clock; microseconds. What has less is older. */
  readonly version: number;
}

/** How long what is told of a race may be kept. */
export function raceCaching(state: LobbyState): Caching {
  return state === "open" || state === "racing" ? "bidding" : "ended";
}

/** The pot that has this key; undefined when none has it any more. */
export async function readPot(key: string, deps: RaceDeps): Promise<PotFacts | undefined> {
  const found = await deps.lobbies.ofPot(key);
  if (!found) return undefined;
  const { lobby, pot, version } = found;
  const state = stateAt(lobby, deps.clock.now());
  return {
    state,
    name: raceName(lobby),
    headline: headlineOf(state),
    pots: shownPots(pot, deps),
    racers: racersOf(lobby).map((racerId) => racerName(lobby, racerId)),
    shop: typedAddress(lobby, deps),
    version,
  };
}

/** The short address of a race's shop without "https://"; null where no shop is known. */
function typedAddress(lobby: Lobby, { config }: Pick<RaceDeps, "config">): string | null {
  return shortShopAddress(lobby, config.PUBLIC_SITE_URL)?.replace(/^https?:\/\//, "") ?? null;
}

/** A race's pots, a line for each currency; an empty one before the first sale. */
export async function potsOf({ id }: Pick<Lobby, "id">, deps: RaceDeps): Promise<Pot[]> {
  return shownPots(await deps.ledger.potOf(id), deps);
}

function shownPots(pots: readonly CurrencySum[], deps: Pick<RaceDeps, "config">): Pot[] {
  const shown = pots.length > 0 ? pots : [{ currency: deps.config.SHOP_CURRENCY, amount: 0 }];
  return shown.map(({ currency, amount }) => ({
    ...{ currency, amount, minorUnits: minorUnitsOf(currency) },
    text: formatMoney(amount, currency),
  }));
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
