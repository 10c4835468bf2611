import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { callsOf, noteCalls } from "../../tools/test/watch/calls.ts";
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
  const imports = new Map<string, readonly string[]>([
    ["shared/leaf.ts", []],
    ["shared/leaf.lua", []],
    ["shared/part.ts", ["shared/leaf.ts", "shared/leaf.lua"]],
    ["functions/ingress/handlers/shop.ts", ["shared/part.ts"]],
    ["functions/races/handlers/wallet.ts", []],
    ["local/cloud/cloud.ts", []],
    ["test/leaf.test.ts", ["shared/leaf.ts"]],
    ["test/other.test.ts", []],
    ...["buys", "pays", "new"].map(
      (name) => [`test/${name}.test.ts`, ["local/cloud/cloud.ts"]] as const,
    ),
  ]);
  const calls: Record<string, string[]> = {
    "test/buys.test.ts": ["shop"],
    "test/pays.test.ts": ["wallet"],
  };
  const touched = (...changed: string[]) =>
    touchedBy(changed, { imports, callsOf: (name) => calls[name] });

  test("the tests that import it, and those that called a function that uses it or have not run yet", () => {
    const calling = ["test/buys.test.ts", "test/new.test.ts"];
    expect(touched("shared/leaf.ts")).toEqual({ importing: ["test/leaf.test.ts"], calling });
    expect(touched("shared/leaf.lua")).toEqual({ importing: [], calling });
  });

  test("only itself, if it is a test", () => {
    const test = "test/other.test.ts";
    expect(touched(test)).toEqual({ importing: [test], calling: [] });
  });

  test("each test once, even if the functions it calls import the file too", () => {
    const { importing, calling } = touched("local/cloud/cloud.ts", "shared/part.ts");
    expect(importing).toEqual(["test/buys.test.ts", "test/new.test.ts", "test/pays.test.ts"]);
    expect(calling).toEqual([]);
  });

  test("nothing, if no file imports it", () => {
    expect(touched("tools/unused.ts")).toEqual({ importing: [], calling: [] });
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

test("the recorded calls of a test file count until the file is changed", () => {
  const file = "test/calls.test.ts";
  writeFileSync(join(project, file), "");
  utimesSync(join(project, file), new Date(0), new Date(0));
  noteCalls(join(project, file), ["shop"], project);
  noteCalls(join(project, file), ["shop", "wallet"], project);
  expect(callsOf(file, project)).toEqual(["shop", "wallet"]);
  utimesSync(join(project, file), new Date("2999-01-01"), new Date("2999-01-01"));
  expect(callsOf(file, project)).toBeUndefined();
  rmSync(join(project, file));
});

test("./dev test --watch runs the tests that a saved module and a saved test affect, in their saved state", async () => {
  const leaf = join(project, "shared/leaf.ts");
  const file = join(project, "test/leaf.test.ts");
  const body = (expected: number) =>
    `import { expect, test } from "@jest/globals"; import { leaf } from "../shared/leaf.ts"; test("x", () => expect(leaf).toBe(${expected}));`;
  writeFileSync(leaf, "export const leaf = 1;");
  writeFileSync(file, body(1));
  const command = [join(HERE, "tools/test/index.ts"), "--watch"];
  const watching = spawn(process.execPath, command, { cwd: project, stdio: "pipe" });
  try {
    await printed(watching, "Ctrl.C stops");
    const failed = printed(watching, "Tests: +1 failed, 1 total");
    writeFileSync(leaf, "export const leaf = 2;");
    await failed;
    const passed = printed(watching, "Tests: +1 passed, 1 total");
    writeFileSync(file, body(2));
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
