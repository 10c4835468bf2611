import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { notedRun, noteRun } from "../../tools/test/watch/executed.ts";
import { Imports, SOURCE_FOLDERS } from "../../tools/test/watch/imports.ts";
import { touchedBy } from "../../tools/test/watch/touched.ts";

const HERE = process.cwd();

/** A separate project, which uses this one's tools. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "c500-watch-"));
  for (const folder of SOURCE_FOLDERS) mkdirSync(join(project, folder));
  const shared = ["package.json", "jest.config.js", "node_modules", "test/runner"];
  for (const path of [...shared, "tools/lua-modules.ts"]) {
    symlinkSync(join(HERE, path), join(project, path));
  }
});
afterAll(() => rmSync(project, { recursive: true }));

describe("a changed file affects", () => {
  const shop = "functions/ingress/handlers/shop.ts";
  const imports = new Map<string, readonly string[]>([
    ["shared/amounts.ts", []],
    ["shared/bid.lua", []],
    ["shared/part.ts", ["shared/amounts.ts", "shared/bid.lua"]],
    [shop, ["shared/part.ts"]],
    ["local/unused-by-functions.ts", []],
    ["local/cloud/cloud.ts", []],
    ["test/part.test.ts", ["shared/part.ts"]],
    ["test/other.test.ts", []],
    ...["buys", "pays", "new"].map(
      (name) => [`test/${name}.test.ts`, ["local/cloud/cloud.ts"]] as const,
    ),
  ]);
  const executed: Record<string, string[]> = {
    "test/buys.test.ts": [shop, "shared/part.ts"],
    "test/pays.test.ts": [shop],
  };
  const touched = (...changed: string[]) =>
    touchedBy(changed, { imports, runOf: (name) => executed[name] && { files: executed[name] } });

  test("first the tests that executed or import it, then all others that may depend on it", () => {
    expect(touched("shared/part.ts")).toEqual({
      first: ["test/part.test.ts", "test/buys.test.ts"],
      later: ["test/new.test.ts", "test/pays.test.ts"],
    });
  });

  test("of the tests that executed it, first the one that executed the least besides", () => {
    expect(touched(shop).first).toEqual(["test/pays.test.ts", "test/buys.test.ts"]);
  });

  test("if it has no functions, first the tests that executed what imports it", () => {
    const expected = {
      first: ["test/buys.test.ts"],
      later: ["test/new.test.ts", "test/part.test.ts", "test/pays.test.ts"],
    };
    expect(touched("shared/amounts.ts")).toEqual(expected);
    expect(touched("shared/bid.lua")).toEqual(expected);
  });

  test("only itself, if it is a test", () => {
    const test = "test/other.test.ts";
    expect(touched(test)).toEqual({ first: [test], later: [] });
  });

  test("nothing, if no file imports it", () => {
    expect(touched("local/unused-by-functions.ts")).toEqual({ first: [], later: [] });
  });
});

test("dynamic imports, scripts and re-exports count as imports; types do not", () => {
  const code = [
    'import type { A } from "./types.ts";',
    'import { b } from "../shared/b.ts";',
    'import {\n  c,\n  type D,\n} from "./c.ts";',
    'import script from "./script.lua";',
    'import "./effect.ts";',
    'export { e } from "./e.ts";',
    'const late = await import("./late.ts");',
    'import { join } from "node:path";',
  ];
  const file = join(project, "local/imports.ts");
  const imports = new Imports(project);
  writeFileSync(file, code.join("\n"));
  const names = ["c.ts", "script.lua", "effect.ts", "e.ts", "late.ts"];
  const found = ["shared/b.ts", ...names.map((name) => `local/${name}`)];
  expect(imports.read().get("local/imports.ts")).toEqual(found);
  writeFileSync(file, "");
  utimesSync(file, new Date(0), new Date(0));
  expect(imports.read().get("local/imports.ts")).toEqual([]);
  rmSync(file);
  expect(imports.read().has("local/imports.ts")).toBe(false);
});

test("what a test file executed, and its best time, are known until the file is changed", () => {
  const file = "test/calls.test.ts";
  writeFileSync(join(project, file), "");
  utimesSync(join(project, file), new Date(0), new Date(0));
  const files = ["shared/part.ts"];
  for (const ms of [2900, 300, 400]) noteRun(join(project, file), { files, ms }, project);
  expect(notedRun(file, project)).toEqual({ files, ms: 300 });
  utimesSync(join(project, file), new Date("2999-01-01"), new Date("2999-01-01"));
  expect(notedRun(file, project)).toBeUndefined();
  rmSync(join(project, file));
});

test("./dev test --watch runs the tests that execute a saved module, and a saved test, in their saved state", async () => {
  const file = join(project, "test/leaf.test.ts");
  const leaf = (value: number) =>
    writeFileSync(join(project, "shared/leaf.ts"), `export const leaf = () => ${value};`);
  const expectation = (expected: number) =>
    writeFileSync(
      file,
      `import { expect, test } from "@jest/globals"; import { part } from "../shared/part.ts"; test("x", () => expect(part()).toBe(${expected}));`,
    );
  writeFileSync(
    join(project, "shared/part.ts"),
    'import { leaf } from "./leaf.ts"; export const part = () => leaf();',
  );
  leaf(1);
  expectation(1);
  const command = [join(HERE, "tools/test/index.ts"), "--watch"];
  const watching = spawn(process.execPath, command, { cwd: project, stdio: "pipe" });
  try {
    await printed(watching, "to learn what they execute: 1 test file[^]*Tests: +1 passed, 1 total");
    const failed = printed(
      watching,
      "leaf.ts: 1 test file executes it, 0 [^]*Tests: +1 failed, 1 total",
    );
    leaf(2);
    await failed;
    const passed = printed(watching, "Tests: +1 passed, 1 total");
    expectation(2);
    await passed;
  } finally {
    watching.kill("SIGINT");
  }
});

/** Resolves once a program has printed the pattern, from now on. */
function printed(program: ChildProcess, pattern: string): Promise<void> {
  let output = "";
  return new Promise((resolve) => {
    for (const stream of [program.stdout, program.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        output += chunk;
        if (new RegExp(pattern).test(output)) resolve();
      });
    }
  });
}
