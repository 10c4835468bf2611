import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/security.md", root), "utf8");
/** The first cells of the rows of the page's tables, with the cells behind them. */
const rows = new Map(
  page.split("\n").flatMap((line): [string, string[]][] => {
    if (!line.startsWith("| `")) return [];
    const [first = "", ...cells] = line
      .slice(1, -1)
      .split("|")
      .map((each) => each.trim());
    return [[first, cells]];
  }),
);

describe("docs/security.md", () => {
  test("names every collection that the code stores something in", () => {
    const sources = ["shared/{documents,money,discord}/*.ts", "functions/*/store/*.ts"];
    const stores = globSync(sources, { cwd: root })
      .map((file) => readFileSync(new URL(file, root), "utf8"))
      .join("\n");
    const found = stores.matchAll(/\bcollection(?:Group)?\("(\w+)"\)/g);
    const collections = [...new Set([...found].map(([, name]) => name))];
    expect(collections.length).toBeGreaterThan(20);
    const firstCells = [...rows.keys()].join("\n");
    expect(collections.filter((name) => !firstCells.includes(`\`${name}\``))).toEqual([]);
  });
});
