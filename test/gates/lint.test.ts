import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const biome = join(process.cwd(), "node_modules/.bin/biome");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "c500-lint-"));
  cpSync("biome.json", join(folder, "biome.json"));
  cpSync("tools/lint", join(folder, "tools/lint"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What Biome, with our rules, says of a project that holds one file. */
function lint(path: string, source: string): { passed: boolean; output: string } {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), source);
  const args = ["lint", "--error-on-warnings", "--vcs-enabled=false", path];
  const { status, stdout, stderr } = spawnSync(biome, args, { cwd: folder, encoding: "utf8" });
  return { passed: status === 0, output: stdout + stderr };
}

describe("the linter", () => {
  test("lets a good file pass, so that what it refuses is refused for its fault", () => {
    const good =
      'import { lazy } from "../../shared/runtime/lazy.ts";\nexport const once = lazy;\n';
    expect(lint("functions/wallet/index.ts", good)).toMatchObject({ passed: true });
  });

  test.each([
    ["the wall clock", "shared/live/x.ts", "export const x = () => Date.now();", "deps.clock"],
    ["the time by a new Date", "local/x.ts", "export const x = new Date();", "deps.clock"],
    ["the environment", "shared/live/x.ts", "export const x = process.env.HOME;", "noProcessEnv"],
    ["the console", "functions/wallet/index.ts", 'console.log("x");', "noConsole"],
    ["any", "shared/domain/x.ts", "export const x = (y: any) => y;", "noExplicitAny"],
    ["a bang", "shared/domain/x.ts", "export const x = (y?: string) => y!;", "noNonNullAssertion"],
    [
      "a sibling function",
      "functions/wallet/index.ts",
      'export { handler } from "../go-live/index.ts";',
      "never a sibling",
    ],
    [
      "the local cloud in a function",
      "functions/wallet/index.ts",
      'export { startCloud } from "../../local/cloud.ts";',
      "never a sibling or anything local",
    ],
    [
      "the local cloud in shared/",
      "shared/live/x.ts",
      'export { startCloud } from "../../local/cloud.ts";',
      "nothing local",
    ],
    [
      "a client in the domain",
      "shared/domain/x.ts",
      'export { connectTwitch } from "../clients/twitch.ts";',
      "nothing but each other",
    ],
    [
      "a message in a store",
      "shared/store/x.ts",
      'export { colours } from "../messages/theme.ts";',
      "A store imports",
    ],
    [
      "a handler in the local cloud",
      "local/x.ts",
      'export { handler } from "../functions/go-live/index.ts";',
      "nothing of the handlers",
    ],
  ])("refuses %s", (_what, path, source, reason) => {
    const { passed, output } = lint(path, `${source}\n`);
    expect(passed).toBe(false);
    expect(output).toContain(reason);
  });
});
