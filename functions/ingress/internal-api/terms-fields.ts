import * as z from "zod/mini";
import { minorUnitsOf } from "../../../shared/money/money.ts";
import {
  MAX_BUNDLE_HOURS,
  MAX_DISPATCH_DAYS,
  MAX_SHIPPING_PRICE,
  type TermsChange,
} from "../../shipping/domain/change-terms.ts";
import { countryCodes } from "../../shipping/domain/countries.ts";
import { type ShippingTerms, zoneKinds } from "../../shipping/domain/terms.ts";
import { money } from "./fields.ts";

/* How something ships, as routes answer and read it. */

const country = z.string().check(z.describe("ISO 3166-1, such as US"));

/** How a drop ships now. */
export const termsView = z.object({
  from: country,
  zones: z
    .array(
      z.object({
        kind: z.enum(zoneKinds),
        countries: z.array(country).check(z.describe("Of a listed zone alone")),
        price: money,
        further: money.check(z.describe("What each further item in the same parcel adds")),
      }),
    )
    .check(z.describe("A country is in the first zone that has it")),
  free_from: z
    .nullable(money)
    .check(z.describe("Shipping is free where the items cost at least this much")),
  dispatch_days: z.int(),
  phone: z.boolean().check(z.describe("Whether buyers must give a phone number")),
  pickup: z.boolean().check(z.describe("Whether buyers may pick up what they bought")),
  bundle_hours: z.int(),
});

/** The view of terms. */
export function viewOfTerms(terms: ShippingTerms): z.input<typeof termsView> {
  return {
    from: terms.from,
    zones: terms.zones.map(({ kind, countries, price, further }) => ({
      kind,
      countries: [...countries],
      price,
      further,
    })),
    free_from: terms.freeFrom ?? null,
    dispatch_days: terms.dispatchDays,
    phone: terms.needsPhone,
    pickup: terms.isPickup,
    bundle_hours: terms.bundleHours,
  };
}

const codes: readonly string[] = countryCodes;
const shippable = z.string().check(
  z.refine((code) => codes.includes(code)),
  z.meta({ description: "ISO 3166-1, such as US", pattern: "^[A-Z]{2}$" }),
);
/** In whatever currency; the most of one is checked when it is known. */
const price = z.int().check(z.gte(0), z.describe("Minor units"));
const removable = z.optional(z.nullable(price)).check(z.describe("Minor units; null removes it"));

/** A change of how a drop ships. What is left out stays as it is. */
export const termsChange = z.object({
  kind: z.literal("shipping"),
  from: z.optional(shippable),
  home: removable,
  countries: z
    .optional(z.nullable(z.array(shippable).check(z.minLength(1))))
    .check(z.describe("Null removes the list and its price")),
  countries_price: z.optional(price),
  world: removable,
  further: z
    .optional(z.nullable(price))
    .check(z.describe("Minor units; null: as much as the first item")),
  free_from: removable,
  dispatch_days: z.optional(z.int().check(z.gte(1), z.lte(MAX_DISPATCH_DAYS))),
  phone: z.optional(z.boolean()),
  pickup: z.optional(z.boolean()),
  bundle_hours: z.optional(z.int().check(z.gte(0), z.lte(MAX_BUNDLE_HOURS))),
});

/** The change that was asked for, or a sentence if an amount is too large in its currency. */
export function readTermsChange(
  asked: z.output<typeof termsChange>,
  currency: string,
): TermsChange | string {
  const { home, countries, countries_price, world, further, free_from } = asked;
  const most = MAX_SHIPPING_PRICE * minorUnitsOf(currency);
  const amounts = [home, countries_price, world, further, free_from];
  if (amounts.some((amount) => (amount ?? 0) > most)) {
    return `An amount can be ${most} minor units at most.`;
  }
  return {
    from: asked.from,
    home: home === null ? "no" : home,
    countries: countries === null ? "no" : countries,
    countriesPrice: countries_price,
    world: world === null ? "no" : world,
    further: further === null ? "full" : further,
    freeFrom: free_from === null ? "no" : free_from,
    dispatchDays: asked.dispatch_days,
    needsPhone: asked.phone,
    isPickup: asked.pickup,
    bundleHours: asked.bundle_hours,
  };
}
