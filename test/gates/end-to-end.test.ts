import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Imports } from "../../tools/test/watch/imports.ts";

/** What a test needs beyond this process: a real socket, another program, a browser, or processes of simulations. */
const OUTSIDE =
  /(?:onSockets|forBrowser): true|"node:child_process"|\/(?:chromium|function-process)\.ts"|\brunAll\(/;

const imports = new Imports().read();

/** Whether a test file, or what it imports from below test/, needs something beyond this process. */
function isOutside(file: string): boolean {
  const reached = new Set([file]);
  for (const path of reached) {
    if (OUTSIDE.test(readFileSync(path, "utf8"))) return true;
    for (const each of imports.get(path) ?? []) if (each.startsWith("test/")) reached.add(each);
  }
  return false;
}

describe("the name of a test says whether it needs a browser, another program or sockets", () => {
  const tests = globSync("test/**/*.test.ts").filter((path) => !path.startsWith("test/gates/"));
  const [endToEnd, inProcess] = [true, false].map((wanted) =>
    tests.filter((path) => path.endsWith(".e2e.test.ts") === wanted),
  ) as [string[], string[]];

  test("the others run in process", () => {
    expect(inProcess.length).toBeGreaterThan(200);
    expect(inProcess.filter(isOutside)).toEqual([]);
  });

  test("each end-to-end test needs it", () => {
    expect(endToEnd.length).toBeGreaterThan(30);
    expect(endToEnd.filter((path) => !isOutside(path))).toEqual([]);
  });

  test("this file would be found", () => {
    expect(isOutside("test/gates/runner.test.ts")).toBe(true);
    expect(isOutside("test/gates/end-to-end.test.ts")).toBe(true);
  });
});
