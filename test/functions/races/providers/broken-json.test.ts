import { createHmac, createPrivateKey, sign } from "node:crypto";
import { expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";

const BROKEN = '{"id": "1", oops';
const JSON_TYPE = { "content-type": "application/json" };

const cloud = await useCloud();

const hmac = (text: string, secret = "") => createHmac("sha256", secret).update(text).digest("hex");
const seconds = () => String(Math.floor(cloud.clock.nowMs() / 1000));

/** Each endpoint that reads JSON, with valid credentials, so that only the JSON is wrong. */
const waysIn: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  "discord-interactions": () => {
    const key = createPrivateKey(cloud.discord.privateKey);
    const signature = sign(null, Buffer.from(seconds() + BROKEN), key).toString("hex");
    return { "x-signature-ed25519": signature, "x-signature-timestamp": seconds() };
  },
  "twitch-webhook": () => {
    const timestamp = cloud.clock.now().toISOString();
    const secret = cloud.settings.TWITCH_EVENTSUB_SECRET;
    return {
      "twitch-eventsub-message-id": "1",
      "twitch-eventsub-message-type": "notification",
      "twitch-eventsub-message-timestamp": timestamp,
      "twitch-eventsub-message-signature": `sha256=${hmac(`1${timestamp}${BROKEN}`, secret)}`,
    };
  },
  "stripe-webhook": () => {
    const [secret] = (cloud.settings.STRIPE_WEBHOOK_SECRETS ?? "").split(",");
    const at = seconds();
    return { "stripe-signature": `t=${at},v1=${hmac(`${at}.${BROKEN}`, secret)}` };
  },
  "shop-webhook/kofi": () => ({ "content-type": "application/x-www-form-urlencoded" }),
  "internal-api/api/internal/go-live-trigger": () => ({}),
  "internal-api/api/internal/create-checkout": () => ({}),
  "go-live": () => ({}),
};

test.each(Object.keys(waysIn))(
  "broken JSON for %s is answered with 400 and an error",
  async (name) => {
    const headers = { ...JSON_TYPE, ...waysIn[name]?.() };
    const body = name.endsWith("/kofi") ? new URLSearchParams({ data: BROKEN }).toString() : BROKEN;
    const response = await cloud.fetch(cloud.url(name), { method: "POST", headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: expect.stringMatching(/\w/) });
  },
);

test("broken JSON signed by Shopify is acknowledged and stored for the operators", async () => {
  const deadLetters = async () => (await cloud.firestore.collection("dead_letters").get()).size;
  const before = await deadLetters();
  const secret = cloud.settings.SHOPIFY_WEBHOOK_SECRET ?? "";
  const signature = createHmac("sha256", secret).update(BROKEN).digest("base64");
  const response = await cloud.fetch(cloud.url("shop-webhook/shopify"), {
    method: "POST",
    headers: {
      ...JSON_TYPE,
      "x-shopify-topic": "orders/paid",
      "x-shopify-hmac-sha256": signature,
    },
    body: BROKEN,
  });
  await cloud.settle();
  expect(response.status).toBe(200);
  expect(await deadLetters()).toBe(before + 1);
});
