import { channel } from "node:diagnostics_channel";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { FaultTarget } from "../../local/kit/faults.ts";
import { authorizationOf } from "../../local/kit/google/identity-token.ts";
import { listen } from "../../local/kit/http/listen.ts";
import { Network } from "../../local/kit/http/network.ts";
import { API_VERSION } from "../../local/stripe/world.ts";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { webhooks } from "../support/races/webhooks.ts";
import { shoppers } from "../support/shop/shop.ts";
import { rejectionOf } from "./kit/served.ts";

/** What Node publishes of every HTTP request that a socket carries: by `http`, by `fetch`, and served. */
const channels = [
  "http.client.request.start",
  "undici:request:create",
  "http.server.request.start",
].map((name) => channel(name));

let overSockets = 0;
const count = () => {
  overSockets += 1;
};

/** What a service asks for before a fault can take an answer away. */
const tokens: Partial<Record<FaultTarget, () => string | undefined>> = {
  stripe: () => cloud.settings["STRIPE_SECRET_KEY"],
  upstash: () => cloud.settings["UPSTASH_REDIS_REST_TOKEN"],
};

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
const network = new Network();

beforeAll(async () => {
  for (const each of channels) each.subscribe(count);
  cloud = await startTestCloud({ network });
  people = shoppers(cloud);
});
afterAll(async () => {
  for (const each of channels) each.unsubscribe(count);
  await cloud.stop();
});

describe("a cloud on a network of its own", () => {
  afterEach(() => {
    expect(overSockets).toBe(0);
  });

  test("names every service, and the functions get the names", () => {
    expect(cloud.settings).toMatchObject({
      DISCORD_API_BASE_URL: "https://discord.test/api",
      STRIPE_API_BASE_URL: "https://stripe.test",
      TWITCH_API_BASE_URL: "https://twitch.test/helix",
      UPSTASH_REDIS_REST_URL: "https://upstash.test",
      UPSTASH_MANAGEMENT_URL: "https://upstash-account.test/v2",
      SECRET_MANAGER_EMULATOR_HOST: "secrets.test",
      CLOUD_QUOTAS_EMULATOR_HOST: "project.test",
      FUNCTIONS_BASE_URL: "https://functions.test",
      FUNCTION_URL_TEMPLATE: "https://run.test/{name}",
      PUBLIC_SITE_URL: "https://site.test",
    });
  });

  test("a command reaches its function and is answered", async () => {
    const { buttons } = await people.command(people.person(), "c500 register");
    expect(buttons[0]).toMatchObject({ label: "Sign in at Twitch" });
    expect(network.calls).toBeGreaterThan(0);
  });

  test("a builder registers with Twitch, sells, proves the work on stream and gets the money", async () => {
    const builder = await people.builder({ isLive: true });
    const dropId = await people.drop(builder.id, { payment: "held", price: "$120", quantity: "2" });
    const { orderId, buyer } = await people.purchase(dropId);
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "paid" });
    expect(people.messagesTo(buyer).join()).toContain("Thank you!");
    await people.proveOnStream(builder.id, orderId);
    expect(await people.order(orderId)).toMatchObject({ hold: "released" });
  });

  test("a push without a token, or made out to another service, does not reach its function", async () => {
    const { runUrl } = cloud.functions;
    const account = `c500-push@${cloud.settings["GOOGLE_CLOUD_PROJECT"]}.iam.gserviceaccount.com`;
    const call = (headers: Record<string, string>) =>
      cloud.fetch(`${runUrl}/shop`, { method: "POST", headers, body: "{}" });
    const as = (email: string, audience: string) => ({
      authorization: authorizationOf({ email, audience }, cloud.clock),
    });
    expect((await call({})).status).toBe(404);
    expect((await call(as(account, `${runUrl}/refund`))).status).toBe(401);
    expect((await call(as("somebody@else.example", `${runUrl}/shop`))).status).toBe(403);
    expect([401, 403, 404]).not.toContain((await call(as(account, `${runUrl}/shop`))).status);
  });

  test("a shop's webhook reaches its function, and what is not signed is refused", async () => {
    const { post, payment } = webhooks(cloud);
    const sent = async (changes: Record<string, unknown>) =>
      post(
        "/kofi",
        { "content-type": "application/x-www-form-urlencoded" },
        new URLSearchParams({ data: JSON.stringify(payment(changes)) }).toString(),
      );
    expect(await sent({})).toBe(200);
    expect(await sent({ verification_token: "another" })).toBe(401);
  });

  test("the site is served, and its pages come from their function", async () => {
    const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
    const page = await cloud.fetch(`${site}/`);
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    const style = await cloud.fetch(`${site}/pages/style.css`);
    expect([style.status, (await style.text()).length > 0]).toEqual([200, true]);
  });

  test("a function that is not public is refused to strangers at its own address", async () => {
    const { status } = await cloud.fetch("https://run.test/hammer-drop", { method: "POST" });
    expect(status).toBe(403);
  });

  test.each<[FaultTarget, string, RequestInit]>([
    ["discord", "https://discord.test/api/v10/gateway", {}],
    ["stripe", "https://stripe.test/v1/balance", {}],
    ["twitch", "https://twitch.test/helix/streams", {}],
    ["upstash", "https://upstash.test/", { method: "POST", body: '["PING"]' }],
    ["secrets", "https://secrets.test/v1/projects", {}],
    ["project", "https://project.test/v1/projects/none", {}],
  ])("%s breaks the connection when a fault says so", async (target, url, init) => {
    const headers = {
      authorization: `Bearer ${tokens[target]?.() ?? ""}`,
      "stripe-version": API_VERSION,
    };
    for (const kind of ["drop", "lose-answer"] as const) {
      cloud.faults.add({ target, fault: { kind }, times: 1 });
      expect(await rejectionOf(cloud.fetch(url, { ...init, headers }))).toEqual({
        name: "TypeError",
        message: "fetch failed",
        code: "UND_ERR_SOCKET",
      });
    }
  });

  test("Twitch says that it has no WebSockets", () => {
    expect(() => cloud.twitch.sockets.askToReconnect()).toThrow("has no WebSockets");
  });
});

test("a request over a socket would be seen", async () => {
  const service = await listen((_request, response) => void response.end());
  await (await fetch(service.url)).text();
  await service.stop();
  expect(overSockets).toBeGreaterThan(0);
});
