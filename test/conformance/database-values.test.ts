import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DocumentReference, Timestamp } from "../../shared/ports/database.ts";
import { adapters, type OpenDatabase, outcomeOf, plain } from "./databases.ts";

class Classy {
  readonly n = 1;
}
const circle: Record<string, unknown> = {};
circle["again"] = circle;
const deep = Array.from({ length: 30 }).reduce<object>((inner) => ({ a: inner }), {});

const NOT_A_DOCUMENT = 'Value for argument "data" is not a valid Firestore document.';
const IF_UNDEFINED = "If you want to ignore undefined values, enable `ignoreUndefinedProperties`.";
const NO_CLASSES =
  'Firestore doesn\'t support JavaScript objects with custom prototypes (i.e. objects that were created via the "new" operator).';

/** Limits of production that Google's emulator does not enforce. */
const BEYOND_GOOGLES_EMULATOR: readonly (readonly [string, Record<string, unknown>])[] = [
  ["a path of names that is too long", { ["x".repeat(1000)]: { ["y".repeat(500)]: 1 } }],
  ["a list of too many index entries", { value: Array.from({ length: 20_000 }, (_, n) => n) }],
];

describe.each(adapters)("values through $name", (adapter) => {
  let open: OpenDatabase;
  beforeAll(async () => {
    open = await adapter.open();
  });
  afterAll(() => open.close());

  test.each<readonly [string, unknown, unknown?]>([
    ["text", "naïve ☕ 𝄞"],
    ["empty text", ""],
    ["a whole number", 42],
    ["a negative number", -42],
    ["the largest whole number", Number.MAX_SAFE_INTEGER],
    ["a number too large to be whole", 2 ** 60],
    ["a fraction", 0.1],
    ["NaN", Number.NaN],
    ["infinity", Number.NEGATIVE_INFINITY],
    ["minus zero", -0],
    ["a large integer", 2n ** 40n, 2 ** 40],
    ["true", true],
    ["null", null],
    ["a date", new Date("2026-05-04T03:02:01.987Z"), "time 1777863721.987000000"],
    ["a date long past", new Date("0001-01-01T00:00:00Z"), "time -62135596800.0"],
    ["bytes", Buffer.from([0, 255, 7]), "bytes 00ff07"],
    ["other bytes", new Uint8Array([1, 2]), "bytes 0102"],
    ["a list", [1, "two", null, { three: [3] }]],
    ["an empty list", []],
    ["a map", { z: 1, a: { "b.c": 2, "ü-": 3 } }],
    ["an empty map", {}],
    ["a map without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])("%s is read as it was written", async (_name, written, read = written) => {
    const place = open.collection().doc("one");
    await place.set({ value: written });
    const snapshot = await place.get();
    expect(plain(snapshot.data())).toStrictEqual({ value: read });
    expect(plain(snapshot.get("value"))).toStrictEqual(read);
  });

  // Google's emulator answers UNKNOWN, because protobuf has no such text.
  if (!adapter.isGoogles)
    test("half a surrogate pair is read as its encoded form", async () => {
      const place = open.collection().doc("one");
      await place.set({ value: "a\ud800b", "c\udc00": 1 });
      const lost = "\ufffd\ufffd\ufffd";
      expect((await place.get()).data()).toEqual({ value: `a${lost}b`, [`c${lost}`]: 1 });
    });

  test("a reference is read as a reference to the same database", async () => {
    const collection = open.collection();
    await collection.doc("one").set({ value: collection.doc("other") });
    const read = (await collection.doc("one").get()).get("value") as DocumentReference;
    expect(read.path).toBe(collection.doc("other").path);
    await read.set({ n: 1 });
    expect((await collection.doc("other").get()).get("n")).toBe(1);
  });

  test("a time is read to the microsecond, and can be written back", async () => {
    const collection = open.collection();
    const { writeTime } = await collection.doc("one").set({ n: 1 });
    await collection.doc("two").set({ at: writeTime });
    const at = (await collection.doc("two").get()).get("at") as Timestamp;
    expect(at.isEqual(writeTime)).toBe(true);
    expect(at.nanoseconds % 1_000).toBe(0);
    expect(at.toMillis()).toBe(at.seconds * 1_000 + Math.floor(at.nanoseconds / 1e6));
    expect(at.toDate()).toEqual(new Date(at.seconds * 1_000 + Math.round(at.nanoseconds / 1e6)));
  });

  test("integers and doubles of the same value are equal", async () => {
    const collection = open.collection();
    await collection.doc("one").set({ n: 1 });
    await collection.doc("half").set({ n: 1.5 });
    expect((await collection.where("n", "==", 1.0).get()).size).toBe(1);
    expect((await collection.where("n", "<=", 1.5).get()).size).toBe(2);
  });

  test("data that was read is a copy", async () => {
    const place = open.collection().doc("one");
    await place.set({ list: [1], bytes: Buffer.from([1]) });
    const snapshot = await place.get();
    const first = snapshot.data() as { list: number[]; bytes: Buffer };
    first.list.push(2);
    expect(snapshot.data()).toMatchObject({ list: [1] });
    first.bytes[0] = 9;
    expect(plain((await place.get()).data())).toEqual({ list: [1], bytes: "bytes 01" });
  });

  test("a batch's data is encoded when it is committed, and not later", async () => {
    const place = open.collection().doc("one");
    const data = { n: 1, list: [1] };
    const batch = open.database.batch().set(place, data);
    data.n = 2;
    const committed = batch.commit();
    await committed;
    data.list.push(2);
    expect((await place.get()).data()).toEqual({ n: 2, list: [1] });
  });

  test.each<readonly [string, unknown, string]>([
    [
      "undefined",
      undefined,
      `${NOT_A_DOCUMENT} Cannot use "undefined" as a Firestore value (found in field "value"). ${IF_UNDEFINED}`,
    ],
    [
      "undefined inside",
      [{ a: undefined }],
      `${NOT_A_DOCUMENT} Cannot use "undefined" as a Firestore value (found in field "value.\`0\`.a"). ${IF_UNDEFINED}`,
    ],
    [
      "an object of a class",
      new Classy(),
      `${NOT_A_DOCUMENT} Couldn't serialize object of type "Classy" (found in field "value"). ${NO_CLASSES}`,
    ],
    [
      "a Map",
      new Map(),
      `${NOT_A_DOCUMENT} Input is not a plain JavaScript object (found in field "value").`,
    ],
    ["a field without a name", { "": 1 }, "Element at index 0 should not be an empty string."],
    [
      "a circle",
      circle,
      `${NOT_A_DOCUMENT} Input object is deeper than 20 levels or contains a cycle.`,
    ],
    [
      "what is nested too deeply",
      deep,
      `${NOT_A_DOCUMENT} Input object is deeper than 20 levels or contains a cycle.`,
    ],
  ])("%s is refused at once", async (_name, value, message) => {
    const place = open.collection().doc("one");
    const refused = { refused: "at once", code: undefined, message };
    expect(await outcomeOf(() => place.set({ value }))).toEqual(refused);
    expect(await outcomeOf(() => open.database.batch().create(place, { value }))).toEqual(refused);
  });

  test.each<readonly [string, unknown, string]>([
    ["a function", function act() {}, "Cannot encode value: function act() {}"],
    ["a symbol", Symbol("x"), "Cannot convert a Symbol value to a string"],
    [
      "an invalid date",
      new Date(Number.NaN),
      'Value for argument "seconds" is not a valid integer.',
    ],
    [
      "a date too late",
      new Date(8.64e15),
      'Value for argument "seconds" must be within [-62135596800, 253402300799] inclusive, but was: 8640000000000',
    ],
  ])("%s is refused when it is committed", async (_name, value, message) => {
    const place = open.collection().doc("one");
    const outcome = await outcomeOf(() => place.set({ value }));
    expect(outcome).toEqual({ refused: "later", code: undefined, message });
  });

  test.each<readonly [string, Record<string, unknown>]>([
    ["a list in a list", { value: [[1]] }],
    ["a reserved name", { __value__: 1 }],
    ["text that is too long", { value: "x".repeat(1_048_577) }],
    ...(adapter.isGoogles ? [] : BEYOND_GOOGLES_EMULATOR),
  ])("%s is refused by the service", async (_name, data) => {
    const outcome = await outcomeOf(() => open.collection().doc("one").set(data));
    expect(outcome).toMatchObject({
      refused: "later",
      code: 3,
      message: expect.stringMatching(/^3 INVALID_ARGUMENT: /),
    });
  });

  test.each<readonly [string, unknown, string]>([
    ["null", null, `${NOT_A_DOCUMENT} Input is not a plain JavaScript object.`],
    ["a list", [1], `${NOT_A_DOCUMENT} Input is not a plain JavaScript object.`],
    [
      "an object of a class",
      new Classy(),
      `${NOT_A_DOCUMENT} Couldn't serialize object of type "Classy". ${NO_CLASSES}`,
    ],
  ])("%s is no document", async (_name, data, message) => {
    const outcome = await outcomeOf(() =>
      open
        .collection()
        .doc("one")
        .set(data as never),
    );
    expect(outcome).toEqual({ refused: "at once", code: undefined, message });
  });
});
