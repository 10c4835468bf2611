import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { DeadLetter } from "../../../shared/events/message-dead-lettered.ts";
import { parseDecimal } from "../../../shared/money/money.ts";
import { saleTitle } from "../../../shared/money/sale-reading.ts";
import { isShopWord } from "../domain/shop-link.ts";
import type { SaleMade, SaleRefunded } from "../events/sale.ts";

/** One thing that a webhook reports. */
export type Reading =
  | { readonly kind: "sale"; readonly sale: SaleMade }
  | {
      readonly kind: "refund";
      readonly refund: SaleRefunded;
      /** The part of it that cannot be counted. */
      readonly deadLetter?: DeadLetter;
    }
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "unreadable"; readonly deadLetter: DeadLetter };

/** An id of a provider's that can be a part of ours. */
export const shopId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,199}$/));

/** A text. Anything else counts as missing. */
export const anyText = z.catch(z.optional(z.nullable(z.string())), undefined);

/** A flag. Anything else counts as missing. */
export const anyFlag = z.catch(z.optional(z.nullable(z.boolean())), undefined);

/** A list. Anything else counts as unreadable. */
export const listOf = <Item extends z.ZodMiniType>(item: Item) =>
  z.catch(z.nullable(z.array(item)), null);

/** Undefined when one of them is. */
export function sumOf(amounts: readonly (number | undefined)[] | undefined): number | undefined {
  return amounts?.reduce(
    (sum, amount) => (sum === undefined || amount === undefined ? undefined : sum + amount),
    0,
  );
}

/** JSON with its numbers as they were written, because ids and amounts lose digits as floats. */
export function parseExactly(text: string): unknown {
  const asWritten = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? (context?.source ?? value) : value;
  try {
    return JSON.parse(text, asWritten);
  } catch {
    return undefined;
  }
}

/** Money as a provider writes it, or undefined where it cannot be counted. */
export function readMoney(
  text: string | null | undefined,
  currency: string | null | undefined,
): { amount: number; currency: string } | undefined {
  const code = currency?.toLowerCase() ?? "";
  const amount = parseDecimal(text ?? "", code);
  return amount === undefined ? undefined : { amount, currency: code };
}

/** The most names of lobbies that are read from a message. */
const MAX_NAMES = 5;
/** What follows "race", within a few blanks, quotes or other signs. */
const AFTER_RACE = /(?<![\p{L}\p{N}_])race(?=[^\p{L}\p{N}]{1,5}([a-z0-9]+)(?![\p{L}\p{N}_]))/giu;

/**
 * The lobbies that a buyer may mean, in the order of the message. Of what they wrote only "lobby:ID" and "race WORD"
 * are read. People also write of the race in other words, such as "this race team", so each word counts only if it is
 * that of an open race.
 */
export function lobbiesInMessage(message: string | null | undefined): readonly string[] {
  const text = message ?? "";
  const [, name] = /(?:^|\s)lobby:([\w-]+)/i.exec(text) ?? [];
  const words = [...text.matchAll(AFTER_RACE)].map(([, word = ""]) => word.toLowerCase());
  const names = [readId(name), ...words.filter(isShopWord)].filter((each) => each !== undefined);
  return [...new Set(names)].slice(0, MAX_NAMES);
}

/** The fields of a sale that names these lobbies. */
export function namedBy([lobbyId, ...others]: readonly string[]): Pick<
  SaleMade,
  "lobbyId" | "otherLobbyIds"
> {
  return {
    ...(lobbyId && { lobbyId }),
    ...(others.length > 0 && { otherLobbyIds: others }),
  };
}

/** The lobby in the address of the page by which a buyer came in, such as "/products/cap?lobby=ID". */
export function lobbyInAddress(address: string | null | undefined): string | undefined {
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(address ?? "") ?? [];
  return readId(new URLSearchParams(query).get("lobby"));
}

/** What an order is called: by its first item. */
export function titleOfItems(
  names: readonly (string | null | undefined)[] | undefined,
  unnamed: string,
): string {
  const first = saleTitle(names?.[0] ?? "") || unnamed;
  const others = (names?.length ?? 0) - 1;
  return saleTitle(others > 0 ? `${first} and ${others} more` : first);
}

/** What operators need to find a payment at its provider. Nothing about a person goes in here. */
export interface Identifiers {
  readonly provider: string;
  /** The provider's id of it, if that can be read. */
  readonly id: string | null | undefined;
  readonly type: string | null | undefined;
  readonly amount: string | null | undefined;
  readonly currency: string | null | undefined;
  readonly time: string | null | undefined;
}

const MAX_IDENTIFIER_LENGTH = 64;

/** Something that cannot be counted at all. */
export function unreadable(what: string, identifiers: Identifiers, body: Buffer): Reading {
  const reason = `A webhook of ${identifiers.provider} cannot be counted: ${what}. Look it up there.`;
  return { kind: "unreadable", deadLetter: deadLetterOf(reason, identifiers, body) };
}

/** Keeps what cannot be counted; of the body there are only the identifiers and, unnamed, its digest. */
export function deadLetterOf(reason: string, identifiers: Identifiers, body: Buffer): DeadLetter {
  const id = shopId.safeParse(identifiers.id);
  const digest = createHash("sha256").update(body).digest("hex").slice(0, 32);
  const named = Object.entries(identifiers).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, text.slice(0, MAX_IDENTIFIER_LENGTH)]] : [],
  );
  return {
    id: `shop-webhook.${identifiers.provider}.${id.success ? id.data : digest}`,
    functionName: "shop-webhook",
    reason,
    attributes: {},
    body: JSON.stringify(Object.fromEntries(named)),
    isReport: true,
  };
}
