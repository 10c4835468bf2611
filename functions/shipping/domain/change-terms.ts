import type { ShippingTerms, ShippingZone, ZoneKind } from "./terms.ts";

/** What a builder sets; what is undefined stays as it is. "no" removes. */
export interface TermsChange {
  readonly from?: string | undefined;
  readonly home?: number | "no" | undefined;
  readonly countries?: readonly string[] | "no" | undefined;
  readonly countriesPrice?: number | undefined;
  readonly world?: number | "no" | undefined;
  /** What each further item adds in every zone; "full": as much as the first. */
  readonly further?: number | "full" | undefined;
  readonly freeFrom?: number | "no" | undefined;
  readonly dispatchDays?: number | undefined;
  readonly needsPhone?: boolean | undefined;
  readonly isPickup?: boolean | undefined;
  readonly bundleHours?: number | undefined;
}

/** Why terms cannot be so: what is missing. */
export type TermsProblem = "no-from" | "no-countries" | "no-countries-price" | "nowhere";

/** The most that a parcel may cost, and that items may have to cost, in major units. */
export const MAX_SHIPPING_PRICE = 100_000;
export const MAX_DISPATCH_DAYS = 180;
export const MAX_BUNDLE_HOURS = 168;

/** Of terms that say nothing else. */
const DEFAULTS = {
  zones: [],
  freeFrom: undefined,
  dispatchDays: 3,
  needsPhone: false,
  isPickup: false,
  bundleHours: 24,
} as const;

/**
 * The terms after a change, or why they cannot be so. The first terms must say where parcels come from and where they
 * go. Terms in another currency count as none: their prices say nothing.
 */
export function changeTerms(
  before: ShippingTerms | undefined,
  change: TermsChange,
  currency: string,
): ShippingTerms | TermsProblem {
  const known = before?.currency === currency ? before : undefined;
  const from = change.from ?? known?.from;
  if (from === undefined) return "no-from";
  const listed = listedAfter(known, change);
  if (typeof listed === "string") return listed;
  const zones = [
    zoneAfter("home", known, change.home),
    listed,
    zoneAfter("world", known, change.world),
  ];
  const terms = {
    from,
    zones: withFurther(
      zones.filter((zone) => zone !== undefined),
      known,
      change.further,
    ),
    freeFrom: change.freeFrom === "no" ? undefined : (change.freeFrom ?? known?.freeFrom),
    dispatchDays: change.dispatchDays ?? known?.dispatchDays ?? DEFAULTS.dispatchDays,
    needsPhone: change.needsPhone ?? known?.needsPhone ?? DEFAULTS.needsPhone,
    isPickup: change.isPickup ?? known?.isPickup ?? DEFAULTS.isPickup,
    bundleHours: change.bundleHours ?? known?.bundleHours ?? DEFAULTS.bundleHours,
    currency,
  };
  return terms.zones.length === 0 && !terms.isPickup ? "nowhere" : terms;
}

type PricedZone = Omit<ShippingZone, "further">;

function zoneAfter(
  kind: Exclude<ZoneKind, "listed">,
  known: ShippingTerms | undefined,
  price: number | "no" | undefined,
): PricedZone | undefined {
  if (price === undefined) return zoneIn(known, kind);
  return price === "no" ? undefined : { kind, countries: [], price };
}

function listedAfter(
  known: ShippingTerms | undefined,
  { countries, countriesPrice }: TermsChange,
): PricedZone | undefined | TermsProblem {
  const before = zoneIn(known, "listed");
  if (countries === "no") return countriesPrice === undefined ? undefined : "no-countries";
  const codes = countries ?? before?.countries ?? [];
  const price = countriesPrice ?? before?.price;
  if (codes.length === 0) return countriesPrice === undefined ? undefined : "no-countries";
  if (price === undefined) return "no-countries-price";
  return { kind: "listed", countries: codes, price };
}

/**
 * What further items add is one amount for all zones, but never more than the first item. Where it was as much as the
 * first, it stays so when the price changes.
 */
function withFurther(
  zones: readonly PricedZone[],
  known: ShippingTerms | undefined,
  given: number | "full" | undefined,
): readonly ShippingZone[] {
  const reduced = known?.zones.find(({ price, further }) => further < price)?.further ?? "full";
  const further = given ?? reduced;
  return zones.map(({ kind, countries, price }) => ({
    kind,
    countries,
    price,
    further: further === "full" ? price : Math.min(further, price),
  }));
}

function zoneIn(known: ShippingTerms | undefined, kind: ZoneKind): ShippingZone | undefined {
  return known?.zones.find((zone) => zone.kind === kind);
}
