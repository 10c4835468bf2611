import { type Country, countriesByName, findCountry } from "../../../shared/text/countries.ts";

/**
 * Where Stripe Checkout takes a shipping address, and Stripe therefore sells. Not in it: AS CX CC CU HM IR KP MH FM
 * NF MP PW SY UM VI.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-shipping_address_collection-allowed_countries
 */
const CODES =
  "AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
  "CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR " +
  "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP " +
  "KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU " +
  "MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW " +
  "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
  "UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW";

/** The members of the European Union: builders there often have one price for all of it. */
export const europeanUnion: readonly string[] =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

/** What stands for all of them in a list of countries. */
export const EUROPEAN_UNION = { code: "EU", name: "European Union" } as const;

/** Where most keyboards go: what lists begin with. */
const LIKELIEST =
  "US CA GB DE FR NL AU AT CH BE IE IT ES PT SE NO DK FI PL CZ JP KR SG NZ HK TW MY MX BR".split(
    " ",
  );

/** Every country that parcels can go to, the likeliest first. */
export const countryCodes: readonly string[] = likeliestFirst(CODES.split(" "));

/** The same with their names: the likeliest first, then by name. */
export function shippingCountries(): readonly Country[] {
  const byName = countriesByName(countryCodes);
  const likeliest = LIKELIEST.flatMap((code) => byName.filter((each) => each.code === code));
  return [...likeliest, ...byName.filter(({ code }) => !LIKELIEST.includes(code))];
}

function likeliestFirst(codes: readonly string[]): readonly string[] {
  return [...LIKELIEST, ...codes.filter((code) => !LIKELIEST.includes(code))];
}

/** The country that someone picked or typed: "Germany", "DE", "UK". Undefined where no parcel can go to it. */
export function readCountry(typed: string): Country | undefined {
  return findCountry(typed, shippingCountries());
}

/** The codes of a list such as "EU, UK, Norway", each once; what could not be read is in `unknown`. */
export function readCountries(typed: string): {
  readonly codes: readonly string[];
  readonly unknown: readonly string[];
} {
  const codes = new Set<string>();
  const unknown: string[] = [];
  for (const part of typed.split(/[,;\n]/).map((each) => each.trim())) {
    if (part === "") continue;
    const country = findCountry(part, [EUROPEAN_UNION]) ? EUROPEAN_UNION : readCountry(part);
    if (!country) unknown.push(part);
    else if (country === EUROPEAN_UNION) for (const code of europeanUnion) codes.add(code);
    else codes.add(country.code);
  }
  return { codes: [...codes], unknown };
}
