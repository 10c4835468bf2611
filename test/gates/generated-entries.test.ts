import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

/** Imports within program text: the compiler does not see them, and nobody runs the benchmarks at each change. */
const importsInText = ["bench", "tools"].flatMap((folder) =>
  globSync(`${folder}/**/*.ts`).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/ from "(\.\/[\w./-]+\.ts)";/g)].flatMap(
      ([, path = ""]) => (path.split("/").length > 2 ? [{ file, path }] : []),
    ),
  ),
);
/** From the root of the project, as text that is bundled names them; the others are imports of the file itself. */
const fromRoot = importsInText.filter(({ path }) =>
  /^\.\/(?:functions|shared|local|bench)\//.test(path),
);

test("programs that are written as text import files that exist", () => {
  expect(fromRoot.length).toBeGreaterThan(3);
  expect(fromRoot.filter(({ path }) => !existsSync(path))).toEqual([]);
});
