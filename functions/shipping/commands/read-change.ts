import type { ValuesOf } from "../../../shared/discord/definitions/define-command.ts";
import { formatMoney, minorUnitsOf, parseAmount } from "../../../shared/money/money.ts";
import { MAX_SHIPPING_PRICE, type TermsChange } from "../domain/change-terms.ts";
import { readCountries, readCountry } from "../domain/countries.ts";
import { notAnAmountText, tooMuchText, unknownCountriesText } from "../messages/terms.ts";
import type { shippingCommand } from "./shipping.ts";

/** What `/c500 shipping` says of terms, besides whose they are. */
export type TermsOptions = Omit<ValuesOf<typeof shippingCommand>, "drop" | "auction">;

/** What was typed, as a change of the terms, and everything that is wrong with it. */
export interface ReadChange {
  readonly change: TermsChange;
  readonly problems: readonly string[];
}

/** Reads the options of `/c500 shipping`. */
export function readChange(values: TermsOptions, currency: string): ReadChange {
  const problems: string[] = [];
  const amount = (option: string, typed: string | undefined): number | undefined => {
    if (typed === undefined) return undefined;
    const read = parseAmount(typed, currency);
    const most = MAX_SHIPPING_PRICE * minorUnitsOf(currency);
    if (read === undefined) problems.push(notAnAmountText(option, currency, wordsOf[option]));
    else if (read > most) problems.push(tooMuchText(option, formatMoney(most, currency)));
    return read;
  };
  const amountOr = <const Word extends string>(
    option: string,
    typed: string | undefined,
    word: Word,
  ): number | Word | undefined => (is(typed, word) ? word : amount(option, typed));
  const change = {
    from: readFrom(values.from, problems),
    home: amountOr("home", values.home, "no"),
    countries: is(values.countries, "no") ? "no" : readList(values.countries, problems),
    countriesPrice: amount("countries-price", values["countries-price"]),
    world: amountOr("world", values.world, "no"),
    further: amountOr("further", values.further, "full"),
    freeFrom: amountOr("free-from", values["free-from"], "no"),
    dispatchDays: values["dispatch-days"],
    needsPhone: values.phone,
    isPickup: values.pickup,
    bundleHours: values["bundle-hours"],
  } as const;
  return { change, problems };
}

/** What may be typed in the place of an amount. */
const wordsOf: Readonly<Record<string, string>> = {
  home: "no",
  world: "no",
  further: "full",
  "free-from": "no",
};

function is(typed: string | undefined, word: string): boolean {
  return typed?.trim().toLowerCase() === word;
}

function readFrom(typed: string | undefined, problems: string[]): string | undefined {
  if (typed === undefined) return undefined;
  const country = readCountry(typed);
  if (!country) problems.push(unknownCountriesText("from", [typed]));
  return country?.code;
}

function readList(typed: string | undefined, problems: string[]): readonly string[] | undefined {
  if (typed === undefined) return undefined;
  const { codes, unknown } = readCountries(typed);
  if (unknown.length > 0) problems.push(unknownCountriesText("countries", unknown));
  else if (codes.length === 0) problems.push(unknownCountriesText("countries", [typed]));
  return codes;
}
