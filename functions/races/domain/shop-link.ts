import type { Lobby } from "./race.ts";

/** A shop's address is stored with each lobby and shown in messages. */
const MAX_ADDRESS_LENGTH = 400;
/** Letters and digits that nobody takes for each other, read out or written down. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz";
const DIGITS = "23456789";
/** With four a word is short enough to type, and nobody meets another race's by chance. */
const WORD_LENGTH = 4;
const WORD = /^[a-z][a-z2-9]{3}$/;

/** A race's word, which a buyer can type: a letter, so that it is no id, and three more. `pick` draws below a number. */
export function newShopWord(pick: (below: number) => number): string {
  const all = LETTERS + DIGITS;
  const rest = Array.from({ length: WORD_LENGTH - 1 }, () => all[pick(all.length)] ?? "a");
  return [LETTERS[pick(LETTERS.length)] ?? "a", ...rest].join("");
}

/** Whether a text is a race's word, and no id. */
export function isShopWord(text: string): boolean {
  return WORD.test(text);
}

/** The address of a shop as someone typed it; undefined where it is none that a browser opens. */
export function readShopAddress(text: string): string | undefined {
  if (!URL.canParse(text) || text.length > MAX_ADDRESS_LENGTH) return undefined;
  const { protocol, username, password, hostname, href } = new URL(text);
  const isWeb = protocol === "https:" && hostname.includes(".") && !username && !password;
  return isWeb ? href : undefined;
}

/** Where to buy so that a race gets its part, and what to write there, if that is needed. */
export interface ShopLink {
  readonly url: string;
  /** What the buyer writes into the message of their payment. */
  readonly message: string | undefined;
}

/**
 * A lobby's shop with the lobby in its address: Stripe's Payment Links take `client_reference_id`, Shopify's shops
 * `lobby`. Ko-fi takes nothing, so that buyers write a word.
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

/** The short address of a word on our site. */
export function shopAddressOf(word: string, siteUrl: string): string {
  return `${siteUrl}/buy/${word}`;
}

/** The short address of a race's shop on our site; undefined where no shop is known. */
export function shortShopAddress(
  { shopUrl, shopWord }: Pick<Lobby, "shopUrl" | "shopWord">,
  siteUrl: string,
): string | undefined {
  return shopUrl === undefined || shopWord === undefined
    ? undefined
    : shopAddressOf(shopWord, siteUrl);
}
