import { describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../../functions/manifest.ts";
import { loadConfig } from "../../../shared/runtime/config.ts";

describe("the configuration", () => {
  test("every missing or malformed setting stops the start by its name, and no value is shown", () => {
    const environment = { DISCORD_PUBLIC_KEY: "not-hex-secret", DISCORD_BOT_TOKEN: "" };
    const load = () =>
      loadConfig(environment, ["DISCORD_PUBLIC_KEY", "DISCORD_BOT_TOKEN", "TWITCH_CLIENT_ID"]);
    expect(load).toThrow(
      "Bad configuration: DISCORD_PUBLIC_KEY is malformed, DISCORD_BOT_TOKEN is missing, TWITCH_CLIENT_ID is missing.",
    );
    expect(load).not.toThrow(/not-hex-secret/);
  });

  test("a malformed setting's message says what it looks like", () => {
    expect(() => loadConfig({ PLATFORM_FEE_BPS: "3%" }, ["PLATFORM_FEE_BPS"])).toThrow(
      "PLATFORM_FEE_BPS is malformed (expected: basis points from 0 to 5000: 300 is 3%).",
    );
  });

  test.each(functionNames)("%s does not start without its settings", (name) => {
    expect(() => loadConfig({}, manifest[name].settings)).toThrow(
      /GOOGLE_CLOUD_PROJECT is missing/,
    );
  });

  test("blanks around a secret and slashes after an address are dropped", () => {
    const environment = {
      DISCORD_BOT_TOKEN: " t\n",
      TWITCH_API_BASE_URL: "http://127.0.0.1:1/helix/",
    };
    expect(loadConfig(environment, ["DISCORD_BOT_TOKEN", "TWITCH_API_BASE_URL"])).toEqual({
      DISCORD_BOT_TOKEN: "t",
      TWITCH_API_BASE_URL: "http://127.0.0.1:1/helix",
    });
  });

  test("the services' own addresses are used unless others are given", () => {
    expect(loadConfig({}, ["DISCORD_API_BASE_URL", "TWITCH_AUTH_BASE_URL"])).toEqual({
      DISCORD_API_BASE_URL: "https://discord.com/api",
      TWITCH_AUTH_BASE_URL: "https://id.twitch.tv/oauth2",
    });
  });
});
