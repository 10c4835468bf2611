import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  compileAggregation,
  runAggregation,
} from "../../../../../local/google/firestore/query/aggregate.ts";
import { compileQuery } from "../../../../../local/google/firestore/query/compile.ts";
import { matches, runQuery } from "../../../../../local/google/firestore/query/run.ts";
import type { Filter, StructuredQuery } from "../../../../../local/google/firestore/types.ts";
import { findNaively, type NaiveFilter, type NaiveQuery, type Thing } from "./naive-model.ts";
import {
  and,
  compares,
  cursor,
  documentAt,
  double,
  is,
  or,
  order,
  query,
  ROOT,
  reference,
  THINGS_GROUP,
  value,
  where,
} from "./support.ts";

function pathsOf(parts: Partial<StructuredQuery>, documents: ReturnType<typeof documentAt>[]) {
  return runQuery(compileQuery(ROOT, query(parts)), documents).map((document) =>
    document.name.slice(ROOT.length + 1),
  );
}

function toFilter(filter: NaiveFilter): Filter {
  if (filter.kind === "compare") return where(filter.field, filter.operator, filter.operand);
  const parts = filter.parts.map(toFilter);
  return filter.kind === "and" ? and(...parts) : or(...parts);
}

function toQuery(naive: NaiveQuery): Partial<StructuredQuery> {
  const { filter, orders, start, end, offset, limit } = naive;
  return {
    where: filter === null ? null : toFilter(filter),
    orderBy: orders.map((each) => order(each.field, each.descending ? "DESCENDING" : "ASCENDING")),
    startAt: start === null ? null : cursor(start.before ? "before" : "after", ...start.values),
    endAt: end === null ? null : cursor(end.before ? "before" : "after", ...end.values),
    offset,
    limit: limit === null ? null : { value: limit },
  };
}

const small = fc.integer({ min: 0, max: 3 });
const field = fc.constantFrom("a", "b", "c");
const things: fc.Arbitrary<Thing[]> = fc.array(
  fc.record(
    { a: fc.option(small), b: fc.option(small), c: small, tags: fc.array(small, { maxLength: 2 }) },
    { requiredKeys: [] },
  ),
  { maxLength: 12 },
);
const compare: fc.Arbitrary<NaiveFilter> = fc.oneof(
  fc.record({
    kind: fc.constant("compare" as const),
    field,
    operator: fc.constantFrom(
      "EQUAL" as const,
      "LESS_THAN" as const,
      "LESS_THAN_OR_EQUAL" as const,
      "GREATER_THAN" as const,
      "GREATER_THAN_OR_EQUAL" as const,
    ),
    operand: small,
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    field,
    operator: fc.constant("IN" as const),
    operand: fc.array(small, { minLength: 1, maxLength: 2 }),
  }),
);
/** What may stand only once in a query. */
const compareOnce: fc.Arbitrary<NaiveFilter> = fc.oneof(
  fc.record({
    kind: fc.constant("compare" as const),
    field,
    operator: fc.constant("NOT_EQUAL" as const),
    operand: small,
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    field: fc.constant("tags"),
    operator: fc.constant("ARRAY_CONTAINS_ANY" as const),
    operand: fc.array(small, { minLength: 1, maxLength: 1 }),
  }),
);
const pair = (parts: fc.Arbitrary<NaiveFilter>): fc.Arbitrary<NaiveFilter> =>
  fc.record({
    kind: fc.constantFrom("and" as const, "or" as const),
    parts: fc.array(parts, { minLength: 1, maxLength: 2 }),
  });
const filters: fc.Arbitrary<NaiveFilter> = fc
  .tuple(
    fc.oneof(compare, pair(compare), pair(fc.oneof(compare, pair(compare)))),
    fc.option(compareOnce),
  )
  .map(([tree, once]) => (once === null ? tree : { kind: "and", parts: [tree, once] }));
const queries: fc.Arbitrary<NaiveQuery> = fc
  .record({
    filter: fc.option(filters),
    orders: fc.uniqueArray(fc.record({ field, descending: fc.boolean() }), {
      maxLength: 2,
      selector: (each) => each.field,
    }),
    start: fc.option(
      fc.record({ values: fc.array(small, { maxLength: 2 }), before: fc.boolean() }),
    ),
    end: fc.option(fc.record({ values: fc.array(small, { maxLength: 2 }), before: fc.boolean() })),
    offset: fc.nat({ max: 2 }),
    limit: fc.option(fc.nat({ max: 4 })),
  })
  .map((naive) => {
    const keys = naive.orders.length;
    const cut = (place: NaiveQuery["start"]) =>
      place === null ? null : { ...place, values: place.values.slice(0, keys) };
    return { ...naive, start: cut(naive.start), end: cut(naive.end) };
  });

describe("queries", () => {
  test("find what a naive model finds, in its order", () => {
    fc.assert(
      fc.property(things, queries, (all, naive) => {
        const documents = all.map((thing, index) =>
          documentAt(`things/${index + 10}`, { ...thing }),
        );
        const expected = findNaively(all, naive).map((index) => `things/${index + 10}`);
        expect(pathsOf(toQuery(naive), documents)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test("match exactly the documents they find when nothing cuts the results short", () => {
    fc.assert(
      fc.property(things, fc.option(filters), (all, filter) => {
        const documents = all.map((thing, index) => documentAt(`things/${index}`, { ...thing }));
        const compiled = compileQuery(
          ROOT,
          query({ where: filter === null ? null : toFilter(filter) }),
        );
        const found = new Set(runQuery(compiled, documents).map((document) => document.name));
        for (const document of documents) {
          expect(matches(compiled, document)).toBe(found.has(document.name));
        }
      }),
    );
  });

  test("find null and NaN only through the operators made for them", () => {
    const documents = [
      documentAt("things/null", { x: null }),
      documentAt("things/nan", { x: Number.NaN }),
      documentAt("things/none", {}),
      documentAt("things/one", { x: 1 }),
    ];
    const found = (filter: Filter) => pathsOf({ where: filter }, documents);
    expect(found(is("x", "IS_NULL"))).toEqual(["things/null"]);
    expect(found(is("x", "IS_NAN"))).toEqual(["things/nan"]);
    expect(found(is("x", "IS_NOT_NULL"))).toEqual(["things/nan", "things/one"]);
    expect(found(is("x", "IS_NOT_NAN"))).toEqual(["things/one"]);
    expect(found(where("x", "IN", [null, Number.NaN, 1]))).toEqual(["things/one"]);
    expect(found(where("x", "NOT_EQUAL", 2))).toEqual(["things/nan", "things/one"]);
    expect(found(where("x", "NOT_IN", [2]))).toEqual(["things/nan", "things/one"]);
    expect(found(where("x", "NOT_IN", [null, 2]))).toEqual([]);
    expect(found(where("x", "GREATER_THAN", -1))).toEqual(["things/one"]);
  });

  test("compare only values of one kind, and integers with doubles as numbers", () => {
    const documents = [
      documentAt("things/a", { x: 1 }),
      documentAt("things/b", { x: 1.5 }),
      documentAt("things/c", { x: "2" }),
      documentAt("things/d", { x: [2] }),
    ];
    const above = compares("x", "GREATER_THAN_OR_EQUAL", double(1));
    expect(pathsOf({ where: above }, documents)).toEqual(["things/a", "things/b"]);
    const equal = compares("x", "EQUAL", double(1));
    expect(pathsOf({ where: equal }, documents)).toEqual(["things/a"]);
  });

  test("look in one collection, in a group at any depth, or in everything below a document", () => {
    const documents = ["things/1", "things/1/things/2", "other/1/things/3", "other/1"].map((path) =>
      documentAt(path, { x: 1 }),
    );
    expect(pathsOf({}, documents)).toEqual(["things/1"]);
    const all = ["other/1/things/3", "things/1", "things/1/things/2"];
    expect(pathsOf({ from: THINGS_GROUP }, documents)).toEqual(all);
    const everything = query({ from: [{ collectionId: "", allDescendants: true }] });
    const below = runQuery(compileQuery(`${ROOT}/things/1`, everything), documents);
    expect(below.map((document) => document.name)).toEqual([`${ROOT}/things/1/things/2`]);
  });

  test("filter, order and begin by names", () => {
    const documents = ["a", "b", "c", "d"].map((id) => documentAt(`things/${id}`, { x: 1 }));
    const inList = {
      valueType: "arrayValue",
      arrayValue: { values: ["c", "a"].map((id) => reference(`things/${id}`)) },
    } as const;
    expect(pathsOf({ where: compares("__name__", "IN", inList) }, documents)).toEqual([
      "things/a",
      "things/c",
    ]);
    const after = { values: [value(1), reference("things/b")], before: false };
    const parts = { orderBy: [order("x"), order("__name__", "DESCENDING")], startAt: after };
    expect(pathsOf(parts, documents)).toEqual(["things/a"]);
  });

  test("return only the fields selected, where the document has them", () => {
    const stored = documentAt("things/a", {
      x: 1,
      "odd-name": 2,
      map: new Map([
        ["y", 3],
        ["z", 4],
      ]),
    });
    const select = {
      fields: ["`odd-name`", "map.y", "absent.z", "__name__"].map((fieldPath) => ({ fieldPath })),
    };
    const [selected] = runQuery(compileQuery(ROOT, query({ select })), [stored]);
    expect(selected?.fields).toEqual({ "odd-name": value(2), map: value(new Map([["y", 3]])) });
  });
});

describe("aggregations", () => {
  test("count up to a limit, and sum and average over the documents that have the fields", () => {
    const documents = [1, 2, 4].map((x) => documentAt(`things/${x}`, { x }));
    const compiled = compileAggregation(ROOT, {
      structuredQuery: query(),
      aggregations: [
        { alias: "count", operator: "count", count: { upTo: null } },
        { alias: "some", operator: "count", count: { upTo: { value: "2" } } },
        { alias: "", operator: "sum", sum: { field: { fieldPath: "x" } } },
        { alias: "average", operator: "avg", avg: { field: { fieldPath: "x" } } },
      ],
    });
    expect(runAggregation(compiled, [...documents, documentAt("things/none", {})])).toEqual({
      count: value(3),
      some: value(2),
      field_3: value(7),
      average: double(7 / 3),
    });
  });
});

describe("a query is refused as malformed", () => {
  const numbers = Array.from({ length: 31 }, (_, index) => index);
  const equals = (list: number[]) => list.map((each) => where("x", "EQUAL", each));
  test.each<[string, Partial<StructuredQuery>]>([
    ["more than 30 values in a list", { where: where("x", "IN", numbers) }],
    ["more than 10 values in not-in", { where: where("x", "NOT_IN", numbers.slice(0, 11)) }],
    ["a value longer than an index keeps", { where: where("x", "EQUAL", "x".repeat(1500)) }],
    ["an empty list", { where: where("x", "IN", []) }],
    ["more than 30 alternatives", { where: or(...equals(numbers)) }],
    [
      "lists that multiply to more than 30",
      { where: and(where("x", "IN", [1, 2, 3, 4, 5, 6]), where("y", "IN", [1, 2, 3, 4, 5, 6])) },
    ],
    ["two not-equals", { where: and(where("x", "NOT_EQUAL", 1), where("y", "NOT_EQUAL", 1)) }],
    ["not-in beside or", { where: and(where("x", "NOT_IN", [1]), or(...equals([1, 2]))) }],
    [
      "two array-contains",
      { where: and(where("x", "ARRAY_CONTAINS", 1), where("y", "ARRAY_CONTAINS", 1)) },
    ],
    ["a name compared with a string", { where: where("__name__", "EQUAL", "a") }],
    ["an order given twice", { orderBy: [order("x"), order("x", "DESCENDING")] }],
    ["an order after the name", { orderBy: [order("__name__"), order("x")] }],
    ["a cursor longer than the order", { orderBy: [order("x")], startAt: cursor("before", 1, 2) }],
    ["a negative limit", { limit: { value: -1 } }],
    ["a negative offset", { offset: -1 }],
    ["no collection but a filter", { from: [], where: where("x", "EQUAL", 1) }],
    ["an or of nothing", { where: or() }],
  ])("%s", (_, parts) => {
    expect(() => compileQuery(ROOT, query(parts))).toThrow(expect.objectContaining({ code: 3 }));
  });
});
