import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../functions/manifest.ts";
import { settings } from "../../shared/runtime/config.ts";
import type { FunctionRow } from "../../shared/runtime/function-row.ts";

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

function named(names: readonly string[]): string {
  return names.length === 0 ? "" : names.map((each) => `\`${each}\``).join(", ");
}

function callerOf({ trigger }: FunctionRow): string {
  if (trigger.kind === "http") return trigger.isPublic ? "anyone" : "named services";
  if (trigger.kind === "topic") return `Pub/Sub, \`${trigger.topic}\``;
  return trigger.kind === "queue" ? "Cloud Tasks" : "Cloud Scheduler";
}

describe("docs/security.md", () => {
  test.each(functionNames.map((name): [string, FunctionRow] => [name, manifest[name]]))(
    "says who calls %s, what it may send and which secrets it holds",
    (name, row) => {
      const secrets = row.settings.filter((setting) => "secret" in settings[setting]);
      const expected = [callerOf(row), named(row.publishes), named(row.enqueues), named(secrets)];
      expect(rows.get(`\`${name}\``)).toEqual(expected);
    },
  );

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
