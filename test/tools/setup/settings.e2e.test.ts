import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { settingsHere } from "../../../tools/ops/settings-here.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { commandsOn } from "../commands.ts";

/** A new installation has none of these: setup creates them. */
const UNMADE = {
  STRIPE_WEBHOOK_SECRETS: undefined,
  TWITCH_EVENTSUB_SECRET: undefined,
  FORGOTTEN_KEY: undefined,
  SESSION_KEY: undefined,
};

let cloud: TestCloud;
let commands: ReturnType<typeof commandsOn>;

beforeAll(async () => {
  cloud = await startTestCloud({ onSockets: true, environment: {}, rateLimits: false });
  commands = commandsOn(cloud);
});
afterAll(async () => {
  commands.close();
  await cloud.stop();
});

describe("a setting that would have no effect", () => {
  const mistyped: [what: string, line: string, finding: RegExp][] = [
    [
      "a name",
      "SHOP_CURENCY=eur",
      /no setting SHOP_CURENCY \(did you mean SHOP_CURRENCY\?\) → .*c500\.env/,
    ],
    [
      "the region's name",
      "GOOGLE_CLOUD_REGOIN=europe-west1",
      /no setting GOOGLE_CLOUD_REGOIN \(did you mean GOOGLE_CLOUD_REGION\?\) → .*c500\.env/,
    ],
    ["an unknown name", "COLOUR=blue", /there is no setting COLOUR → Correct it in c500\.env/],
    [
      "a currency",
      "SHOP_CURRENCY=EURO",
      /SHOP_CURRENCY is malformed → It is one of Stripe's currencies/,
    ],
    ["a share", "PLATFORM_FEE_BPS=3%", /PLATFORM_FEE_BPS is malformed → .*300 is 3%/],
    [
      "a line with a colon",
      "# The races\nRACE_RATE_BPS: 100\nSHOP_CURRENCY=eur",
      /line 2 of c500\.env is not a setting.* → Write it as RACE_RATE_BPS=VALUE/,
    ],
    [
      "a line with a space",
      "PLATFORM_FEE_BPS 300",
      /line 1 of c500\.env is not a setting.* → Write it as PLATFORM_FEE_BPS=VALUE/,
    ],
    [
      "a value whose quotes are not closed",
      'SHOP_CURRENCY="eur\nPAYOUT_THRESHOLD="20.00 eur"',
      /line 1 of c500\.env opens a quoted value.* → Close the quotes/,
    ],
    [
      "a name given twice",
      "PLATFORM_FEE_BPS=300\nSHOP_CURRENCY=eur\nPLATFORM_FEE_BPS=400",
      /PLATFORM_FEE_BPS is given more than once, in lines 1 and 3 of c500\.env → Keep one/,
    ],
    [
      "a region",
      "GOOGLE_CLOUD_REGION=us-centrall1",
      /GOOGLE_CLOUD_REGION is malformed \(did you mean us-central1\?\) → .*run\/docs\/locations/,
    ],
    ["a kind of sale", "KOFI_SALE_TYPES=Donations", /KOFI_SALE_TYPES is malformed/],
  ];
  const file = () => join(commands.folder, "c500.env");
  afterEach(() => rmSync(file(), { force: true }));

  test.each(mistyped)("is refused and named: %s", async (_what, line, finding) => {
    writeFileSync(file(), `${line}\n`);
    // A value from the environment would take precedence over the file.
    const given = { ...UNMADE, GOOGLE_CLOUD_REGION: undefined };
    const { code, wrong } = await commands.setup(given);
    expect(wrong).toContainEqual(expect.stringMatching(finding));
    expect(code).toBe(1);
    expect(existsSync(join(commands.folder, "terraform/c500.auto.tfvars.json"))).toBe(false);
    expect((await commands.doctor(given)).wrong).toContainEqual(expect.stringMatching(finding));
  });

  test("is refused by ./dev ops, which lists all such settings", async () => {
    const lines = ["SHOP_CURENCY=eur", "RACE_RATE_BPS: 100", "GOOGLE_CLOUD_REGION=us-centrall1"];
    writeFileSync(file(), lines.join("\n"));
    const asked = settingsHere([], { environment: {}, folder: commands.folder });
    await expect(asked).rejects.toThrow(
      /^line 2 of c500\.env .*\n.*SHOP_CURENCY.*\n.*did you mean us-central1/,
    );
  });

  test("is not printed if it may be a secret", async () => {
    writeFileSync(file(), "STRIPE_SECRET_KEY sk_live_secret\nsk_live_alone\n");
    const { output } = await commands.doctor(UNMADE);
    expect(output).toMatch(/line 1 of c500\.env.*\n.*STRIPE_SECRET_KEY=VALUE/);
    expect(output).toMatch(/line 2 of c500\.env/);
    expect(output).not.toContain("sk_live");
  });

  test("is distinguished from everything that a file may contain", async () => {
    const lines = ["\uFEFF# Notes", "", "export SHOP_CURRENCY = 'eur' # ours", "  # more"];
    writeFileSync(file(), lines.join("\r\n"));
    expect((await commands.doctor()).output).not.toMatch(/WRONG +settings/);
  });

  test("is refused in the environment if it looks like ours; other programs' variables are ignored", async () => {
    const { wrong } = await commands.setup({ ...UNMADE, PAYOUT_TRESHOLD: "500", COLOUR: "blue" });
    expect(wrong).toEqual([
      expect.stringMatching(/no setting PAYOUT_TRESHOLD \(did you mean PAYOUT_THRESHOLD\?\)/),
    ]);
    const given = { RACE_RATE: "2000" };
    await expect(startTestCloud({ environment: given })).rejects.toThrow(
      "Bad configuration: there is no setting RACE_RATE (did you mean RACE_RATE_BPS?).",
    );
    const elsewhere = { GOOGLE_CLOUD_REGION: "us-centrall1" };
    await expect(startTestCloud({ environment: elsewhere })).rejects.toThrow(
      "GOOGLE_CLOUD_REGION is malformed (did you mean us-central1?)",
    );
  });
});
