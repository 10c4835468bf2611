import type { Lobby } from "./race.ts";

/** The longest shop address: it is stored with each lobby and shown in messages. */
const MAX_ADDRESS_LENGTH = 400;
/** Letters and digits that are not mistaken for each other, spoken or written. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz";
const DIGITS = "23456789";
/** Four characters are short enough to type, and long enough that nobody meets another race's word by chance. */
const WORD_LENGTH = 4;
const WORD = /^[a-z][a-z2-9]{3}$/;

/**
 * A race's word for buyers to type: a letter, so that it can't be an id, and three more characters. `pick` returns
 * a random whole number below its argument.
 */
export function newShopWord(pick: (below: number) => number): string {
  const all = LETTERS + DIGITS;
  const rest = Array.from({ length: WORD_LENGTH - 1 }, () => all[pick(all.length)] ?? "a");
  return [LETTERS[pick(LETTERS.length)] ?? "a", ...rest].join("");
}

/** Whether a text has the form of a race's word. */
export function isShopWord(text: string): boolean {
  return WORD.test(text);
}

/** Parses a shop's address; undefined if it is not an https address. */
export function readShopAddress(text: string): string | undefined {
  if (!URL.canParse(text) || text.length > MAX_ADDRESS_LENGTH) return undefined;
  const { protocol, username, password, hostname, href } = new URL(text);
  const isWeb = protocol === "https:" && hostname.includes(".") && !username && !password;
  return isWeb ? href : undefined;
}

/** A link to buy with so that a race gets its part. */
export interface ShopLink {
  readonly url: string;
  /** What the buyer has to write in the message of their payment, if that is needed. */
  readonly message: string | undefined;
}

/**
 * A lobby's shop link that names the lobby: Stripe's Payment Links accept `client_reference_id`, shops on
 * Shopify and WooCommerce `lobby`. Ko-fi accepts no parameter, so buyers write a word.
 * https://docs.stripe.com/payment-links/url-parameters
 */
export function shopLinkOf({
  id,
  shopUrl,
  shopWord,
}: Pick<Lobby, "id" | "shopUrl" | "shopWord">): ShopLink | undefined {
  if (shopUrl === undefined || shopWord === undefined) return undefined;
  const url = new URL(shopUrl);
  if (isOf(url, "ko-fi.com")) return { url: url.href, message: `race ${shopWord}` };
  if (isOf(url, "stripe.com")) url.searchParams.set("client_reference_id", `lobby_${id}`);
  else url.searchParams.set("lobby", id);
  return { url: url.href, message: undefined };
}

function isOf({ hostname }: URL, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

/** The short address for a word on our site. */
export function shopAddressOf(word: string, siteUrl: string): string {
  return `${siteUrl}/buy/${word}`;
}

/** The short address for a race's shop on our site; undefined if no shop is known. */
export function shortShopAddress(
  { shopUrl, shopWord }: Pick<Lobby, "shopUrl" | "shopWord">,
  siteUrl: string,
): string | undefined {
  return shopUrl === undefined || shopWord === undefined
    ? undefined
    : shopAddressOf(shopWord, siteUrl);
}
