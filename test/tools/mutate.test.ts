import { existsSync, readFileSync, statSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { describe, expect, test } from "@jest/globals";
import { draw, mutationsAt, placesOf } from "../../tools/mutate/draw.ts";
import { placesInLua } from "../../tools/mutate/lua.ts";
import { type Equivalent, isSame, type Mutation, mutationOf } from "../../tools/mutate/place.ts";
import { Scratch } from "../../tools/mutate/scratch.ts";
import { subjectFiles, testsOf } from "../../tools/mutate/subjects.ts";

const PROJECT = process.cwd();
const equivalents: Equivalent[] = JSON.parse(readFileSync("tools/mutate/equivalent.json", "utf8"));
const ALL = subjectFiles(PROJECT);
const places = placesOf(ALL, PROJECT);
const mutationsOf = (file: string) =>
  places.filter((place) => place.file === file).flatMap((place) => mutationsAt(place, PROJECT));
const afterOf = (mutations: readonly Mutation[]) => mutations.map(({ after }) => after);

describe("changes to TypeScript", () => {
  test("affect comparisons, arithmetic, constants and logical operators", () => {
    const line = "return limit > 0 && paid * 5 >= limit * 4;";
    const made = mutationsOf("functions/members/domain/tax.ts").filter(
      ({ before }) => before === line,
    );
    expect(afterOf(made)).toEqual(
      expect.arrayContaining([
        "return limit > 0 || paid * 5 >= limit * 4;",
        "return limit >= 0 && paid * 5 >= limit * 4;",
        "return limit > 0 && paid * 5 > limit * 4;",
        "return limit > 0 && paid / 5 >= limit * 4;",
        "return limit > 0 && paid * 6 >= limit * 4;",
      ]),
    );
  });

  test("leave it valid TypeScript", () => {
    const code = [
      "functions/races/domain/commission.ts",
      "functions/shop/domain/refund.ts",
      "functions/shop/domain/builder-part.ts",
    ];
    for (const { content } of code.flatMap(mutationsOf)) {
      expect(() => stripTypeScriptTypes(content)).not.toThrow();
    }
  });
});

describe("changes to a Lua script", () => {
  const script = [
    "-- not 1 == 2",
    'local text = "a and 1"',
    "if price >= reserve and not known then",
    "  price = math.max(price, reserve)",
    '  redis.call("DEL", key)',
    "end",
  ].join("\n");
  const made = placesInLua("x.lua", script).flatMap(({ changes }) =>
    changes.map((change) => mutationOf("x.lua", script, change)),
  );

  test("affect its conditions, bounds and effects, but neither comments nor strings", () => {
    expect(made.filter(({ line }) => line <= 2)).toEqual([]);
    expect(afterOf(made)).toEqual([
      "if price > reserve and not known then",
      "if price < reserve and not known then",
      "if price >= reserve or not known then",
      "if price >= reserve and  known then",
      "price = math.min(price, reserve)",
      "if true then",
      "if false then",
      "",
    ]);
  });
});

describe("the selected mutations", () => {
  const count = 40;
  const settings = { count, seed: 7, project: PROJECT };

  test("are the same for the same seed, and differ between seeds", () => {
    const first = draw(places, settings, []);
    expect(first).toHaveLength(count);
    expect(draw(places, settings, [])).toEqual(first);
    expect(draw(places, { ...settings, seed: 8 }, [])).not.toEqual(first);
  });

  test("never include a change that is listed as equivalent", () => {
    const file = "functions/members/domain/tax.ts";
    const [known] = mutationsOf(file);
    if (!known) throw new Error(`${file} has no place to change.`);
    const equivalent: Equivalent = {
      file,
      before: known.before,
      after: known.after,
      reason: "for this test",
    };
    const all = { ...settings, count: 1000 };
    const few = places.filter((place) => place.file === file);
    for (const seed of [1, 2, 3, 4]) {
      const drawn = draw(few, { ...all, seed }, [equivalent]);
      expect(drawn.filter((each) => isSame(each, equivalent))).toEqual([]);
    }
  });
});

describe("a change that is listed as equivalent", () => {
  test("can still be selected, and has a reason", () => {
    for (const known of equivalents) {
      expect(known.reason).toMatch(/^[A-Z].+\.$/s);
      expect({
        ...known,
        found: mutationsOf(known.file).some((each) => isSame(each, known)),
      }).toEqual({
        ...known,
        found: true,
      });
    }
  });
});

test("every file that is subject to mutation has tests, and they exist", () => {
  for (const file of ALL) {
    const tests = testsOf(file, PROJECT);
    expect({ file, has: tests.length > 0 }).toEqual({ file, has: true });
    expect(tests.filter((each) => !existsSync(each))).toEqual([]);
  }
});

test("changing a file in the copy leaves the project's file unchanged", () => {
  const file = "functions/members/domain/tax.ts";
  const before = readFileSync(file, "utf8");
  const scratch = new Scratch(PROJECT, `test-${process.pid}`);
  try {
    scratch.change(file, "changed");
    expect(readFileSync(`${scratch.folder}/${file}`, "utf8")).toBe("changed");
    expect(readFileSync(file, "utf8")).toBe(before);
    scratch.restore(file);
    expect(statSync(`${scratch.folder}/${file}`).ino).toBe(statSync(file).ino);
  } finally {
    scratch.remove();
  }
});
