import { describe, expect, test } from "@jest/globals";
import { settingsRead } from "./settings-read.ts";

describe("the gate finds what code reads", () => {
  /** A function whose handler is this. */
  const entryWith = (handler: string) => `
    import { createDeps } from "./functions/auctions/deps.ts";
    import { serve } from "./shared/runtime/function/serve.ts";
    serve("canary", { settings: ["TAX"] }, (platform, database) => {
      const deps = createDeps(platform, database);
      return async () => { ${handler} };
    });
  `;

  test.each([
    ["nothing", "", []],
    ["a setting", "return deps.config.SHOP_URL;", ["SHOP_URL"]],
    [
      "a setting of several",
      "const { config: { SHOP_URL } } = deps; return SHOP_URL;",
      ["SHOP_URL"],
    ],
    ["nothing in a text", 'return "SHOP_URL";', []],
    [
      "a provider's setting",
      "return deps.ownSettings.KOFI_VERIFICATION_TOKEN;",
      ["KOFI_VERIFICATION_TOKEN"],
    ],
    ["a client", "return deps.stripe;", ["STRIPE_API_BASE_URL", "STRIPE_SECRET_KEY"]],
    [
      "a client among others",
      "const { log, stripe } = deps; return [log, stripe];",
      ["STRIPE_API_BASE_URL", "STRIPE_SECRET_KEY"],
    ],
    [
      "a client by another name",
      "const { stripe: money } = deps; return money;",
      ["STRIPE_API_BASE_URL", "STRIPE_SECRET_KEY"],
    ],
    [
      "a client that is called",
      "return deps.redis();",
      ["UPSTASH_REDIS_REST_TOKEN", "UPSTASH_REDIS_REST_URL"],
    ],
    [
      "what is made of a client",
      "return deps.auctionEngine;",
      ["UPSTASH_REDIS_REST_TOKEN", "UPSTASH_REDIS_REST_URL"],
    ],
    [
      "what another module reads",
      'const { scheduleBoard } = await import("./functions/shop/drops/drop-board.ts"); return scheduleBoard;',
      undefined,
    ],
  ])("%s", async (_what, handler, expected) => {
    const read = await settingsRead(entryWith(handler));
    const more = [...read].filter((name) => name !== "GOOGLE_CLOUD_PROJECT").sort();
    if (expected) expect(more).toEqual(expected);
    else expect(more).toContain("FUNCTION_URL_TEMPLATE");
  });
});
