import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  deleteField,
  formatFieldPath,
  getField,
  parseFieldPath,
  setField,
} from "../../../../../local/google/firestore/field-paths.ts";
import { compareNames, parseDocumentName } from "../../../../../local/google/firestore/names.ts";
import type { Fields, Value } from "../../../../../local/google/firestore/types.ts";
import {
  averageOf,
  incrementValue,
  sumOf,
} from "../../../../../local/google/firestore/values/numbers.ts";
import { compareValues, equalValues } from "../../../../../local/google/firestore/values/values.ts";
import { double, ROOT, reference, value, vector } from "./support.ts";

const MAX_INT64 = 2n ** 63n - 1n;

/** Doubles and integers around the places where one has to be rounded to become the other. */
const numbers: fc.Arbitrary<Value> = fc.oneof(
  fc.bigInt({ min: -MAX_INT64 - 1n, max: MAX_INT64 }).map(value),
  fc.double().map(double),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, MAX_INT64, -MAX_INT64 - 1n, 0n).map(value),
  fc.constantFrom(2 ** 53, 2 ** 63, -(2 ** 63), 0, -0, Number.NaN, 0.5).map(double),
);

const { anyValue } = fc.letrec<{ anyValue: Value }>((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(null, true, false).map(value),
    numbers,
    fc.string({ unit: "binary", maxLength: 3 }).map(value),
    fc.constantFrom("things/a", "things/__id7__", "things/a/parts/b", "other/a").map(reference),
    fc
      .array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 2 })
      .map((all) => vector(...all)),
    fc
      .uint8Array({ maxLength: 2 })
      .map((bytes): Value => ({ valueType: "bytesValue", bytesValue: Buffer.from(bytes) })),
    fc
      .record({ seconds: fc.integer().map(String), nanos: fc.nat({ max: 999_999_999 }) })
      .map((timestampValue): Value => ({ valueType: "timestampValue", timestampValue })),
    fc
      .record({
        latitude: fc.integer({ min: -2, max: 2 }),
        longitude: fc.integer({ min: -2, max: 2 }),
      })
      .map((geoPointValue): Value => ({ valueType: "geoPointValue", geoPointValue })),
    fc
      .array(tie("anyValue"), { maxLength: 3 })
      .map((values): Value => ({ valueType: "arrayValue", arrayValue: { values } })),
    fc
      .dictionary(fc.constantFrom("a", "b", "é"), tie("anyValue"))
      .map((fields): Value => ({ valueType: "mapValue", mapValue: { fields } })),
  ),
}));

describe("the order of values", () => {
  test("is total: reflexive, antisymmetric and transitive over every kind", () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(compareValues(a, a)).toBe(0);
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        const [low, middle, high] = [a, b, c].sort(compareValues);
        if (low === undefined || middle === undefined || high === undefined) return;
        expect(compareValues(low, high)).toBeLessThanOrEqual(0);
        if (equalValues(low, high)) expect(equalValues(low, middle)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("goes null, booleans, NaN, numbers, times, strings, bytes, references, places, arrays, vectors, maps", () => {
    const ascending: Value[] = [
      value(null),
      value(false),
      value(true),
      double(Number.NaN),
      double(Number.NEGATIVE_INFINITY),
      value(-MAX_INT64 - 1n),
      value(0),
      double(0.5),
      value(2n ** 53n),
      value(2n ** 53n + 1n),
      double(2 ** 53 + 2),
      value(MAX_INT64),
      double(2 ** 63),
      double(Number.POSITIVE_INFINITY),
      { valueType: "timestampValue", timestampValue: { seconds: "-1", nanos: 999_999_000 } },
      { valueType: "timestampValue", timestampValue: { seconds: "0", nanos: 1000 } },
      value(""),
      value("ab"),
      value("é"),
      value("\uffee"),
      value("😀"),
      { valueType: "bytesValue", bytesValue: Buffer.from([]) },
      { valueType: "bytesValue", bytesValue: Buffer.from([255]) },
      reference("a/__id7__"),
      reference("a/b"),
      reference("a/b/c/d"),
      { valueType: "geoPointValue", geoPointValue: { latitude: -1, longitude: 5 } },
      { valueType: "geoPointValue", geoPointValue: { latitude: 1, longitude: 2 } },
      value([]),
      value([null]),
      value([1]),
      value([1, 2]),
      value([2]),
      vector(5),
      vector(1, 1),
      vector(1, 2),
      value(new Map()),
      value(
        new Map([
          ["a", 0],
          ["z", 9],
        ]),
      ),
      value(new Map([["a", 1]])),
      value(
        new Map([
          ["a", 1],
          ["b", 1],
        ]),
      ),
      value(new Map([["aa", 0]])),
      value(new Map([["b", 0]])),
    ];
    for (const [index, later] of ascending.entries()) {
      for (const earlier of ascending.slice(0, index)) {
        expect(compareValues(earlier, later)).toBeLessThan(0);
      }
    }
  });

  test("puts strings in the order of their UTF-8 bytes, surrogate pairs too", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
        expect(Math.sign(compareValues(value(left), value(right)))).toBe(bytes);
      }),
    );
  });

  test("takes 1 and 1.0, 0 and -0, and any two NaN as equal, and 2^53 and 2^53 + 1 not", () => {
    expect(equalValues(value(1), double(1))).toBe(true);
    expect(equalValues(value(0), double(-0))).toBe(true);
    expect(equalValues(double(Number.NaN), double(Number.NaN))).toBe(true);
    expect(equalValues(double(2 ** 53), value(2n ** 53n + 1n))).toBe(false);
    expect(equalValues(double(2 ** 63), value(MAX_INT64))).toBe(false);
  });
});

describe("arithmetic", () => {
  test("an increment stops at the ends of int64 and becomes a double beside a double", () => {
    expect(incrementValue(value(MAX_INT64), value(1))).toEqual(value(MAX_INT64));
    expect(incrementValue(value(-MAX_INT64), value(-2n))).toEqual(value(-MAX_INT64 - 1n));
    expect(incrementValue(value(1), double(0.5))).toEqual(double(1.5));
    expect(incrementValue(value("none"), value(3))).toEqual(value(3));
  });

  test("a sum of integers is exact and becomes a double only beyond int64", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -MAX_INT64, max: MAX_INT64 })), (all) => {
        const exact = all.reduce((sum, next) => sum + next, 0n);
        const fits = BigInt.asIntN(64, exact) === exact;
        expect(sumOf(all.map(value))).toEqual(fits ? value(exact) : double(Number(exact)));
      }),
    );
  });

  test("a sum of doubles does not depend on their order and loses nothing on the way", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite), (all) => {
        const there = all.map(double);
        const back = all.map((each) => double(-each));
        expect(sumOf(there)).toEqual(sumOf([...there].reverse()));
        expect(sumOf([...there, ...back, double(0.5)])).toEqual(double(0.5));
      }),
    );
    expect(sumOf([0.1, 0.2, 0.3].map(double))).toEqual(double(0.6));
    expect(sumOf([1e308, 1e308, -1e308].map(double))).toEqual(double(1e308));
    expect(sumOf([2 ** 53, 1, 2 ** -60].map(double))).toEqual(double(2 ** 53 + 2));
    expect(sumOf([5e-324, 5e-324].map(double))).toEqual(double(1e-323));
  });

  test("an average is a double, null over no numbers, and NaN with one", () => {
    expect(averageOf([value(1), value(2), value("x")])).toEqual(double(1.5));
    expect(averageOf([value("x")])).toEqual(value(null));
    expect(averageOf([value(1), double(Number.NaN)])).toEqual(double(Number.NaN));
  });
});

describe("names and field paths", () => {
  test("numeric ids come first and in the order of their numbers", () => {
    const names = ["a/__id-5__", "a/__id7__", "a/__id10__", "a/!", "a/b", "a/b/c/d", "a/é"];
    expect([...names].reverse().sort(compareNames)).toEqual(names);
  });

  test.each([
    ["a reserved id", `${ROOT}/a/__x__`],
    ["a dot as an id", `${ROOT}/a/.`],
    ["an empty id", `${ROOT}/a//b/c`],
    ["an id of 1501 bytes", `${ROOT}/a/${"x".repeat(1501)}`],
    ["a collection", `${ROOT}/a`],
    ["another resource", "projects/test"],
    ["a numeric id beyond int64", `${ROOT}/a/__id9223372036854775808__`],
  ])("%s is no document name", (_, name) => {
    expect(() => parseDocumentName(name)).toThrow(expect.objectContaining({ code: 3 }));
  });

  test.each(["", "a..b", "a.", ".a", "a-b", "1a", "``", "`a", "`a`b", "__x__", "a.__x__", "a b"])(
    "%p is no field path",
    (text) => {
      expect(() => parseFieldPath(text)).toThrow(expect.objectContaining({ code: 3 }));
    },
  );

  const name = fc
    .string({ unit: "binary", minLength: 1 })
    .filter((text) => !/^__.*__$/s.test(text));
  const path = fc.tuple(name, name, name);

  test("any path survives being written and read", () => {
    fc.assert(
      fc.property(path, (names) => {
        expect(parseFieldPath(formatFieldPath(names))).toEqual(names);
      }),
    );
  });

  test("setting and deleting a nested field touches nothing else, nor the original", () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        fc.pre(one[0] !== other[0]);
        const before: Fields = setField({}, one, value(1));
        const after = setField(before, other, value(2));
        expect(getField(after, one)).toEqual(value(1));
        expect(getField(after, other)).toEqual(value(2));
        expect(getField(before, other)).toBeUndefined();
        expect(getField(deleteField(after, one), one)).toBeUndefined();
        expect(getField(after, one)).toEqual(value(1));
      }),
    );
  });
});
