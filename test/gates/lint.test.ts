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
      'import { lazy } from "../../../shared/runtime/lazy.ts";\nexport const once = lazy;\n';
    expect(lint("functions/races/handlers/wallet.ts", good)).toMatchObject({ passed: true });
  });

  test.each([
    ["a feature below", "functions/races/service/x.ts", "../../shop/store/orders.ts"],
    ["the events of a feature above", "functions/shop/service/x.ts", "../../races/events/sale.ts"],
    [
      "rules of a feature below in rules",
      "functions/races/domain/x.ts",
      "../../shop/domain/order.ts",
    ],
  ])("lets %s be imported", (_what, path, from) => {
    expect(lint(path, `export { x } from "${from}";\n`)).toMatchObject({ passed: true });
  });

  test.each([
    ["the wall clock", "shared/runtime/x.ts", "export const x = () => Date.now();", "deps.clock"],
    ["the time by a new Date", "local/x.ts", "export const x = new Date();", "deps.clock"],
    [
      "the environment",
      "shared/runtime/x.ts",
      "export const x = process.env.HOME;",
      "noProcessEnv",
    ],
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
  ])("refuses %s", (_what, path, source, reason) => {
    const { passed, output } = lint(path, `${source}\n`);
    expect(passed).toBe(false);
    expect(output).toContain(reason);
  });
});
