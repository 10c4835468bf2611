import { globSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

/** Where documents may be made: there they get the version of their shape. */
const MAKER = "shared/documents/define-document.ts";
/** A definition makes documents by itself. */
const DEFINITION = /Document$/;

/** Calls that make documents; of the same names only those of a Map are something else. */
function makingIn(source: string): string[] {
  const maps = new Set([...source.matchAll(/const (\w+) = new Map/g)].map(([, name]) => name));
  const calls = source.matchAll(/([\w)\]]+)\s*\.(?:create|set)\(/g);
  const isOther = (receiver = "") => maps.has(receiver) || DEFINITION.test(receiver);
  return [...calls].filter(([, receiver]) => !isOther(receiver)).map(([call]) => call);
}

test("every document gets its version: only definitions make documents", () => {
  const files = globSync(["shared/{documents,money,discord}/*.ts", "functions/*/store/**/*.ts"]);
  expect(files).toContain(MAKER);
  for (const file of files.filter((name) => name !== MAKER)) {
    expect({ file, calls: makingIn(readFileSync(file, "utf8")) }).toEqual({ file, calls: [] });
  }
});

test.each([
  "transaction.create(place, {})",
  "batch\n      .set(place, {})",
  "await (await reference(id)).create({})",
  "places[0].set({}, { merge: true })",
])("this gate sees %j", (bad) => {
  expect(makingIn(bad)).toHaveLength(1);
});

test("this gate passes over maps and definitions", () => {
  expect(makingIn("orderDocument.create(batch, place, order);")).toEqual([]);
  expect(makingIn("const sums = new Map(); sums.set(key, 1);")).toEqual([]);
});
