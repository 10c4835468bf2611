import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { countryName } from "../../../shared/text/countries.ts";
import type { TermsProblem } from "../domain/change-terms.ts";
import { EUROPEAN_UNION, europeanUnion } from "../domain/countries.ts";
import {
  type ShippingTerms,
  type ShippingZone,
  shippedTo,
  shippingPrice,
  zoneKinds,
  zoneOf,
} from "../domain/terms.ts";

/** A list of more countries names these and counts the others. */
const MAX_NAMED = 8;
/** Countries whose prices a builder is shown. */
const MAX_EXAMPLES = 5;

/** The terms as a few lines: for a builder, and for what buyers read of a drop or an auction. */
export function describeTerms(terms: ShippingTerms): readonly string[] {
  const { from, zones, freeFrom, dispatchDays, needsPhone, bundleHours, currency } = terms;
  const isShipped = zones.length > 0;
  const days = dispatchDays === 1 ? "1 day" : `${dispatchDays} days`;
  const lineOf = (zone: ShippingZone) =>
    `${zoneName(zone, terms)}: ${priceIn(zone.price, currency)}${furtherText(zone, currency)}`;
  return [
    ...(isShipped ? [`Ships from ${countryName(from)} within ${days}`] : []),
    ...inOrder(terms).map(lineOf),
    ...(isShipped && freeFrom !== undefined ? [`Free from ${priceIn(freeFrom, currency)} on`] : []),
    ...pickupLines(terms),
    ...(isShipped && bundleHours > 0
      ? [`Orders placed until ${hoursText(bundleHours)} after the stream share a parcel`]
      : []),
    ...(isShipped && needsPhone ? ["The carrier needs a phone number"] : []),
  ];
}

/** What a parcel costs and whether it can be picked up, as a few short lines. */
export function describePrices(terms: ShippingTerms): readonly string[] {
  const lineOf = (zone: ShippingZone) =>
    `${zoneName(zone, terms)}: ${priceIn(zone.price, terms.currency)}`;
  return [...inOrder(terms).map(lineOf), ...pickupLines(terms)];
}

function inOrder({ zones }: ShippingTerms): readonly ShippingZone[] {
  return zoneKinds.flatMap((kind) => zones.filter((zone) => zone.kind === kind));
}

function pickupLines({ from, zones, isPickup }: ShippingTerms): readonly string[] {
  if (!isPickup) return [];
  return [zones.length > 0 ? "Or pick it up" : `Pickup only, in ${countryName(from)}`];
}

function priceIn(amount: number, currency: string): string {
  return amount === 0 ? "free" : formatMoney(amount, currency);
}

function hoursText(hours: number): string {
  return hours === 1 ? "1 hour" : `${hours} hours`;
}

function furtherText({ price, further }: ShippingZone, currency: string): string {
  if (further >= price) return "";
  return `, each further item in the same parcel ${priceIn(further, currency)}`;
}

/** What a zone is called: its country, its countries, or everywhere else. */
function zoneName(zone: ShippingZone, terms: ShippingTerms): string {
  switch (zone.kind) {
    case "home":
      return countryName(terms.from);
    case "listed":
      return namesOf(zone.countries, terms.from);
    case "world":
      return terms.zones.length > 1 ? "Everywhere else" : "Everywhere";
  }
}

/** Countries by their names; all members of the European Union by its name. */
function namesOf(countries: readonly string[], from: string): string {
  const isWhole = europeanUnion.every((code) => code === from || countries.includes(code));
  const others = isWhole ? countries.filter((code) => !europeanUnion.includes(code)) : countries;
  const names = [...(isWhole ? [`the ${EUROPEAN_UNION.name}`] : []), ...others.map(countryName)];
  const named = names.slice(0, MAX_NAMED).join(", ");
  const text = names.length > MAX_NAMED ? `${named} and ${names.length - MAX_NAMED} more` : named;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a builder reads of their own terms. */
export const ownTermsTexts = {
  changed:
    "Your shipping terms are set. New drops and auctions take them; those you already have keep theirs, and `drop` or `auction` changes those of one.",
  shown: "These are your shipping terms. Each option of `/c500 shipping` changes one part of them.",
} as const;

/** What a builder reads of the terms of a drop or an auction. */
export function soldTermsText(title: string, isChanged: boolean): string {
  const name = `**${plain(title, 100)}**`;
  return isChanged
    ? `${name} ships like this from now on. What is already reserved or sold keeps what its buyer was shown.`
    : `${name} ships like this. Each option of \`/c500 shipping\` changes one part of it.`;
}

/** The answer to `/c500 shipping`: the terms, and what buyers in a few countries would pay. */
export function termsAnswer(terms: ShippingTerms, content: string): OutgoingMessage {
  const examples = examplesOf(terms);
  return {
    content,
    embeds: [
      {
        title: "Shipping",
        color: colours.peach,
        description: describeTerms(terms).join("\n"),
        ...(examples && { fields: [{ name: "What buyers pay for shipping", value: examples }] }),
      },
    ],
  };
}

/** What a few countries pay for one item and for two: one country of each zone first. */
function examplesOf(terms: ShippingTerms): string {
  const countries = shippedTo(terms);
  const firsts = zoneKinds.flatMap(
    (kind) => countries.find((country) => zoneOf(terms, country)?.kind === kind) ?? [],
  );
  const shown = [...new Set([...firsts, ...countries])].slice(0, MAX_EXAMPLES);
  return shown
    .map((country) => `${countryName(country)}: ${exampleText(country, terms)}`)
    .join("\n");
}

function exampleText(country: string, terms: ShippingTerms): string {
  const of = (isFurther: boolean) =>
    shippingPrice(terms, country, { itemsAmount: 0, quantity: 1, isFurther });
  const [first, further] = [of(false), of(true)];
  if (first === "not-there" || further === "not-there") return "not shipped";
  const money = (amount: number) => formatMoney(amount, terms.currency);
  return `${money(first.amount)}, two items ${money(first.amount + further.amount)}`;
}

/** What a builder without terms reads. */
export const noTermsText =
  "You have no shipping terms yet, so you can't sell anything. Run `/c500 shipping` with `from`, the country that you ship from, and a price: `home` for that country, `countries` with `countries-price` for others, `world` for everywhere else. Or set `pickup`.";

/** The answer to a builder without terms who wants to sell something. */
export const sayWhereFirstText =
  "Say where you ship first, for example `/c500 shipping from:US home:9 world:25`: a parcel costs 9 within the US and 25 to everywhere else. If buyers come for what they buy, use `/c500 shipping from:US pickup:True`.";

/** A newer command has set the terms. */
export const supersededText =
  "You changed these shipping terms after that command, so it changed nothing. `/c500 shipping` shows what counts.";

/** Two things at once are asked for. */
export const dropOrAuctionText = "One at a time, please: a `drop` or an `auction`.";

/** A drop or an auction from before terms were required. */
export const noSoldTermsText =
  "It doesn't say where it ships. Set that with the other options of `/c500 shipping`.";

/** Bidders have been shown how it ships. */
export const auctionBegunText =
  "That auction has begun or is over, so how it ships stays as it is. `/c500 shipping` without `auction` sets it for your next ones.";

/** What is missing for terms to make sense, and what to do. */
export const termsProblemTexts: Readonly<Record<TermsProblem, string>> = {
  "no-from": "Say where parcels come from with `from`, together with your prices.",
  "no-countries": "`countries-price` needs `countries`: the list of countries that it is for.",
  "no-countries-price": "Say what a parcel to those `countries` costs with `countries-price`.",
  nowhere:
    "Then nothing would ship anywhere. Set a price with `home`, `countries-price` or `world`, or `pickup` to True.",
};

/** An option that is not an amount; `word` is what it may say instead. */
export function notAnAmountText(option: string, currency: string, word?: string): string {
  const example = formatMoney(1250, currency);
  return `\`${option}\`: write an amount such as ${example}${word ? `, or ${word}` : ""}.`;
}

/** An amount that no parcel costs. */
export function tooMuchText(option: string, most: string): string {
  return `\`${option}\`: at most ${most}.`;
}

/** Countries that could not be read. */
export function unknownCountriesText(option: string, typed: readonly string[]): string {
  const names = typed.map((name) => `"${plain(name, 40)}"`).join(", ");
  return `\`${option}\`: I can't find ${names} among the countries that parcels can go to. Pick from the list that opens as you type.`;
}

/** Everything that is wrong with a command, and that nothing has changed. */
export function refusedText(problems: readonly string[]): string {
  return ["Nothing has changed:", ...problems.map((problem) => `- ${problem}`)].join("\n");
}
