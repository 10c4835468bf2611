import { countryCodes } from "./countries.ts";

/** Zones in the order in which they are looked through: a country is in the first that has it. */
export const zoneKinds = ["home", "listed", "world"] as const;

/** The builder's own country, the countries that they list, or all others. */
export type ZoneKind = (typeof zoneKinds)[number];

/** Countries to which a parcel costs the same. Amounts are minor units. */
export interface ShippingZone {
  readonly kind: ZoneKind;
  /** ISO 3166-1 codes; of a listed zone alone. */
  readonly countries: readonly string[];
  /** What a parcel with one item costs. */
  readonly price: number;
  /** What each further item in the same parcel adds; never more than `price`. */
  readonly further: number;
}

/** Where a builder ships to, for how much, and how. */
export interface ShippingTerms {
  /** The country that parcels come from. */
  readonly from: string;
  /** At most one of each kind. None where everything is picked up. */
  readonly zones: readonly ShippingZone[];
  /** Shipping is free where the items of an order cost at least this much. */
  readonly freeFrom: number | undefined;
  /** How many days after payment parcels are sent at the latest. */
  readonly dispatchDays: number;
  /** Whether Checkout asks for a phone number, for the carrier. */
  readonly needsPhone: boolean;
  /** Whether buyers may pick up what they bought. */
  readonly isPickup: boolean;
  /** For how long after the stream's end orders are still put into one parcel; 0: every order ships alone. */
  readonly bundleHours: number;
  /** ISO 4217 in lower case, of all amounts. */
  readonly currency: string;
}

/** Where something goes: the code of a country, or nowhere, because its buyer comes for it. */
export type Destination = string;

/** The destination of what is picked up. No country has such a code. */
export const PICKUP = "pickup";

/** What shipping costs, and by which zone; "not-there" where these terms do not ship to. */
export type ShippingPrice =
  | { readonly amount: number; readonly zone: ZoneKind | typeof PICKUP }
  | "not-there";

/** The zone that a country is in; undefined where the builder does not ship to it. */
export function zoneOf({ from, zones }: ShippingTerms, country: string): ShippingZone | undefined {
  return zoneKinds
    .flatMap((kind) => zones.filter((zone) => zone.kind === kind))
    .find(({ kind, countries }) => {
      if (kind === "home") return country === from;
      return kind === "world" || countries.includes(country);
    });
}

/** The countries of a zone: Checkout takes addresses in these alone. */
export function countriesOf(
  zone: Pick<ShippingZone, "kind">,
  terms: ShippingTerms,
): readonly string[] {
  return shippedTo(terms).filter((country) => zoneOf(terms, country)?.kind === zone.kind);
}

/** All countries that these terms ship to, the likeliest first. */
export function shippedTo(terms: ShippingTerms): readonly string[] {
  return countryCodes.filter((country) => zoneOf(terms, country) !== undefined);
}

/**
 * Whether a buyer must say where it goes before they pay. Not where every zone costs the same and nothing can be
 * picked up: then Checkout's own question is enough.
 */
export function needsCountry({ zones, isPickup }: ShippingTerms): boolean {
  const prices = new Set(zones.map(({ price, further }) => `${price}+${further}`));
  return prices.size + (isPickup ? 1 : 0) > 1;
}

/** What an order has to do with the price of its shipping. */
export interface ShippedItems {
  /** The price of all its items. */
  readonly itemsAmount: number;
  readonly quantity: number;
  /** Whether it joins another order's parcel. */
  readonly isFurther: boolean;
}

/** What shipping an order costs: its first item, unless that joins a parcel, and each further one. */
export function shippingPrice(
  terms: ShippingTerms,
  destination: Destination,
  { itemsAmount, quantity, isFurther }: ShippedItems,
): ShippingPrice {
  if (destination === PICKUP) return terms.isPickup ? { amount: 0, zone: PICKUP } : "not-there";
  const zone = zoneOf(terms, destination);
  if (!zone) return "not-there";
  const isFree = terms.freeFrom !== undefined && itemsAmount >= terms.freeFrom;
  const first = isFurther ? zone.further : zone.price;
  const amount = first + zone.further * (quantity - 1);
  return { amount: isFree ? 0 : amount, zone: zone.kind };
}
