import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  europeanUnion,
  readCountries,
  readCountry,
  shippingCountries,
} from "../../../functions/shipping/domain/countries.ts";
import { wordsFor } from "../../../shared/text/countries.ts";

const countries = shippingCountries();
const codes = countries.map(({ code }) => code);

/** The list in the types of Stripe's library; ZZ is its code of an unknown country. */
function allowedByStripe(): string[] {
  const types = readFileSync("node_modules/stripe/cjs/resources/Checkout/Sessions.d.ts", "utf8");
  const [list = ""] = /type AllowedCountry = .*/.exec(types) ?? [];
  return [...list.matchAll(/'([A-Z]{2})'/g)].map(([, code = ""]) => code);
}

describe("the countries that parcels go to", () => {
  test("are those for which Stripe's Checkout takes an address, each with an English name", () => {
    expect(codes.toSorted()).toEqual(allowedByStripe().filter((code) => code !== "ZZ"));
    expect(countries.filter(({ code, name }) => code === name)).toEqual([]);
    expect(europeanUnion.filter((code) => !codes.includes(code))).toEqual([]);
    expect(europeanUnion).toHaveLength(27);
  });

  test("are listed with the likeliest first, then by name", () => {
    const [first, second] = codes;
    expect([first, second]).toEqual(["US", "CA"]);
    const others = countries.slice(codes.indexOf("BR") + 1).map(({ name }) => name);
    expect(others.slice(0, 3)).toEqual(["Afghanistan", "Åland Islands", "Albania"]);
    expect(others.at(-1)).toBe("Zimbabwe");
  });

  test("are read by every word that is offered for them, however it is written", () => {
    const word = fc
      .constantFrom(...countries)
      .chain((country) => fc.tuple(fc.constant(country), fc.constantFrom(...wordsFor(country))));
    fc.assert(
      fc.property(word, fc.boolean(), ([country, typed], isLoud) => {
        const written = isLoud ? ` ${typed.toUpperCase()} ` : typed.toLowerCase();
        expect(readCountry(written)).toEqual(country);
      }),
    );
  });

  test.each([
    ["UK", "GB"],
    ["usa", "US"],
    ["Great Britain", "GB"],
    ["Cote d'Ivoire", "CI"],
    ["turkiye", "TR"],
    ["saint lucia", "LC"],
    ["Bosnia and Herzegovina", "BA"],
    ["South Korea", "KR"],
  ])("are found as people write them: %s", (typed, code) => {
    expect(readCountry(typed)?.code).toBe(code);
  });

  test.each(["", " ", "Atlantis", "CU", "North Korea", "Germ", "EU", "ZZ", "constructor"])(
    "are not guessed from %j",
    (typed) => {
      expect(readCountry(typed)).toBeUndefined();
    },
  );

  test("are read from a list, each once, with the European Union as a whole", () => {
    expect(readCountries("Norway, UK; no-where, uk,,NO")).toEqual({
      codes: ["NO", "GB"],
      unknown: ["no-where"],
    });
    expect(readCountries("eu, Switzerland, Germany").codes).toEqual([...europeanUnion, "CH"]);
    expect(readCountries(" , ")).toEqual({ codes: [], unknown: [] });
  });
});
