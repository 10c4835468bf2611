import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { documentDefinitions } from "../../functions/documents.ts";

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
  test("names every collection", () => {
    const names = documentDefinitions.flatMap(({ collection }) => collection.split("/"));
    const firstCells = [...rows.keys()].join("\n");
    expect(names.filter((name) => !firstCells.includes(`\`${name}\``))).toEqual([]);
  });
});
