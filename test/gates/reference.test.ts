import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { referencePages, stalePages } from "../../tools/reference/pages.ts";

const pages = referencePages();
const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

describe("the pages of docs/reference", () => {
  test("are what the code says; if not, run ./dev docs", () => {
    expect(pages.length).toBeGreaterThan(5);
    expect(stalePages(pages, read)).toEqual([]);
  });

  test("are found stale when the code says something else, or a page is missing", () => {
    const [first] = pages;
    expect(first).toBeDefined();
    if (!first) return;
    const changed = { ...first, text: first.text.replace("staff", "anybody") };
    const added = { path: "docs/reference/nothing-here.md", text: "# Nothing\n" };
    expect(stalePages([changed, added], read)).toEqual([first.path, added.path]);
  });
});
