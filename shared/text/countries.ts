const names = new Intl.DisplayNames(["en"], { type: "region" });
const alphabet = new Intl.Collator("en");

/** A country as commands offer it. */
export interface Country {
  /** ISO 3166-1, two capital letters. */
  readonly code: string;
  readonly name: string;
}

/** Other words that people type for a country. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  AE: ["UAE"],
  BA: ["Bosnia"],
  CD: ["DR Congo"],
  CG: ["Republic of the Congo"],
  CI: ["Ivory Coast"],
  CV: ["Cabo Verde"],
  CZ: ["Czech Republic"],
  GB: ["UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"],
  HK: ["Hong Kong"],
  KR: ["Korea", "Republic of Korea"],
  MK: ["Macedonia"],
  MM: ["Burma", "Myanmar"],
  MO: ["Macau", "Macao"],
  NL: ["Holland", "The Netherlands"],
  PS: ["Palestine"],
  SZ: ["Swaziland"],
  TL: ["East Timor"],
  TR: ["Turkey"],
  US: ["USA", "America", "United States of America"],
  VA: ["Vatican"],
};

/** Names that were asked for: each takes a tenth of a millisecond. */
const known = new Map<string, string>();

/** A country's name in English. */
export function countryName(code: string): string {
  const name = known.get(code) ?? names.of(code) ?? code;
  known.set(code, name);
  return name;
}

/** These countries with their names, in the order of the names. */
export function countriesByName(codes: readonly string[]): readonly Country[] {
  return codes
    .map((code) => ({ code, name: countryName(code) }))
    .toSorted((one, other) => alphabet.compare(one.name, other.name));
}

/** What people may type for a country, most usual first: its name, its code, other words. */
export function wordsFor({ code, name }: Country): readonly string[] {
  return [name, code, ...(ALIASES[code] ?? [])];
}

/** The one of these countries that someone picked or typed, by code, name or another usual word. */
export function findCountry(typed: string, among: readonly Country[]): Country | undefined {
  const sought = simplified(typed);
  return among.find((country) => wordsFor(country).some((word) => simplified(word) === sought));
}

/** Without case, accents and punctuation, so that "Cote d'Ivoire" and "St Lucia" are found. */
export function simplified(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll("&", " and ")
    .replace(/\bsaint\b/g, "st")
    .replace(/['’.]/g, "")
    .replace(/[^\p{Letter}\p{Number}]+/gu, " ")
    .trim();
}
