import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { compileQuery } from "../../../../../local/google/firestore/query/compile.ts";
import { runQuery } from "../../../../../local/google/firestore/query/run.ts";
import { Database } from "../../../../../local/google/firestore/storage/database.ts";
import type { Filter } from "../../../../../local/google/firestore/types.ts";
import { and, documentAt, or, query, ROOT, THINGS_GROUP, where } from "./support.ts";

const isX = where("kind", "EQUAL", "x");
const FILTERS: readonly Filter[] = [
  isX,
  where("kind", "IN", ["y", "x", "x"]),
  where("kind", "IN", ["x", 1]),
  where("deep.kind", "EQUAL", "x"),
  and(where("n", "EQUAL", 1), isX),
  and(isX, where("other", "EQUAL", "y")),
  or(isX, where("n", "EQUAL", 1)),
  where("kind", "NOT_EQUAL", "x"),
];

const field = fc.constantFrom<unknown>("x", "y", "", 1, null, ["x"], new Map([["kind", "x"]]));
const fields = fc.record(
  { kind: field, other: field, n: field, deep: field },
  { requiredKeys: [] },
);
const write = fc.record({
  path: fc.constantFrom("things/a", "things/b", "things/a/things/c", "others/a"),
  fields: fc.option(fields),
});

test("a query that looks texts up finds what it would among all documents, before and after each change", () => {
  fc.assert(
    fc.property(fc.array(write), (writes) => {
      const database = new Database(ROOT);
      let now = 0;
      for (const { path, fields: after } of writes) {
        const document = after === null ? undefined : documentAt(path, after);
        const name = `${ROOT}/${path}`;
        now += 1;
        database.apply([{ name, before: database.get(name), after: document }], now);
        for (const filter of FILTERS) {
          for (const from of [query({}).from, THINGS_GROUP]) {
            const compiled = compileQuery(ROOT, query({ from, where: filter }));
            const found = runQuery(compiled, database.candidates(compiled));
            expect(found).toEqual(runQuery(compiled, database.documents(compiled.scope)));
          }
        }
      }
    }),
  );
});
