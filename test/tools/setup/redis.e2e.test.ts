import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
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

async function stored(name: string): Promise<string> {
  const { payload } = await commands.secrets("GET", `/${name}/versions/latest:access`);
  return Buffer.from(payload?.data ?? "", "base64").toString();
}

function variables() {
  const text = readFileSync(join(commands.folder, "terraform/c500.auto.tfvars.json"), "utf8");
  return JSON.parse(text) as Record<string, unknown>;
}

describe("Redis", () => {
  const TOKEN = "UPSTASH_REDIS_REST_TOKEN";
  const unknown = {
    ...UNMADE,
    UPSTASH_REDIS_REST_URL: undefined,
    UPSTASH_REDIS_REST_TOKEN: undefined,
  };
  const databases = () => cloud.upstashManagement?.databases() ?? [];
  beforeEach(async () => {
    cloud.faults.clear();
    cloud.upstashManagement?.clear();
    rmSync(join(commands.folder, "terraform"), { recursive: true, force: true });
    await commands.secrets("DELETE", `/${TOKEN}`);
    await commands.secrets("POST", `?secretId=${TOKEN}`, { replication: { automatic: {} } });
  });

  test("is created once in Upstash's account, and the functions receive its address", async () => {
    const first = await commands.setup(unknown);
    expect(first.wrong).toEqual([]);
    expect(first.output).toMatch(
      /changed +Redis +the database test-.*-c500 was created in us-central1/,
    );
    expect(databases()).toMatchObject([{ platform: "gcp", primary_region: "us-central1" }]);
    expect(await stored(TOKEN)).toBe(cloud.settings[TOKEN]);
    expect(variables()).toMatchObject({
      settings: { UPSTASH_REDIS_REST_URL: cloud.settings["UPSTASH_REDIS_REST_URL"] },
      secret_versions: { UPSTASH_REDIS_REST_TOKEN: "1" },
    });
    expect((await commands.setup(unknown)).output).toMatch(/, 0 changed, /);
    expect(databases()).toHaveLength(1);
  });

  test.each([
    ["its answer was lost", { operation: /POST .*\/redis\/database/, target: "upstash" as const }],
    [
      "its token could not be stored",
      { operation: /TOKEN:addVersion/, target: "secrets" as const },
    ],
  ])("is found by its name after a run crashed behind its creation: %s", async (_what, rule) => {
    const kind = rule.target === "upstash" ? "lose-answer" : "fail";
    const fault = kind === "fail" ? ({ kind, code: 503 } as const) : ({ kind } as const);
    cloud.faults.add({ ...rule, fault, times: 1 });
    expect((await commands.setup(unknown)).code).toBe(1);
    const { wrong, output } = await commands.setup(unknown);
    expect(wrong).toEqual([]);
    expect(output).toMatch(/ok +Redis +the database test-.*-c500 exists/);
    expect(databases()).toHaveLength(1);
    expect(await stored(TOKEN)).toBe(cloud.settings[TOKEN]);
  });

  test("is read again by --renew redis after its token was reset", async () => {
    await commands.setup(unknown);
    await commands.secrets("POST", `/${TOKEN}:addVersion`, {
      payload: { data: Buffer.from("of-before").toString("base64") },
    });
    expect((await commands.setup(unknown)).wrong).toContainEqual(
      expect.stringMatching(/Redis does not accept the token/),
    );
    expect((await commands.setup(unknown, {}, "redis")).wrong).toEqual([]);
    expect(await stored(TOKEN)).toBe(cloud.settings[TOKEN]);
    expect(databases()).toHaveLength(1);
  });

  const refusals: [what: string, changes: Record<string, string | undefined>, finding: RegExp][] = [
    [
      "another key",
      { UPSTASH_API_KEY: "guessed" },
      /Upstash refused: .*Unauthorized.*→ Set UPSTASH_EMAIL/,
    ],
    [
      "a region that Upstash does not have",
      { GOOGLE_CLOUD_REGION: "europe-west3" },
      /invalid region: europe-west3.*→ Set UPSTASH_REGION .*europe-west1/,
    ],
    [
      "a region of another cloud",
      { UPSTASH_REGION: "europe-west11" },
      /UPSTASH_REGION is malformed \(did you mean europe-west1\?\) → .*asia-northeast1/,
    ],
    [
      "a region with gcp- before it",
      { UPSTASH_REGION: "gcp-us-central1" },
      /UPSTASH_REGION is malformed \(did you mean us-central1\?\) → .*without the prefix gcp-/,
    ],
    ["no key", { UPSTASH_API_KEY: undefined }, /UPSTASH_API_KEY is missing → .*Management API/],
  ];
  test.each(refusals)(
    "is not created with %s, and setup explains what to do",
    async (_what, changes, finding) => {
      const { code, wrong } = await commands.setup({ ...unknown, ...changes });
      expect(wrong).toContainEqual(expect.stringMatching(finding));
      expect(code).toBe(1);
      expect(databases()).toEqual([]);
    },
  );
});
