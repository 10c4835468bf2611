import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../../functions/manifest.ts";
import type { FunctionRow } from "../../../shared/runtime/function/function-row.ts";
import { FUNCTIONS_JSON, functionsForTerraform } from "../../../tools/build/functions-json.ts";
import { isSecretSetting, settingNames } from "../../../tools/settings/function-settings.ts";

const { functions, topics, queues, settings: listed } = functionsForTerraform();

describe("Terraform's list of functions", () => {
  test("is generated from the manifest, in the same order", () => {
    const committed = JSON.stringify(JSON.parse(readFileSync(FUNCTIONS_JSON, "utf8")));
    // If this fails: ./dev build --no-cold-starts
    expect(committed).toBe(JSON.stringify(functionsForTerraform()));
  });

  test("contains every field of each function that concerns the cloud", () => {
    expect(Object.keys(functions)).toEqual(functionNames);
    for (const name of functionNames) {
      const { deps: _deps, does: _does, ownSettings = [], ...row }: FunctionRow = manifest[name];
      expect(functions[name]).toMatchObject({
        ...row,
        entryPoint: name,
        settings: [...row.settings, ...ownSettings].sort(),
      });
    }
  });

  test("marks as secret exactly the settings that are in Secret Manager", () => {
    expect(functions["stripe-webhook"]?.secrets).toEqual(["STRIPE_WEBHOOK_SECRETS"]);
    expect(functions["clawback"]?.secrets).toEqual([]);
    const secret = Object.entries(listed).flatMap(([name, facts]) => (facts.secret ? [name] : []));
    expect(secret).toEqual(settingNames.filter(isSecretSetting).sort());
  });

  test("distinguishes required settings from optional ones", () => {
    expect(listed["DISCORD_BOT_TOKEN"]).toEqual({ secret: true, required: true });
    expect(listed["DISCORD_GUILD_ID"]).toEqual({ secret: false, required: true });
    expect(listed["SHOP_CURRENCY"]).toEqual({ secret: false, required: false });
    expect(listed["KOFI_VERIFICATION_TOKEN"]).toEqual({ secret: true, required: false });
  });

  test("never requires a setting that is only an emulator's address", () => {
    const local = Object.keys(listed).filter((name) =>
      /_EMULATOR_HOST$|_(API|AUTH)_BASE_URL$/.test(name),
    );
    expect(local).toHaveLength(5);
    for (const name of local) expect(listed[name]?.required).toBe(false);
  });

  test("lists every topic that is published to, subscribed to, or used for dead letters", () => {
    const deadLettered = functionsForTerraform({
      wallet: {
        ...manifest.wallet,
        publishes: ["b"],
        trigger: {
          kind: "topic",
          topic: "a",
          retry: {
            minimumBackoffSeconds: 1,
            maximumBackoffSeconds: 2,
            deadLetter: { topic: "c", maxDeliveryAttempts: 5 },
          },
        },
      },
    });
    expect(deadLettered.topics).toEqual(["a", "b", "c"]);
    expect(topics).toContain("discord-commands");
  });

  test("lists every queue with its retry settings", () => {
    const workers = functionNames.filter((name) => manifest[name].trigger.kind === "queue");
    expect(Object.keys(queues)).toEqual(workers);
    expect(queues["vod-link"]?.maxAttempts).toBe(100);
  });
});
