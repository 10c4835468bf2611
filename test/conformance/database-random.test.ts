import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { startFirestore } from "../../local/google/firestore/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import type {
  CollectionReference,
  Comparison,
  DocumentData,
  Firestore,
  Query,
} from "../../shared/ports/database.ts";
import { openClients, outcomeOf, plain } from "./databases.ts";

/*
 * The same random steps on two databases of one engine, one called directly and one through Google's
 * client. Each step's outcome has to be the same, and the stored data at the end.
 */

let server: Awaited<ReturnType<typeof startFirestore>>;
let client: ReturnType<typeof openClients>;
let direct: Firestore;
const clock = new LocalClock();
beforeAll(async () => {
  const indexes = { indexes: [], fieldOverrides: [] };
  server = await startFirestore({ clock, faults: new FaultPlan(), indexes });
  client = openClients(server.host);
  direct = server.databaseOf("direct", () => 0.5);
});
afterAll(async () => {
  await client.close();
  await server.stop();
  clock.stop();
});

/** Mostly valid input, sometimes input that is refused. */
const mostly = <Item>(good: readonly Item[], bad: readonly Item[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...good), weight: 30 },
    { arbitrary: fc.constantFrom(...bad), weight: 1 },
  );

const id = mostly(["a", "b", "c", "__id7__", "ü"], ["..", "", "x/y", "__x__"]);
const name = mostly(["a", "b", "c-d", "e.f"], ["__name__", "", "__x__"]);
const path = mostly(["a", "b", "a.b", "b.c.d", "c-d"], ["a..b", "__name__", "x~", ".a"]);
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    mostly<unknown>(
      [null, true, false, -0, 0, 1, 1.5, Number.NaN, 2 ** 53, "", "a", "é", new Date(1.8e12)],
      [undefined, new Map(), new Date(Number.NaN), () => 1],
    ),
    fc.constant(Buffer.from("ab")),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.double(),
    fc.integer(),
  ),
  value: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const data = fc.dictionary(name, value, { maxKeys: 3 }) as fc.Arbitrary<DocumentData>;
const changes = fc.dictionary(path, value, { maxKeys: 3 }) as fc.Arbitrary<DocumentData>;
const comparison = fc.constantFrom<Comparison>(
  "<",
  "<=",
  "==",
  "!=",
  ">=",
  ">",
  "array-contains",
  "in",
);

type Step = (database: Firestore, all: CollectionReference) => unknown;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, data).map(
    ([at, fields]): Step =>
      (_, all) =>
        all.doc(at).set(fields),
  ),
  fc.tuple(id, data).map(
    ([at, fields]): Step =>
      (_, all) =>
        all.doc(at).create(fields),
  ),
  fc.tuple(id, changes).map(
    ([at, fields]): Step =>
      (_, all) =>
        all.doc(at).update(fields),
  ),
  id.map(
    (at): Step =>
      (_, all) =>
        all.doc(at).delete(),
  ),
  fc.tuple(id, path).map(
    ([at, field]): Step =>
      async (_, all) =>
        (await all.doc(at).get()).get(field),
  ),
  fc.array(id, { minLength: 1, maxLength: 4 }).map(
    (ids): Step =>
      async (database, all) =>
        (await database.getAll(...ids.map((at) => all.doc(at)))).map((found) => found.data()),
  ),
  fc.tuple(id, id, data, changes).map(
    ([read, other, fields, more]): Step =>
      (database, all) =>
        database.runTransaction(async (transaction) => {
          const found = await transaction.get(all.doc(read));
          transaction.set(all.doc(other), fields);
          transaction.update(all.doc(read), more);
          return found.data();
        }),
  ),
  fc
    .record({
      where: fc.option(fc.tuple(path, comparison, value)),
      order: fc.option(fc.tuple(path, fc.constantFrom("asc", "desc"))),
      limit: fc.option(mostly([0, 1, 2, 3], [-1, 0.5])),
      from: fc.option(fc.oneof(value, id)),
      fields: fc.option(fc.array(path, { maxLength: 2 })),
    })
    .map(
      ({ where, order, limit, from, fields }): Step =>
        async (database, all) => {
          let query: Query = all;
          if (where) query = query.where(...where);
          if (order) query = query.orderBy(...order);
          if (from !== null) query = query.startAt(from);
          if (limit !== null) query = query.limit(limit);
          const sum = await database.sum(query, "a");
          const { count } = (await query.count().get()).data();
          if (fields) query = query.select(...fields);
          const { docs } = await query.get();
          return [sum, count, docs.map((found) => [found.id, found.data()])];
        },
    ),
);

/** The outcome of every step, and the stored data at the end, as text; without the times of writes. */
async function story(database: Firestore, collection: string, steps: readonly Step[]) {
  const all = database.collection(collection);
  const outcomes: unknown[] = [];
  for (const act of steps) {
    const outcome = await outcomeOf(() => act(database, all));
    const isWrite = "value" in outcome && hasWriteTime(outcome.value);
    outcomes.push(isWrite ? "written" : outcome);
  }
  const { docs } = await all.get();
  outcomes.push(docs.map((found) => [found.id, found.data()]));
  return inspect(plain(outcomes), { depth: 30 }).replaceAll(/projects\/[^/]+\//g, "");
}

function hasWriteTime(value: unknown): boolean {
  return typeof value === "object" && value !== null && "writeTime" in value;
}

test("random steps have the same outcomes, directly and through Google's client", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run += 1;
      const stories = [direct, client.database].map((database) =>
        story(database, `things${run}`, steps),
      );
      const [directly, through] = await Promise.all(stories);
      expect(directly).toBe(through);
    }),
    { numRuns: 60, seed: 20_261_122, endOnFailure: false },
  );
});
