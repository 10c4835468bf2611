import { plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Auction, Interruption } from "../domain/auction.ts";

/** An auction's title, as messages name it. */
export function titleOf({ title }: Pick<Auction, "title">): string {
  return `**${plain(title, 100)}**`;
}

/** An amount in the auction's currency. */
export function money({ currency }: Pick<Auction, "currency">, amount: number): string {
  return formatMoney(amount, currency);
}

/** A number of things, such as "1 bid" or "2 bids". */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** The channel in which it was started. */
export function channelOf({ boards }: Pick<Auction, "boards">): string {
  return `<#${boards[0]?.channelId}>`;
}

/** To which bid an auction went back. */
export function wentBackTo({ bids }: Interruption): string {
  return bids === 0 ? "Went back to the start" : `Went back to bid ${bids}`;
}
