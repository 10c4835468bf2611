import { describe, expect, test } from "@jest/globals";
import { compileAggregation } from "../../../../../local/google/firestore/query/aggregate.ts";
import { compileQuery } from "../../../../../local/google/firestore/query/compile.ts";
import { assertIndexed } from "../../../../../local/google/firestore/query/indexes.ts";
import type {
  CompositeIndex,
  FieldOverride,
  IndexConfiguration,
  IndexField,
  QueryScope,
  StructuredQuery,
} from "../../../../../local/google/firestore/types.ts";
import {
  and,
  compares,
  is,
  or,
  order,
  query,
  ROOT,
  reference,
  THINGS_GROUP,
  where,
} from "./support.ts";

/** An index in short: "a b- tags[]" is a ascending, b descending, the elements of tags. */
function index(short: string, queryScope: QueryScope = "COLLECTION"): CompositeIndex {
  const fields = short.split(" ").map((each): IndexField => {
    if (each.endsWith("[]")) return { fieldPath: each.slice(0, -2), arrayConfig: "CONTAINS" };
    return each.endsWith("-")
      ? { fieldPath: each.slice(0, -1), order: "DESCENDING" }
      : { fieldPath: each, order: "ASCENDING" };
  });
  return { collectionGroup: "things", queryScope, fields };
}

function overrideOf(fieldPath: string, ...indexes: FieldOverride["indexes"]): FieldOverride {
  return { collectionGroup: "things", fieldPath, indexes };
}

function configure(
  indexes: readonly CompositeIndex[],
  fieldOverrides: readonly FieldOverride[] = [],
): IndexConfiguration {
  return { indexes, fieldOverrides };
}

function check(parts: Partial<StructuredQuery>, configuration: IndexConfiguration): void {
  assertIndexed(compileQuery(ROOT, query(parts)), configuration);
}

const aIs1 = where("a", "EQUAL", 1);
const bIs1 = where("b", "EQUAL", 1);
const aAbove1 = where("a", "GREATER_THAN", 1);
const bAbove1 = where("b", "GREATER_THAN", 1);
const tagged = where("tags", "ARRAY_CONTAINS", "x");
const nameAbove = compares("__name__", "GREATER_THAN", reference("things/a"));

describe("no composite index is asked for by", () => {
  test.each<[string, Partial<StructuredQuery>]>([
    ["a whole collection", {}],
    ["a whole collection group", { from: THINGS_GROUP }],
    ["one equality", { where: aIs1 }],
    [
      "several equalities, null and NaN among them",
      { where: and(aIs1, is("b", "IS_NULL"), is("c", "IS_NAN")) },
    ],
    ["equalities and an array-contains", { where: and(aIs1, bIs1, tagged) }],
    [
      "in, array-contains-any and or, which are alternatives of equality",
      {
        where: or(where("a", "IN", [1, 2]), and(bIs1, where("tags", "ARRAY_CONTAINS_ANY", ["x"]))),
      },
    ],
    ["one range", { where: and(aAbove1, where("a", "LESS_THAN", 9)) }],
    ["a range in the order of its field", { where: aAbove1, orderBy: [order("a", "DESCENDING")] }],
    ["not-equal", { where: where("a", "NOT_EQUAL", 1) }],
    ["one order", { orderBy: [order("a")] }],
    [
      "one descending order and the name with it",
      { orderBy: [order("a", "DESCENDING"), order("__name__", "DESCENDING")] },
    ],
    ["an order by the field of an equality", { where: aIs1, orderBy: [order("a")] }],
    [
      "an equality and the names after it, either way",
      { where: aIs1, orderBy: [order("__name__", "DESCENDING")] },
    ],
    ["a range of names", { where: nameAbove, orderBy: [order("__name__")] }],
    ["an equality and a range of names", { where: and(aIs1, nameAbove) }],
    ["a nested field", { where: where("map.`odd-name`", "GREATER_THAN", 1) }],
  ])("%s", (_, parts) => {
    expect(() => check(parts, configure([]))).not.toThrow();
  });
});

/** A query, an index that serves it, and indexes that do not. */
const COMPOSITE_CASES: [string, Partial<StructuredQuery>, string[], string[]][] = [
  [
    "an equality and an order",
    { where: aIs1, orderBy: [order("b")] },
    ["a b", "a- b", "a b-", "a b __name__"],
    ["b a", "a", "a c", "a b c", "a b- __name__", "tags[] b"],
  ],
  ["an equality and a range", { where: and(aIs1, bAbove1) }, ["a b", "a b-"], ["b a", "a c b"]],
  [
    "an equality and a descending order",
    { where: aIs1, orderBy: [order("b", "DESCENDING")] },
    ["a b-", "a b"],
    ["a- c-"],
  ],
  [
    "two orders of one direction",
    { orderBy: [order("a"), order("b")] },
    ["a b", "a- b-"],
    ["a b-", "a- b", "b a", "a b __name__-"],
  ],
  [
    "two orders of different directions",
    { orderBy: [order("a"), order("b", "DESCENDING")] },
    ["a b-", "a- b"],
    ["a b", "a- b-"],
  ],
  ["ranges on two fields", { where: and(aAbove1, bAbove1) }, ["a b", "a- b-"], ["b a", "a b-"]],
  [
    "a range and an order by another field first",
    { where: aAbove1, orderBy: [order("b", "DESCENDING")] },
    ["b- a-", "b a"],
    ["a b", "b- a"],
  ],
  [
    "an array-contains and an order",
    { where: tagged, orderBy: [order("a", "DESCENDING")] },
    ["tags[] a-", "tags[] a"],
    ["tags a-", "a- tags[]", "a-"],
  ],
  [
    "equalities in any order before the sorted field",
    { where: and(aIs1, bIs1, tagged), orderBy: [order("c")] },
    ["a b tags[] c", "tags[] b- a c"],
    ["a b c", "a c", "tags[] c"],
  ],
  ["in and an order", { where: where("a", "IN", [1, 2]), orderBy: [order("b")] }, ["a b"], ["b a"]],
  [
    "an order with the names against it",
    { orderBy: [order("a"), order("__name__", "DESCENDING")] },
    ["a __name__-", "a- __name__"],
    ["a b"],
  ],
  [
    "names from the last to the first",
    { orderBy: [order("__name__", "DESCENDING")] },
    ["__name__-"],
    ["a __name__-"],
  ],
];

describe("a composite index is asked for by", () => {
  test.each(COMPOSITE_CASES)("%s", (_, parts, serving, useless) => {
    expect(() => check(parts, configure([]))).toThrow(expect.objectContaining({ code: 9 }));
    for (const short of serving) {
      expect(() => check(parts, configure([index(short)]))).not.toThrow();
    }
    const others = [
      ...useless.map((short) => index(short)),
      ...serving.map((short) => index(short, "COLLECTION_GROUP")),
      ...serving.map((short) => ({ ...index(short), collectionGroup: "others" })),
    ];
    for (const other of others) {
      expect(() => check(parts, configure([other]))).toThrow(expect.objectContaining({ code: 9 }));
    }
  });

  test.each(COMPOSITE_CASES)("%s, and the refusal names one that serves it", (_, parts) => {
    const named: CompositeIndex = JSON.parse(entryNamedFor(parts));
    expect(() => check(parts, configure([named]))).not.toThrow();
  });

  test("each alternative of an or by itself", () => {
    const parts = { where: or(aIs1, bIs1), orderBy: [order("c")] };
    expect(() => check(parts, configure([index("a c")]))).toThrow(/"fieldPath":"b"/);
    expect(() => check(parts, configure([index("a c"), index("b c")]))).not.toThrow();
  });

  test("a sum under a filter, which reads the summed field from the index", () => {
    const sum = compileAggregation(ROOT, {
      structuredQuery: query({ where: aIs1 }),
      aggregations: [{ alias: "", operator: "sum", sum: { field: { fieldPath: "cents" } } }],
    });
    expect(() => assertIndexed(sum.query, configure([]))).toThrow(/"a".*"cents"/);
    expect(() => assertIndexed(sum.query, configure([index("a cents")]))).not.toThrow();
  });
});

describe("indexes are merged", () => {
  const parts = { where: and(aIs1, bIs1), orderBy: [order("c", "DESCENDING")] };

  test("when they end with the same order and their equalities add up", () => {
    expect(() => check(parts, configure([index("a c-"), index("b c-")]))).not.toThrow();
  });

  test("but not when one of them is sorted differently", () => {
    expect(() => check(parts, configure([index("a c-"), index("b d-")]))).toThrow(
      expect.objectContaining({ code: 9 }),
    );
  });
});

describe("single-field indexes", () => {
  const inGroup = { from: THINGS_GROUP, where: aIs1 };
  const ascendingInGroup = { queryScope: "COLLECTION_GROUP", order: "ASCENDING" } as const;

  test("of a collection group exist only by an override, which the refusal names in full", () => {
    expect(() => check(inGroup, configure([]))).toThrow(/"fieldOverrides"/);
    expect(JSON.parse(entryNamedFor(inGroup))).toEqual(
      overrideOf(
        "a",
        { queryScope: "COLLECTION", order: "ASCENDING" },
        { queryScope: "COLLECTION", order: "DESCENDING" },
        { queryScope: "COLLECTION", arrayConfig: "CONTAINS" },
        ascendingInGroup,
      ),
    );
    const overridden = configure([], [overrideOf("a", ascendingInGroup)]);
    expect(() => check(inGroup, overridden)).not.toThrow();
    expect(() =>
      check({ from: THINGS_GROUP, orderBy: [order("a", "DESCENDING")] }, overridden),
    ).not.toThrow();
    expect(() => check({ from: THINGS_GROUP, where: bIs1 }, overridden)).toThrow(
      expect.objectContaining({ code: 9 }),
    );
  });

  test("of a collection group are merged like a collection's, and a composite index serves too", () => {
    const both = { from: THINGS_GROUP, where: and(aIs1, bIs1) };
    const overrides = ["a", "b"].map((path) => overrideOf(path, ascendingInGroup));
    expect(() => check(both, configure([], overrides))).not.toThrow();
    expect(() => check(both, configure([index("a b", "COLLECTION_GROUP")]))).not.toThrow();
    expect(() => check(both, configure([index("a b")]))).toThrow(
      expect.objectContaining({ code: 9 }),
    );
  });

  test("are gone where an override of the field, of the map around it or of all fields drops them", () => {
    const nested = { where: where("map.a", "EQUAL", 1) };
    for (const path of ["map.a", "map", "*"]) {
      expect(() => check(nested, configure([], [overrideOf(path)]))).toThrow(
        expect.objectContaining({ code: 9 }),
      );
    }
    const kept = overrideOf("map.a", { queryScope: "COLLECTION", order: "ASCENDING" });
    expect(() => check(nested, configure([], [overrideOf("*"), kept]))).not.toThrow();
    expect(() => check(nested, configure([], [overrideOf("ma")]))).not.toThrow();
  });
});

/** The entry for firestore.indexes.json that the refusal of a query names. */
function entryNamedFor(parts: Partial<StructuredQuery>): string {
  try {
    check(parts, configure([]));
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return message.slice(message.indexOf("{"));
  }
  throw new Error("The query was not refused.");
}
