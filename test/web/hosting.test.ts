import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startHosting } from "../../local/google/hosting/index.ts";
import type { InProcessFetch } from "../../local/kit/http/in-process.ts";
import { type HttpService, type Place, serveAt } from "../../local/kit/http/listen.ts";
import { Network } from "../../local/kit/http/network.ts";

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const network = new Network();

describe.each<[string, (name: string) => Place & { fetch?: InProcessFetch }]>([
  ["over sockets", () => ({})],
  ["in process", (name) => ({ listen: network.listenAs(`${name}.test`), fetch: network.fetch })],
])("the site's host %s", (_name, placeOf) => {
  /** Answers every request with what it was sent. */
  let functions: HttpService;
  let hosting: HttpService;
  const { fetch: call = fetch } = placeOf("");

  beforeAll(async () => {
    functions = await serveAt(placeOf("functions"), async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString("base64");
      response.writeHead(201, { "content-type": "application/json", "x-answered": "yes" });
      response.end(JSON.stringify({ method, url, headers, body }));
    });
    hosting = await startHosting({ functionsUrl: functions.url, ...placeOf("site") });
  });
  afterAll(async () => {
    await hosting.stop();
    await functions.stop();
  });

  async function sent(path: string, init: RequestInit = {}): Promise<Received> {
    const response = await call(`${hosting.url}${path}`, init);
    expect(response.status).toBe(201);
    expect(response.headers.get("x-answered")).toBe("yes");
    return (await response.json()) as Received;
  }

  test.each([
    ["/", "web"],
    ["/drop/a", "web"],
    ["/auction/1/feed.json", "web"],
    ["/overlay/1?theme=dark", "web"],
    ["/overlay/pot/a-key?motion=off", "web"],
    ["/pot/a-key.json", "web"],
    ["/race/1", "web"],
    ["/success?session_id=cs_1", "web"],
    ["/webhooks/stripe", "stripe-webhook"],
    ["/webhooks/twitch", "twitch-webhook"],
    ["/webhooks/kofi", "shop-webhook"],
    ["/webhooks/shopify", "shop-webhook"],
    ["/webhooks/other", "shop-webhook"],
    ["/webhooks/kofi/more", "web"],
    ["/interactions", "discord-interactions"],
  ])("sends %s to %s with its whole path", async (path, name) => {
    expect((await sent(path)).url).toBe(`/${name}${path}`);
  });

  test("passes a webhook's bytes and headers on as they came", async () => {
    const body = Buffer.from([0, 255, 10, 13, 123, 34]);
    const received = await sent("/webhooks/stripe", {
      method: "POST",
      body,
      headers: { "stripe-signature": "t=1,v1=ab", "content-type": "application/json" },
    });
    expect(received.method).toBe("POST");
    expect(received.body).toBe(body.toString("base64"));
    expect(received.headers).toMatchObject({
      "stripe-signature": "t=1,v1=ab",
      "content-type": "application/json",
      "content-length": "6",
    });
  });

  test("lets no cookie through but __session", async () => {
    const cookie = "a=1; __session=kept; b=2";
    expect((await sent("/", { headers: { cookie } })).headers["cookie"]).toBe("__session=kept");
    expect((await sent("/", { headers: { cookie: "a=1" } })).headers).not.toHaveProperty("cookie");
  });

  test.each([
    ["/pages/style.css", "text/css", "public, max-age=86400"],
    ["/overlays/overlay.css", "text/css", "public, max-age=86400"],
    ["/overlays/pot.css", "text/css", "public, max-age=86400"],
    ["/overlays/pot-sales.css", "text/css", "public, max-age=86400"],
    ["/pages/auction.js", "text/javascript", "public, max-age=86400"],
    ["/overlays/pot.js", "text/javascript", "public, max-age=86400"],
    ["/pages/race.js", "text/javascript", "public, max-age=86400"],
    ["/pages/clock.js", "text/javascript", "public, max-age=86400"],
    ["/pictures/favicon.svg", "image/svg+xml", "public, max-age=3600"],
    ["/pictures/keyboard.svg", "image/svg+xml", "public, max-age=3600"],
    ["/pictures/card.png", "image/png", "public, max-age=3600"],
  ])("serves the file %s itself, to be kept", async (path, type, caching) => {
    const { status, headers } = await call(`${hosting.url}${path}`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain(type);
    expect(headers.get("cache-control")).toBe(caching);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("serves nothing from outside its folder", async () => {
    expect((await sent("/..%2ffirebase.json")).url).toBe("/web/..%2ffirebase.json");
  });

  test("answers 502 when a function does not", async () => {
    const lost = await startHosting({ functionsUrl: "http://127.0.0.1:9", ...placeOf("lost") });
    expect((await call(lost.url)).status).toBe(502);
    await lost.stop();
  });
});
