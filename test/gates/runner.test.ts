import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(import.meta.dirname, "bad-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program in the project's folder; gives its exit code and what it printed. */
function run(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

describe("a gate that can pass on nothing is worth nothing", () => {
  test("the type check refuses an index that may be missing and an optional that may be undefined", () => {
    const bad = join(folder, "types.ts");
    writeFileSync(bad, "export const first = (list: string[]): string => list[0];\n");
    const config = join(folder, "tsconfig.json");
    writeFileSync(
      config,
      JSON.stringify({ extends: "../../../tsconfig.json", include: ["types.ts"] }),
    );
    const { status, output } = run("node_modules/.bin/tsc", "-p", config);
    expect(status).not.toBe(0);
    expect(output).toContain("types.ts");
  });

  test("a failing test, a suite that does not load and an error that nothing waits for all fail ./dev test", () => {
    const failing =
      'import { expect, test } from "@jest/globals"; test("x", () => expect(1).toBe(2));';
    const lost = [
      'import { test } from "@jest/globals";',
      "const turn = () => new Promise((resolve) => setTimeout(resolve, 5));",
      'test("a throw", async () => { setTimeout(() => { throw new Error("lost"); }); await turn(); });',
      'test("a rejection", async () => { Promise.reject(new Error("lost")); await turn(); });',
      'test("no end", () => new Promise(() => undefined), 5);',
    ];
    writeFileSync(join(folder, "failing.test.ts"), failing);
    writeFileSync(join(folder, "broken.test.ts"), 'import "./not-there.ts";');
    writeFileSync(join(folder, "lost.test.ts"), lost.join("\n"));
    const { status, output } = run(process.execPath, "tools/test/index.ts", folder);
    expect(status).toBe(1);
    for (const name of ["failing", "broken", "lost"]) {
      expect(output).toMatch(new RegExp(`^FAIL .*${name}\\.test\\.ts`, "m"));
    }
    expect(output).toContain("5 failed, 0 passed");
  });

  test("dead code is found: a file and an export that nothing uses", () => {
    const project = mkdtempSync(join(tmpdir(), "c500-dead-"));
    writeFileSync(join(project, "package.json"), '{"name":"x","main":"index.ts"}');
    writeFileSync(join(project, "index.ts"), 'import { used } from "./part.ts";\nused();\n');
    writeFileSync(
      join(project, "part.ts"),
      "export const used = () => 1;\nexport const forgotten = 2;\n",
    );
    writeFileSync(join(project, "lost.ts"), "export const lost = 1;\n");
    const knip = join(process.cwd(), "node_modules/.bin/knip");
    const { status, stdout } = spawnSync(knip, [], { cwd: project, encoding: "utf8" });
    rmSync(project, { recursive: true });
    expect(status).not.toBe(0);
    expect(stdout).toContain("lost.ts");
    expect(stdout).toContain("forgotten");
  });

  test("a file that is not formatted is refused", () => {
    const bad = join(folder, "format.ts");
    writeFileSync(bad, "export const x   = 1\n");
    const args = ["format", "--vcs-enabled=false", bad];
    const { status, output } = run("node_modules/.bin/biome", ...args);
    expect(status).not.toBe(0);
    expect(output).toContain("format.ts");
  });

  test("a test run that finds no tests fails", () => {
    const { status } = run(process.execPath, "tools/test/index.ts", join(folder, "nothing-here"));
    expect(status).toBe(1);
  });
});

describe("test files that share a worker", () => {
  test("do not see each other's tests and environment variables", () => {
    const selfish = [
      'import { expect, test } from "@jest/globals";',
      'test("x", () => {',
      '  expect(process.env["C500_LEFT"]).toBeUndefined();',
      '  process.env["C500_LEFT"] = "by the one before";',
      "});",
    ];
    for (const name of ["one", "other"]) {
      writeFileSync(join(folder, `${name}-selfish.test.ts`), selfish.join("\n"));
    }
    const args = [join(folder, ".*-selfish"), "--maxWorkers=1"];
    const { status, output } = run(process.execPath, "tools/test/index.ts", ...args);
    expect(status).toBe(0);
    expect(output).toMatch(/2 passed, 2 total\n.*Snapshots/);
  });

  test("do not keep it from ending", () => {
    const open = [
      'import { test } from "@jest/globals";',
      'test("x", () => void setInterval(() => undefined, 1000));',
    ];
    writeFileSync(join(folder, "open.test.ts"), open.join("\n"));
    const args = [join(folder, "open"), "--maxWorkers=1"];
    const { status, output } = run(process.execPath, "tools/test/index.ts", ...args);
    expect(status).toBe(0);
    expect(output).not.toContain("failed to exit gracefully");
  });

  test("share modules, none of which keeps state", () => {
    const modules = globSync("{shared,functions,local,test/support}/**/*.ts");
    expect(modules.length).toBeGreaterThan(200);
    const keeping = modules.filter((path) =>
      /^(export )?(let|var) /m.test(readFileSync(path, "utf8")),
    );
    expect(keeping).toEqual([]);
  });
});
