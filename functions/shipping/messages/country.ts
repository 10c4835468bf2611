import type {
  OutgoingMessage,
  SelectOption,
} from "../../../shared/clients/discord/outgoing-message.ts";
import { plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { countryName } from "../../../shared/text/countries.ts";
import { countrySelect, ELSEWHERE } from "../commands/country-select.ts";
import {
  type Destination,
  PICKUP,
  type ShippedItems,
  type ShippingTerms,
  shippedTo,
  shippingPrice,
} from "../domain/terms.ts";
import type { CountryChange } from "../store/ship-countries.ts";

/** https://discord.com/developers/docs/components/reference#string-select */
const MAX_OPTIONS = 25;

/** What is sold, and how: for the prices in the list of countries. */
export interface CountryQuestion extends ShippedItems {
  /** The drop or order that somebody must say a country for. */
  readonly soldId: string;
  readonly terms: ShippingTerms;
}

/**
 * Asks where something should go: the likeliest countries that its terms ship to, each with what shipping costs, the way
 * out for all others, and picking it up where that is offered.
 */
export function countryQuestion({ soldId, terms, ...items }: CountryQuestion): OutgoingMessage {
  const optionFor = (destination: Destination, label: string): SelectOption => {
    const price = shippingPrice(terms, destination, items);
    return {
      label,
      value: destination,
      ...(price !== "not-there" && { description: priceText(price.amount, terms.currency) }),
    };
  };
  const others = [
    ...(terms.isPickup ? [optionFor(PICKUP, "I'll pick it up")] : []),
    { label: "Somewhere else…", value: ELSEWHERE },
  ];
  const reached = shippedTo(terms);
  const isHome = (country: string) => country === terms.from;
  const homeFirst = [...reached.filter(isHome), ...reached.filter((country) => !isHome(country))];
  const countries = homeFirst
    .slice(0, MAX_OPTIONS - others.length)
    .map((country) => optionFor(country, countryName(country)));
  return {
    content:
      "Where should it go? I only need the country now, because the price of shipping depends on it.",
    select: {
      id: countrySelect.id({ soldId, quantity: items.quantity }),
      placeholder: "Choose a country",
      options: [...countries, ...others],
    },
  };
}

function priceText(amount: number, currency: string): string {
  return amount === 0 ? "Free" : `Shipping ${formatMoney(amount, currency)}`;
}

/** The answer to somebody whose country is not in the list. */
export const elsewhereText =
  "Set your country with `/c500 country`, then press the button again. If the builder doesn't ship there, I'll say so.";
/** Two things at once are asked for. */
export const removeOrCountryText =
  "Choose one of the two: a `country`, or `remove` to forget the one I have.";

/** The answer to a choice, also one that a newer one has overtaken. */
export function countryText({ outcome, country }: CountryChange): string {
  if (outcome === "superseded") {
    return `You chose again after that, so it changed nothing. ${countryShownText(country)}`;
  }
  if (country === undefined) return "I've forgotten your country. I'll ask when it matters.";
  return `Your parcels go to **${countryName(country)}** from now on. \`/c500 country\` changes that. I keep the country and no address.`;
}

/** What is stored of somebody. */
export function countryShownText(country: string | undefined): string {
  if (country === undefined) {
    return "You have no country set: I ask when it matters. `/c500 country` with `country` sets one.";
  }
  return `Your parcels go to **${countryName(country)}**. \`/c500 country\` with \`country\` changes that, with \`remove\` I forget it.`;
}

/** No parcel can go to what was typed. */
export function unknownCountryText(typed: string): string {
  return `I don't know a country called "${plain(typed, 60)}" that parcels can be paid for and sent to. Pick one from the list that opens as you type.`;
}

/** The answer to another service that buys for somebody whose country is not known. */
export const whichCountryText =
  "The price of shipping depends on the country. The buyer sets theirs with /c500 country, or by pressing Buy Now.";

/** The answer to somebody to whose country something is not shipped. */
export function notThereText(country: string): string {
  return `The builder doesn't ship this to ${countryName(country)}. If your parcels should go somewhere else, \`/c500 country\` changes that.`;
}
