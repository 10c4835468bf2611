import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";

const biome = join(process.cwd(), "node_modules/.bin/biome");

interface File {
  readonly path: string;
  readonly source: string;
}

/** What Biome, with our rules, says of each file. Files with the same path are in projects of their own. */
function lint(files: readonly File[]): ReadonlyMap<File, readonly string[]> {
  const found = new Map<File, readonly string[]>();
  for (let left = files; left.length > 0; ) {
    const project = new Map(left.map((file) => [file.path, file]));
    const messages = lintProject([...project.values()]);
    for (const file of project.values()) found.set(file, messages.get(file.path) ?? []);
    left = left.filter((file) => !found.has(file));
  }
  return found;
}

/** The errors in each file of a project, by its path. */
function lintProject(files: readonly File[]): ReadonlyMap<string, readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "c500-lint-"));
  cpSync("biome.json", join(folder, "biome.json"));
  cpSync("tools/check/lint", join(folder, "tools/check/lint"), { recursive: true });
  for (const { path, source } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${source}\n`);
  }
  const args = ["lint", "--error-on-warnings", "--vcs-enabled=false", "--max-diagnostics=none"];
  const folders = new Set(files.map(({ path }) => path.split("/", 1)[0] ?? ""));
  const all = [...args, "--reporter=json", ...folders];
  const { stdout } = spawnSync(biome, all, { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const report: {
    readonly diagnostics: readonly {
      readonly category: string;
      readonly message: string;
      readonly location: { readonly path: string };
    }[];
  } = JSON.parse(stdout);
  const messages = new Map<string, string[]>();
  for (const { category, message, location } of report.diagnostics) {
    const text = `${category}: ${message}`;
    messages.set(location.path, [...(messages.get(location.path) ?? []), text]);
  }
  return messages;
}

/** What is let through, so that what is refused is refused for its fault: the file's path and what it imports. */
const GOOD: readonly (readonly [what: string, path: string, from: string])[] = [
  ["shared/", "functions/races/handlers/wallet.ts", "../../../shared/runtime/lazy.ts"],
  ["a feature below", "functions/races/service/x.ts", "../../shop/store/orders.ts"],
  ["the events of a feature above", "functions/shop/service/x.ts", "../../races/events/sale.ts"],
  [
    "rules of a feature below in rules",
    "functions/races/domain/x.ts",
    "../../shop/domain/order.ts",
  ],
];

/** What is refused: the file's path, its text, and a part of the reason. */
const BAD: readonly (readonly [what: string, path: string, source: string, reason: string])[] = [
  ["the wall clock", "shared/runtime/x.ts", "export const x = () => Date.now();", "deps.clock"],
  ["the time by a new Date", "local/x.ts", "export const x = new Date();", "deps.clock"],
  ["the environment", "shared/runtime/x.ts", "export const x = process.env.HOME;", "noProcessEnv"],
  ["the console", "functions/races/handlers/wallet.ts", 'console.log("x");', "noConsole"],
  ["any", "functions/shop/domain/x.ts", "export const x = (y: any) => y;", "noExplicitAny"],
  [
    "a bang",
    "functions/shop/domain/x.ts",
    "export const x = (y?: string) => y!;",
    "noNonNullAssertion",
  ],
  [
    "the local cloud in the studio's page",
    "studio/app/x.ts",
    'export { x } from "../../local/kit/clock.ts";',
    "runs in a browser",
  ],
  [
    "a feature above in one below",
    "functions/members/handlers/x.ts",
    'export { handler } from "../../shop/handlers/refund.ts";',
    "members imports shared/ and the events",
  ],
  [
    "the shop in shipping, which it stands on",
    "functions/shipping/handlers/x.ts",
    'export { createOrders } from "../../shop/store/orders.ts";',
    "shipping imports shared/, members and",
  ],
  [
    "a feature beside another",
    "functions/races/service/x.ts",
    'export { createBids } from "../../auctions/store/bids/bids.ts";',
    "races imports shared/, members, shipping, shop and",
  ],
  [
    "fulfilment in what it stands on",
    "functions/shop/web/x.ts",
    'export { deskPage } from "../../fulfilment/web/desk.ts";',
    "shop imports shared/",
  ],
  [
    "races in fulfilment",
    "functions/fulfilment/web/x.ts",
    'export { racePage } from "../../races/web/race.ts";',
    "fulfilment imports shared/",
  ],
  [
    "the local cloud in a function",
    "functions/races/handlers/wallet.ts",
    'export { startCloud } from "../../../local/cloud/cloud.ts";',
    "nothing local",
  ],
  [
    "a provider's simulator in what is deployed",
    "functions/races/providers/kofi/provider.ts",
    'export { Kofi } from "./simulator.ts";',
    "nothing local",
  ],
  [
    "a provider's reading in its simulator",
    "functions/races/providers/kofi/simulator.ts",
    'export { readPayment } from "./read.ts";',
    "nothing of what it tests",
  ],
  [
    "the local cloud in shared/",
    "shared/runtime/x.ts",
    'export { startCloud } from "../../local/cloud/cloud.ts";',
    "nothing local",
  ],
  [
    "a feature in shared/",
    "shared/money/x.ts",
    'export { createOrders } from "../../functions/shop/store/orders.ts";',
    "knows no feature",
  ],
  [
    "a client in a feature's rules",
    "functions/shop/domain/x.ts",
    'export { connectTwitch } from "../../../shared/clients/twitch/connect-twitch.ts";',
    "nothing that does anything",
  ],
  [
    "a store in a feature's events",
    "functions/shop/events/x.ts",
    'export { createOrders } from "../store/orders.ts";',
    "nothing that does anything",
  ],
  [
    "a handler in the local cloud",
    "local/x.ts",
    'export { handler } from "../functions/shop/handlers/refund.ts";',
    "nothing of the handlers",
  ],
];

describe("the linter", () => {
  const good = GOOD.map(([what, path, from]) => ({
    what,
    path,
    source: `export { x } from "${from}";`,
  }));
  const bad = BAD.map(([what, path, source, reason]) => ({ what, path, source, reason }));
  let found: ReadonlyMap<File, readonly string[]>;
  beforeAll(() => {
    found = lint([...good, ...bad]);
  });

  test.each(good)("lets $what be imported", (file) => {
    expect(found.get(file)).toEqual([]);
  });

  test.each(bad)("refuses $what", (file) => {
    expect(found.get(file)?.join("\n")).toContain(file.reason);
  });
});
