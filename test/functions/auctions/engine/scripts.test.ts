import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const ROOT = new URL("../../../../", import.meta.url);
const FLAGS = "#!lua flags=(no-writes,)?allow-key-locking\n";

test("every script locks only its own keys, so that auctions do not wait for each other", () => {
  const found: string[] = [];
  for (const folder of ["functions", "shared"]) {
    for (const name of readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })) {
      if (!/\.(lua|ts)$/.test(name)) continue;
      const path = `${folder}/${name}`;
      const source = readFileSync(new URL(path, ROOT), "utf8");
      if (!source.includes("redis.call(")) continue;
      found.push(path);
      // A separate file begins with the line; a script within its caller's file contains it.
      const flagged = new RegExp(path.endsWith(".lua") ? `^${FLAGS}` : `\`${FLAGS}`).test(source);
      expect({ path, flagged }).toEqual({ path, flagged: true });
    }
  }
  expect(found).toEqual(expect.arrayContaining(["functions/auctions/engine/bids/bid.lua"]));
  expect(found).toContain("shared/runtime/under-lock.ts");
});
