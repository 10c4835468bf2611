import { expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { webhooks } from "../../../support/races/webhooks.ts";

const cloud = await useCloud({
  environment: { KOFI_VERIFICATION_TOKEN: "", SHOPIFY_WEBHOOK_SECRET: "" },
});
const shop = webhooks(cloud);

test("without its setting Ko-fi is refused, whatever token it sends", async () => {
  for (const token of ["", "undefined", "null", undefined]) {
    expect(await shop.sendKofi(shop.payment({ verification_token: token }))).toBe(401);
  }
  cloud.shops.kofi.sell({ amount: 100 });
  await cloud.settle();
  expect(cloud.shops.attempts()).toMatchObject([{ result: 401 }]);
  expect(await shop.countOf("sales")).toBe(0);
});

test("without its setting Shopify is refused, whatever key it signs with", async () => {
  const body = JSON.stringify(shop.order());
  for (const key of ["", "undefined", "null"]) {
    const headers = { "x-shopify-hmac-sha256": shop.sign(body, key) };
    expect(await shop.sendShopify(body, { headers })).toBe(401);
  }
  expect(await shop.countOf("sales")).toBe(0);
  expect(cloud.logLines.join()).toContain("its secret is not set");
});
