import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { changeTerms, type TermsChange } from "../../../functions/shipping/domain/change-terms.ts";
import { countryCodes } from "../../../functions/shipping/domain/countries.ts";
import {
  countriesOf,
  needsCountry,
  PICKUP,
  type ShippingTerms,
  shippedTo,
  shippingPrice,
  zoneKinds,
  zoneOf,
} from "../../../functions/shipping/domain/terms.ts";
import { describeTerms } from "../../../functions/shipping/messages/terms.ts";

const country = fc.constantFrom(...countryCodes);
const amount = fc.integer({ min: 0, max: 20_000 });
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const orNo = (values: fc.Arbitrary<number>) => maybe(fc.oneof(values, fc.constant("no" as const)));

const change: fc.Arbitrary<TermsChange> = fc.record({
  from: maybe(country),
  home: orNo(amount),
  countries: maybe(
    fc.oneof(fc.uniqueArray(country, { maxLength: 12 }), fc.constant("no" as const)),
  ),
  countriesPrice: maybe(amount),
  world: orNo(amount),
  further: maybe(fc.oneof(amount, fc.constant("full" as const))),
  freeFrom: orNo(amount),
  dispatchDays: maybe(fc.integer({ min: 1, max: 180 })),
  needsPhone: maybe(fc.boolean()),
  isPickup: maybe(fc.boolean()),
  bundleHours: maybe(fc.integer({ min: 0, max: 168 })),
});

/** The terms that a builder reaches by some changes, refused ones among them. */
function reached(changes: readonly TermsChange[]): ShippingTerms | undefined {
  return changes.reduce<ShippingTerms | undefined>((before, each) => {
    const after = changeTerms(before, each, "usd");
    return typeof after === "string" ? before : after;
  }, undefined);
}

const terms = fc
  .tuple(country, fc.array(change, { maxLength: 5 }))
  .map(([from, changes]) => reached([{ from, isPickup: true }, ...changes]))
  .filter((each) => each !== undefined);

const quantity = fc.integer({ min: 1, max: 10 });
const parcel = fc.record({ itemsAmount: amount, quantity, isFurther: fc.boolean() });

function amountTo(...given: Parameters<typeof shippingPrice>): number | undefined {
  const price = shippingPrice(...given);
  return price === "not-there" ? undefined : price.amount;
}

describe("shipping terms, however they came to be", () => {
  test("ship somewhere or can be picked up, with at most one zone of each kind", () => {
    fc.assert(
      fc.property(terms, (each) => {
        expect(shippedTo(each).length > 0 || each.isPickup).toBe(true);
        const kinds = each.zones.map(({ kind }) => kind);
        expect(new Set(kinds).size).toBe(kinds.length);
        expect(describeTerms(each).length).toBeGreaterThan(0);
      }),
    );
  });

  test("have each country in one zone at most: its price is that zone's, and Checkout offers it there", () => {
    fc.assert(
      fc.property(terms, country, parcel, (each, to, item) => {
        const inZones = zoneKinds.filter((kind) => countriesOf({ kind }, each).includes(to));
        const zone = zoneOf(each, to);
        expect(inZones).toEqual(zone ? [zone.kind] : []);
        expect(shippedTo(each).includes(to)).toBe(zone !== undefined);
        const price = shippingPrice(each, to, item);
        if (!zone) expect(price).toBe("not-there");
        else expect(price).toMatchObject({ zone: zone.kind });
      }),
    );
  });

  test("never charge more for a further item than for the first, nor more for a dearer parcel", () => {
    fc.assert(
      fc.property(terms, country, amount, amount, (each, to, itemsAmount, more) => {
        const one = { itemsAmount, quantity: 1 };
        const first = amountTo(each, to, { ...one, isFurther: false }) ?? 0;
        const further = amountTo(each, to, { ...one, isFurther: true }) ?? 0;
        const dearer = { ...one, itemsAmount: itemsAmount + more, isFurther: false };
        expect(further).toBeLessThanOrEqual(first);
        expect(amountTo(each, to, dearer) ?? 0).toBeLessThanOrEqual(first);
        expect(further).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("charge as much for several items in one order as for orders of one that join its parcel", () => {
    fc.assert(
      fc.property(terms, country, parcel, (each, to, item) => {
        const one = { ...item, quantity: 1 };
        const first = amountTo(each, to, one) ?? 0;
        const further = amountTo(each, to, { ...one, isFurther: true }) ?? 0;
        expect(amountTo(each, to, item) ?? 0).toBe(first + further * (item.quantity - 1));
      }),
    );
  });

  test("need no country only where every destination costs the same", () => {
    fc.assert(
      fc.property(terms, parcel, (each, item) => {
        if (needsCountry(each)) return;
        const all = [...shippedTo(each), ...(each.isPickup ? [PICKUP] : [])];
        const prices = new Set(all.map((to) => amountTo(each, to, item)));
        expect(prices.size).toBe(1);
      }),
    );
  });

  test("cost nothing from the amount on from which shipping is free, and not before", () => {
    const priced = terms.filter(({ freeFrom }) => freeFrom !== undefined && freeFrom > 0);
    fc.assert(
      fc.property(priced, fc.boolean(), (each, isFurther) => {
        const { freeFrom = 0, zones } = each;
        for (const zone of zones) {
          const [to = ""] = countriesOf(zone, each);
          if (to === "") continue;
          const whole = isFurther ? zone.further : zone.price;
          const free = { itemsAmount: freeFrom, quantity: 1, isFurther };
          expect(amountTo(each, to, free)).toBe(0);
          expect(amountTo(each, to, { ...free, itemsAmount: freeFrom - 1 })).toBe(whole);
          const never = { ...each, freeFrom: undefined };
          expect(amountTo(never, to, free)).toBe(whole);
        }
      }),
    );
  });

  test("can be picked up free of charge exactly where that is offered", () => {
    fc.assert(
      fc.property(terms, parcel, (each, item) => {
        const free = { amount: 0, zone: PICKUP };
        expect(shippingPrice(each, PICKUP, item)).toEqual(each.isPickup ? free : "not-there");
      }),
    );
  });

  test("are the same when a change is made twice", () => {
    fc.assert(
      fc.property(terms, change, (before, each) => {
        const once = changeTerms(before, each, "usd");
        if (typeof once === "string") return;
        expect(changeTerms(once, each, "usd")).toEqual(once);
      }),
    );
  });

  test("keep what a change does not name", () => {
    fc.assert(
      fc.property(terms, fc.integer({ min: 1, max: 180 }), (before, dispatchDays) => {
        expect(changeTerms(before, { dispatchDays }, "usd")).toEqual({ ...before, dispatchDays });
      }),
    );
  });
});

describe("a change of shipping terms", () => {
  const home = { from: "DE", home: 500 } as const;
  const known = changeTerms(undefined, { ...home, countries: ["FR"], countriesPrice: 900 }, "usd");
  if (typeof known === "string") throw new Error(known);

  test.each([
    ["no-from", undefined, { home: 500 }],
    ["nowhere", undefined, { from: "DE" }],
    ["nowhere", known, { home: "no", countries: "no" }],
    ["no-countries", undefined, { ...home, countriesPrice: 900 }],
    ["no-countries", known, { countries: "no", countriesPrice: 900 }],
    ["no-countries-price", undefined, { ...home, countries: ["FR"] }],
  ] as const)("is refused with %s", (problem, before, given) => {
    expect(changeTerms(before, given, "usd")).toBe(problem);
  });

  test("that says little leaves the rest as most builders want it", () => {
    expect(changeTerms(undefined, home, "usd")).toEqual({
      from: "DE",
      zones: [{ kind: "home", countries: [], price: 500, further: 500 }],
      freeFrom: undefined,
      dispatchDays: 3,
      needsPhone: false,
      isPickup: false,
      bundleHours: 24,
      currency: "usd",
    });
  });

  test("in another currency begins anew: the old prices say nothing", () => {
    expect(changeTerms(known, { world: 2000 }, "eur")).toBe("no-from");
    expect(changeTerms(known, home, "eur")).toMatchObject({
      currency: "eur",
      zones: [{ kind: "home", price: 500 }],
    });
  });

  test("of a price leaves a reduced price for further items, and keeps a full one full", () => {
    const pricesOf = (after: ShippingTerms | string) =>
      typeof after === "string" ? after : after.zones.map(({ price, further }) => [price, further]);
    expect(pricesOf(changeTerms(known, { home: 700 }, "usd"))).toEqual([
      [700, 700],
      [900, 900],
    ]);
    const reduced = changeTerms(known, { further: 600 }, "usd");
    if (typeof reduced === "string") throw new Error(reduced);
    expect(pricesOf(reduced)).toEqual([
      [500, 500],
      [900, 600],
    ]);
    expect(pricesOf(changeTerms(reduced, { home: 700, world: 300 }, "usd"))).toEqual([
      [700, 600],
      [900, 600],
      [300, 300],
    ]);
    expect(pricesOf(changeTerms(reduced, { further: "full" }, "usd"))).toEqual([
      [500, 500],
      [900, 900],
    ]);
  });
});

test("a buyer is asked for the country if there are two prices, or if they can pick it up instead", () => {
  const isAsked = (...changes: readonly TermsChange[]) => {
    const each = reached([{ from: "DE", home: 500 }, ...changes]);
    return each && needsCountry(each);
  };
  expect(isAsked()).toBe(false);
  expect(isAsked({ world: 500 })).toBe(false);
  expect(isAsked({ world: 900 })).toBe(true);
  expect(isAsked({ isPickup: true })).toBe(true);
});
