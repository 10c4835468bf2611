import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { documentDefinitions } from "../../functions/documents.ts";
import type { DocumentDefinition } from "../../shared/documents/define-document.ts";
import { amount, list, person, record, text } from "../../shared/documents/fields.ts";
import { type Defined, fieldsOf } from "../../shared/documents/personal.ts";

/** The people of the recorded examples. */
const PERSON = /^6000000000000000\d\d$/;
/** What code of long ago has stored, and none reads any more. */
const NO_LONGER_STORED = new Set(["wallets last_payout"]);

interface Example {
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const examplesOf = ({ collection, version }: DocumentDefinition): Example[] => {
  const name = collection.replaceAll("/", ".");
  return JSON.parse(readFileSync(`test/recorded/documents/${name}.v${version}.json`, "utf8"));
};

/** Every stored value by its path, as definitions write it; keys that are people as `names{}`. */
function* valuesIn(value: unknown, path = ""): Generator<readonly [path: string, value: unknown]> {
  yield [path, value];
  if (Array.isArray(value)) for (const each of value) yield* valuesIn(each, `${path}[]`);
  else if (typeof value === "object" && value !== null && !("$time" in value)) {
    for (const [key, each] of Object.entries(value)) {
      if (PERSON.test(key)) yield [`${path}{}`, key];
      yield* valuesIn(each, path ? `${path}.${key}` : key);
    }
  }
}

/** Where a stored document has a person's id in a field that is not declared as a person's. */
function undeclaredPeopleIn({ fields }: Defined, stored: object): string[] {
  const people = new Set<string>();
  for (const { path, field } of fieldsOf(fields)) {
    if (field.kind.is === "person") people.add(path);
    if (field.kind.is === "map" && field.kind.keys === "people") people.add(`${path}{}`);
  }
  return [...valuesIn(stored)].flatMap(([path, value]) =>
    typeof value === "string" && PERSON.test(value) && !people.has(path) ? [path] : [],
  );
}

test("every definition is in the list, and no collection has two", async () => {
  const files = globSync(["functions/*/documents/*.ts", "shared/documents/definitions/*.ts"]);
  const modules = await Promise.all(
    files.map((file): Promise<Record<string, unknown>> => import(`../../${file}`)),
  );
  const defined = modules
    .flatMap((module) => Object.values(module))
    .filter((value) => typeof value === "object" && value !== null && "collection" in value);
  expect(new Set(defined)).toEqual(new Set(documentDefinitions));
  const collections = documentDefinitions.map(({ collection }) => collection);
  expect(new Set(collections).size).toBe(collections.length);
});

describe.each(documentDefinitions)("$collection", (definition) => {
  test("has a definition that names every field of its recorded examples", () => {
    const defined = new Set(fieldsOf(definition.fields).map(({ path }) => path));
    for (const { fields } of examplesOf(definition)) {
      const { schema_version: version, ...stored } = fields;
      expect(version).toBe(definition.version);
      const unknown = Object.keys(stored).filter(
        (name) => !defined.has(name) && !NO_LONGER_STORED.has(`${definition.collection} ${name}`),
      );
      expect(unknown).toEqual([]);
    }
  });

  test("says of every person's id that it is one", () => {
    for (const { path, fields } of examplesOf(definition)) {
      expect(undeclaredPeopleIn(definition, fields)).toEqual([]);
      if (path.split("/").some((part) => PERSON.test(part))) {
        expect(definition.key.personal).toBeDefined();
      }
    }
  });
});

test.each([
  ["a field", { winner: "600000000000000001" }, ["winner"]],
  ["a list", { all: [{ who: "600000000000000001", amount: 1 }] }, ["all[].who"]],
  ["a key", { names: { "600000000000000001": "Ada" } }, ["names{}"]],
])("this gate sees a person who is not declared in %s", (_where, stored, found) => {
  const rules = { erase: "remove", export: "included" } as const;
  const fields = {
    winner: text("winner"),
    declared: person("declared", rules),
    all: list("all", record("", { who: text("who"), amount: amount("amount") })),
  };
  const known = { declared: "600000000000000002" };
  expect(undeclaredPeopleIn({ fields }, { ...stored, ...known })).toEqual(found);
});
