import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type {
  CollectionReference,
  DocumentSnapshot,
  Query,
  QuerySnapshot,
} from "../../shared/ports/database.ts";
import { adapters, type OpenDatabase, outcomeOf } from "./databases.ts";

const DOCUMENTS = {
  a: { n: 1, kind: "x", tags: ["p", "q"], deep: { m: 2 } },
  b: { n: 2, kind: "y", tags: ["q", null] },
  c: { n: 2, kind: "x", tags: [], "odd-name": 1 },
  d: { n: 3.5, kind: null },
  e: { n: "text", kind: "x" },
  f: { kind: "z", deep: { m: 1 } },
  g: { n: Number.NaN, kind: "w" },
  h: { n: null, kind: "w" },
};

type Build = (collection: CollectionReference, at: (id: string) => DocumentSnapshot) => Query;

const QUERIES: readonly (readonly [string, Build, string])[] = [
  ["everything, by name", (all) => all, "abcdefgh"],
  ["an order, of what has the field", (all) => all.orderBy("n"), "hgabcde"],
  ["an order downwards, names too", (all) => all.orderBy("n", "desc"), "edcbagh"],
  ["an order by name", (all) => all.orderBy("__name__"), "abcdefgh"],
  ["an order by a field inside", (all) => all.orderBy("deep.m"), "fa"],
  ["an order by an odd name", (all) => all.orderBy("odd-name"), "c"],
  ["a limit", (all) => all.orderBy("n").limit(3), "hga"],
  ["equal", (all) => all.where("n", "==", 2), "bc"],
  ["equal to null", (all) => all.where("n", "==", null), "h"],
  ["equal to what is no number", (all) => all.where("n", "==", Number.NaN), "g"],
  ["equal to a list", (all) => all.where("tags", "==", ["p", "q"]), "a"],
  ["equal to a map", (all) => all.where("deep", "==", { m: 1 }), "f"],
  ["equal inside", (all) => all.where("deep.m", "==", 2), "a"],
  ["less", (all) => all.where("n", "<", 2), "a"],
  ["at most", (all) => all.where("n", "<=", 2), "abc"],
  ["more, of numbers only", (all) => all.where("n", ">", 1), "bcd"],
  ["at least, of text only", (all) => all.where("n", ">=", "a"), "e"],
  ["unequal", (all) => all.where("n", "!=", 2), "gade"],
  ["not null", (all) => all.where("n", "!=", null), "gabcde"],
  ["a range", (all) => all.where("n", ">=", 2).where("n", "<", 3), "bc"],
  ["one of several", (all) => all.where("kind", "in", ["y", "z", "none"]), "bf"],
  ["in a list", (all) => all.where("tags", "array-contains", "q"), "ab"],
  // Google's client asks for what is not null.
  ["null in a list", (all) => all.where("tags", "array-contains", null), "cab"],
  ["two fields", (all) => all.where("kind", "==", "x").where("n", "==", 2), "c"],
  ["with a composite index", (all) => all.where("kind", "==", "x").orderBy("n", "desc"), "eca"],
  [
    "a range with a composite index",
    (all) => all.where("kind", "==", "x").where("n", ">=", 1).orderBy("n", "desc"),
    "ca",
  ],
  ["a name", (all) => all.where("__name__", "==", "c"), "c"],
  ["a name by its reference", (all) => all.where("__name__", "==", all.doc("c")), "c"],
  ["names", (all) => all.where("__name__", "in", ["c", all.doc("a")]), "ac"],
  ["names from one on", (all) => all.where("__name__", ">=", "f"), "fgh"],
  ["from a value on", (all) => all.orderBy("n").startAt(2), "bcde"],
  ["after a value", (all) => all.orderBy("n").startAfter(2), "de"],
  ["before a value", (all) => all.orderBy("n").endBefore(2), "hga"],
  ["between values", (all) => all.orderBy("n").startAt(1).endBefore(3.5), "abc"],
  ["from a name on", (all) => all.orderBy("__name__").startAt("f"), "fgh"],
  ["after a reference", (all) => all.orderBy("__name__").startAfter(all.doc("f")), "gh"],
  [
    "after a value and a name",
    (all) => all.orderBy("n").orderBy("__name__").startAfter(2, "b"),
    "cde",
  ],
  ["after a document", (all, at) => all.startAfter(at("f")), "gh"],
  ["from a document on", (all, at) => all.orderBy("n").startAt(at("c")), "cde"],
  ["before a document", (all, at) => all.orderBy("n", "desc").endBefore(at("b")), "edc"],
  [
    "after a document, downwards",
    (all, at) => all.orderBy("n", "desc").startAfter(at("c")),
    "bagh",
  ],
  [
    "after a document, of an inequality",
    (all, at) => all.where("n", ">", 1).startAfter(at("b")),
    "cd",
  ],
  [
    "after a document, of a name",
    (all, at) => all.where("__name__", ">", "b").startAfter(at("d")),
    "efgh",
  ],
  ["a page after a page", (all, at) => all.orderBy("n").startAfter(at("a")).limit(2), "bc"],
];

const NOT_AT_ONCE = "Cannot specify";

const REFUSED: readonly (readonly [string, (all: CollectionReference) => unknown, string])[] = [
  [
    "an unknown comparison",
    (all) => all.where("n", "~" as never, 1),
    'Value for argument "opStr" is invalid. Acceptable values are: <, <=, ==, !=, >, >=, array-contains, in, not-in, array-contains-any',
  ],
  [
    "less than null",
    (all) => all.where("n", "<", null),
    "Invalid query. You can only perform '==' and '!=' comparisons on Null.",
  ],
  [
    "less than no number",
    (all) => all.where("n", "<", Number.NaN),
    "Invalid query. You can only perform '==' and '!=' comparisons on NaN.",
  ],
  [
    "equal to undefined",
    (all) => all.where("n", "==", undefined),
    'Value for argument "value" is not a valid query constraint. Cannot use "undefined" as a Firestore value. If you want to ignore undefined values, enable `ignoreUndefinedProperties`.',
  ],
  [
    "a bad field",
    (all) => all.where("a..b", "==", 1),
    'Value for argument "fieldPath" is not a valid field path. Paths must not contain ".." in them.',
  ],
  [
    "a bad order",
    (all) => all.orderBy("n", "up" as never),
    'Value for argument "directionStr" is invalid. Acceptable values are: asc, desc',
  ],
  [
    "a fraction of a limit",
    (all) => all.limit(1.5),
    'Value for argument "limit" is not a valid integer.',
  ],
  [
    "a list of names",
    (all) => all.where("__name__", "array-contains", "a"),
    "Invalid Query. You can't perform 'array-contains' queries on FieldPath.documentId().",
  ],
  [
    "none of names",
    (all) => all.where("__name__", "in", []),
    "Invalid Query. A non-empty array is required for 'in' filters.",
  ],
  [
    "a name with a slash",
    (all) => all.where("__name__", "==", "a/b"),
    "When querying a collection and ordering by FieldPath.documentId(), the corresponding value must be a plain document ID, but 'a/b' contains a slash.",
  ],
  [
    "a number as a name",
    (all) => all.orderBy("__name__").startAt(1),
    'The corresponding value for FieldPath.documentId() must be a string or a DocumentReference, but was "1".',
  ],
  [
    "a cursor of nothing",
    (all) => all.orderBy("n").startAt(),
    'Function "Query.startAt()" requires at least 1 argument.',
  ],
  [
    "too long a cursor",
    (all) => all.orderBy("n").startAt(1, 2),
    "Too many cursor values specified. The specified values must match the orderBy() constraints of the query.",
  ],
  [
    "an undefined cursor",
    (all) => all.orderBy("n").startAt(undefined),
    'Element at index 0 is not a valid query constraint. Cannot use "undefined" as a Firestore value. If you want to ignore undefined values, enable `ignoreUndefinedProperties`.',
  ],
  [
    "a filter after a cursor",
    (all) => all.orderBy("n").startAt(1).where("n", "==", 1),
    `${NOT_AT_ONCE} a where() filter after calling startAt(), startAfter(), endBefore() or endAt().`,
  ],
  [
    "an order after a cursor",
    (all) => all.orderBy("n").startAt(1).orderBy("m"),
    `${NOT_AT_ONCE} an orderBy() constraint after calling startAt(), startAfter(), endBefore() or endAt().`,
  ],
];

const ids = ({ docs }: QuerySnapshot) => docs.map(({ id }) => id).join("");

describe.each(adapters)("queries through $name", (adapter) => {
  let open: OpenDatabase;
  let collection: CollectionReference;
  let snapshots: ReadonlyMap<string, DocumentSnapshot>;
  beforeAll(async () => {
    open = await adapter.open();
    collection = open.collection();
    for (const [id, data] of Object.entries(DOCUMENTS)) await collection.doc(id).set(data);
    const { docs } = await collection.get();
    snapshots = new Map(docs.map((document) => [document.id, document]));
  });
  afterAll(() => open.close());

  const at = (id: string) => {
    const snapshot = snapshots.get(id);
    if (!snapshot) throw new Error(`There is no document ${id}.`);
    return snapshot;
  };

  test.each(QUERIES)("find %s", async (_name, build, expected) => {
    const query = build(collection, at);
    expect(ids(await query.get())).toBe(expected);
    expect((await query.count().get()).data()).toEqual({ count: expected.length });
  });

  test.each(REFUSED)("refuse %s at once", async (_name, build, message) => {
    const refused = { refused: "at once", code: undefined, message };
    expect(await outcomeOf(() => build(collection))).toEqual(refused);
  });

  test("refuse a document without the fields of the order", async () => {
    expect(await outcomeOf(() => collection.orderBy("n").startAt(at("f")))).toEqual({
      refused: "at once",
      code: undefined,
      message:
        'Field "n" is missing in the provided DocumentSnapshot. Please provide a document that contains values for all specified orderBy() and where() constraints.',
    });
  });

  test.each<readonly [string, (all: CollectionReference) => Query]>([
    ["none of several", (all) => all.where("kind", "in", [])],
    [
      "one of too many",
      (all) =>
        all.where(
          "n",
          "in",
          Array.from({ length: 31 }, (_, n) => n),
        ),
    ],
    ["a negative limit", (all) => all.limit(-1)],
  ])("are refused by the service for %s", async (_name, build) => {
    const outcome = await outcomeOf(() => build(collection).get());
    expect(outcome).toMatchObject({
      refused: "later",
      code: 3,
      message: expect.stringMatching(/^3 INVALID_ARGUMENT: /),
    });
  });

  test("cannot sort names in descending order without an index", async () => {
    const outcome = await outcomeOf(() => collection.orderBy("__name__", "desc").get());
    expect(outcome).toMatchObject({ refused: "later", code: 9 });
  });

  // Google's emulator knows no composite indexes.
  if (!adapter.isGoogles)
    test("fail without their composite index", async () => {
      const query = collection.where("kind", "==", "x").orderBy("deep.m");
      const refused = {
        refused: "later",
        code: 9,
        message: expect.stringMatching(/^9 FAILED_PRECONDITION: The query requires an index/),
      };
      expect(await outcomeOf(() => query.get())).toEqual(refused);
      expect(await outcomeOf(() => query.count().get())).toEqual(refused);
    });

  test("return the selected fields, and none for an empty selection", async () => {
    const { docs } = await collection.where("n", "==", 1).select("kind", "deep.m", "none").get();
    expect(docs.map((document) => document.data())).toEqual([{ kind: "x", deep: { m: 2 } }]);
    const bare = await collection.where("n", "==", 1).select().get();
    expect(bare.docs.map((document) => [document.id, document.data()])).toEqual([["a", {}]]);
  });

  test("report the number of results and the read time", async () => {
    const found = await collection.where("n", "==", 2).get();
    expect([found.size, found.empty, found.docs.length]).toEqual([2, false, 2]);
    const [first] = found.docs;
    expect(first?.ref.path).toBe(collection.doc("b").path);
    expect(first?.exists).toBe(true);
    expect(first?.updateTime.isEqual(at("b").updateTime as never)).toBe(true);
    expect(first?.readTime.isEqual(found.readTime)).toBe(true);
    const none = await collection.where("n", "==", 99).get();
    expect([none.size, none.empty, none.docs]).toEqual([0, true, []]);
    expect(none.readTime.toMillis()).toBeGreaterThanOrEqual(found.readTime.toMillis());
  });

  test("find collections of one name at any depth", async () => {
    const name = `group${collection.path.slice(7, 15)}`;
    const [left, right] = ["l", "r"].map((id) => collection.doc(id).collection(name));
    if (!left || !right) throw new Error("Two collections were named.");
    await left.doc("one").set({ n: 1 });
    await right.doc("two").set({ n: 2 });
    const group = open.database.collectionGroup(name);
    const { docs } = await group.get();
    expect(docs.map(({ ref }) => ref.path)).toEqual([`${left.path}/one`, `${right.path}/two`]);
    const after = await group.orderBy("__name__").startAfter(left.doc("one").path).get();
    expect(after.docs.map(({ ref }) => ref.path)).toEqual([`${right.path}/two`]);
    const named = await group.where("__name__", "==", right.doc("two")).get();
    expect(named.size).toBe(1);
    expect(await outcomeOf(() => group.where("__name__", "==", "two"))).toMatchObject({
      refused: "at once",
      message: expect.stringContaining("must result in a valid document path, but 'two' is not"),
    });
  });

  test("sum a field exactly, skipping values that are not numbers", async () => {
    const { database } = open;
    const numbers = open.collection();
    const values = [10, 20, 0.5, "text", null, undefined];
    for (const [index, n] of values.entries()) {
      await numbers.doc(`d${index}`).set(n === undefined ? { m: 1 } : { n });
    }
    expect(await database.sum(numbers, "n")).toBe(30.5);
    expect(await database.sum(numbers.where("n", ">", 10), "n")).toBe(20);
    expect(await database.sum(numbers.where("n", ">", 99), "n")).toBe(0);
    expect(await database.sum(numbers, "missing")).toBe(0);
    expect((await numbers.count().get()).data().count).toBe(6);
  });
});
