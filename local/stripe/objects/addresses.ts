/**
 * A word that occurs in every address and every name of a recipient that a simulated buyer enters
 * and nowhere else, so that a search for it finds each copy of them.
 */
export const ADDRESS_MARKER = "Quillfeather";

/** How every phone number of a simulated buyer begins; these numbers belong to nobody. */
export const PHONE_MARKER = "+1202555";

/** A postal address as Stripe formats it. */
export interface Address {
  readonly city: string | null;
  readonly country: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly postal_code: string | null;
  readonly state: string | null;
}

/** An address and who lives there. */
export interface Recipient {
  readonly address: Address;
  readonly name: string;
}

/**
 * Where Checkout can have goods shipped:
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-shipping_address_collection-allowed_countries
 */
export const SHIPPING_COUNTRIES: readonly string[] = `
AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
BS BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG
EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR
HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR
LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SD SE
SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW ZZ`
  .trim()
  .split(/\s+/);

/** City, postal code and state of the simulated addresses of a country. */
const PLACES: Readonly<Record<string, readonly [string, string, string | null]>> = {
  AT: ["Linz", "4020", null],
  AU: ["Hobart", "7000", "TAS"],
  CA: ["Halifax", "B3H 4R2", "NS"],
  CH: ["Winterthur", "8400", null],
  DE: ["Bremen", "28195", null],
  FR: ["Nantes", "44000", null],
  GB: ["Norwich", "NR1 3DH", null],
  IE: ["Galway", "H91 E2K3", null],
  JP: ["Sendai", "980-0811", "Miyagi"],
  NL: ["Utrecht", "3511 CE", null],
  NZ: ["Nelson", "7010", null],
  US: ["Springfield", "62701", "IL"],
};

const NAMES = ["Ada", "Bo", "Cleo", "Dara", "Eli", "Finn", "Gwen", "Hana"];
const HOUSES = 200;
const PHONES = 10_000;

/** Who a simulated buyer is: the same for the same seed and country. */
export function recipientIn(country: string, seed: string): Recipient {
  const [city, postalCode, state] = PLACES[country] ?? ["Anytown", "10000", null];
  const number = numberOf(seed);
  return {
    name: `${NAMES[number % NAMES.length]} ${ADDRESS_MARKER}`,
    address: {
      city,
      country,
      line1: `${1 + (number % HOUSES)} ${ADDRESS_MARKER} Street`,
      line2: null,
      postal_code: postalCode,
      state,
    },
  };
}

/** The phone number of a simulated buyer. */
export function phoneOf(seed: string): string {
  return `${PHONE_MARKER}${String(numberOf(seed) % PHONES).padStart(4, "0")}`;
}

/** Which of the countries a simulated buyer lives in. */
export function countryOf(countries: readonly string[], seed: string): string {
  return countries[numberOf(seed) % countries.length] ?? "US";
}

/** The part of an address that a card payment asks for anyway. */
export function billingArea({ country, postal_code }: Address): Address {
  return { city: null, country, line1: null, line2: null, postal_code, state: null };
}

/** A number that follows from a text alone (FNV-1a). */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
