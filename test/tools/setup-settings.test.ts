import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { commandsOn } from "./commands.ts";

/** A new installation has none of these: a setup makes them. */
const UNMADE = {
  STRIPE_WEBHOOK_SECRETS: undefined,
  TWITCH_EVENTSUB_SECRET: undefined,
  FORGOTTEN_KEY: undefined,
};

let cloud: TestCloud;
let commands: ReturnType<typeof commandsOn>;

beforeAll(async () => {
  cloud = await startTestCloud({ environment: {}, rateLimits: false });
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
    ["a name like no other", "COLOUR=blue", /there is no setting COLOUR → Correct it in c500\.env/],
    [
      "a currency",
      "SHOP_CURRENCY=EURO",
      /SHOP_CURRENCY is malformed → It is one of Stripe's currencies/,
    ],
    ["a share", "PLATFORM_FEE_BPS=3%", /PLATFORM_FEE_BPS is malformed → .*300 is 3 %/],
    ["a kind of sale", "KOFI_SALE_TYPES=Donations", /KOFI_SALE_TYPES is malformed/],
  ];
  const file = () => join(commands.folder, "c500.env");
  afterEach(() => rmSync(file(), { force: true }));

  test.each(mistyped)("is refused by its name: %s", async (_what, line, finding) => {
    writeFileSync(file(), `${line}\n`);
    const { code, wrong } = await commands.setup(UNMADE);
    expect(wrong).toContainEqual(expect.stringMatching(finding));
    expect(code).toBe(1);
    expect(existsSync(join(commands.folder, "terraform/c500.auto.tfvars.json"))).toBe(false);
    expect((await commands.doctor(UNMADE)).wrong).toContainEqual(expect.stringMatching(finding));
  });

  test("is refused in the environment if it looks like ours; other programs' are left alone", async () => {
    const { wrong } = await commands.setup({ ...UNMADE, PAYOUT_TRESHOLD: "500", COLOUR: "blue" });
    expect(wrong).toEqual([
      expect.stringMatching(/no setting PAYOUT_TRESHOLD \(did you mean PAYOUT_THRESHOLD\?\)/),
    ]);
    const given = { RACE_RATE: "2000" };
    await expect(startTestCloud({ environment: given })).rejects.toThrow(
      "Bad configuration: there is no setting RACE_RATE (did you mean RACE_RATE_BPS?).",
    );
  });
});
