import { describe, expect, test } from "@jest/globals";
import { siteRoutes } from "../../functions/ingress/web/route.ts";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import { invokerEmail } from "../../local/functions/invoker.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { authorizationOf } from "../../local/kit/google/identity-token.ts";
import type { Trigger } from "../../shared/runtime/function/function-row.ts";
import { useCloud } from "../support/cloud.ts";
import { everyDocument } from "../support/stored/documents.ts";

const cloud = await useCloud();

const triggerOf = (name: FunctionName): Trigger => manifest[name].trigger;
const isPublic = (name: FunctionName) => {
  const trigger = triggerOf(name);
  return trigger.kind === "http" && trigger.isPublic;
};

/** What a stranger gets at each path of the site when they guess an id or key that does not exist. */
const siteRows: Readonly<Record<string, { readonly path: string; readonly status: number }>> = {
  "/": { path: "/", status: 200 },
  "/about": { path: "/about", status: 200 },
  "/crawlers.txt": { path: "/crawlers.txt", status: 200 },
  "/sitemap.xml": { path: "/sitemap.xml", status: 200 },
  "/live/:channel/preview": { path: "/live/nobody/preview", status: 404 },
  "/success": { path: "/success?session_id=cs_guessed", status: 404 },
  "/cancel": { path: "/cancel?order=1", status: 404 },
  "/payouts/return": { path: "/payouts/return", status: 200 },
  "/payouts/refresh": { path: "/payouts/refresh", status: 200 },
  "/drop/:id": { path: "/drop/1", status: 404 },
  "/drop/:id/picture/:number": { path: "/drop/1/picture/2", status: 404 },
  "/drop/:id/picture": { path: "/drop/1/picture", status: 404 },
  "/auction/:id": { path: "/auction/1", status: 404 },
  "/auction/:id/picture/:number": { path: "/auction/1/picture/2", status: 404 },
  "/auction/:id/picture": { path: "/auction/1/picture", status: 404 },
  "/auction/:id/feed.json": { path: "/auction/1/feed.json", status: 404 },
  "/overlay/:id": { path: "/overlay/1", status: 404 },
  "/overlay/pot/:key": { path: "/overlay/pot/guessed", status: 404 },
  "/pot/:key.json": { path: "/pot/guessed.json", status: 404 },
  "/buy/:word": { path: "/buy/aaaa", status: 404 },
  "/buy/:word/code.svg": { path: "/buy/aaaa/code.svg", status: 200 },
  "/race/:id": { path: "/race/1", status: 404 },
  "/order/:key": { path: "/order/abcdefghijklmnopqrstuvwxyz012345", status: 404 },
  "/desk": { path: "/desk", status: 200 },
  "/desk/order": { path: "/desk/order?order=1", status: 200 },
  "/desk/team/:pass/:signature": {
    path: `/desk/team/guessed/${"A".repeat(43)}`,
    status: 200,
  },
  "/desk/slips": { path: "/desk/slips?parcel=1", status: 200 },
  "/desk/parcels.csv": { path: "/desk/parcels.csv", status: 303 },
};

/** What a stranger gets who sends something to an action of the site, or makes up Discord's answer. */
const actionRows: Readonly<
  Record<string, { readonly method: string; readonly path: string; readonly status: number }>
> = {
  "/sign-in": { method: "POST", path: "/sign-in", status: 403 },
  "/desk/sent": { method: "POST", path: "/desk/sent", status: 200 },
  "/sign-out": { method: "POST", path: "/sign-out", status: 303 },
  "/discord/callback": {
    method: "GET",
    path: "/discord/callback?code=stolen&state=guessed",
    status: 400,
  },
};

/** A stranger's request to each route of a public function, and the expected response. */
const publicRoutes: Readonly<
  Record<string, readonly { method: string; path: string; status: number }[]>
> = {
  "discord-interactions": [
    { method: "POST", path: "", status: 401 },
    { method: "GET", path: "", status: 405 },
  ],
  "stripe-webhook": [{ method: "POST", path: "", status: 400 }],
  "twitch-webhook": [{ method: "POST", path: "", status: 403 }],
  "shop-webhook": [
    // The body is not the form that Ko-fi posts.
    { method: "POST", path: "/kofi", status: 400 },
    { method: "POST", path: "/shopify", status: 401 },
    { method: "POST", path: "/other", status: 404 },
  ],
  "twitch-sign-in": [
    { method: "GET", path: "/twitch/callback?code=stolen&state=guessed", status: 400 },
    { method: "POST", path: "/twitch/callback", status: 405 },
  ],
  // Its pages only read, and their content is for everyone who has the address; the desk's is for builders.
  web: [
    ...Object.values(siteRows).flatMap(({ path, status }) => [
      { method: "GET", path, status },
      ...["POST", "PUT", "PATCH", "DELETE"].map((method) => ({ method, path, status: 405 })),
    ]),
    ...Object.values(actionRows).flatMap(({ method, path, status }) => [
      { method, path, status },
      ...["GET", "POST", "PUT", "PATCH", "DELETE"]
        .filter((other) => other !== method)
        .map((other) => ({ method: other, path, status: 405 })),
    ]),
  ],
};

const send = (name: string, path: string, method: string, headers: Record<string, string> = {}) =>
  cloud.fetch(`${cloud.functions.runUrl}/${name}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "POST" && { body: '{"type":1}' }),
    redirect: "manual",
  });
const stored = async () => (await everyDocument(cloud.firestore)).map(({ ref }) => ref.path).sort();

test("every public function has its routes here, and no other function is public", () => {
  expect(functionNames.filter(isPublic).sort()).toEqual(Object.keys(publicRoutes).sort());
});

test("every path of the site has a row, and every row has a path", () => {
  const rows = { ...siteRows, ...actionRows };
  expect(Object.keys(rows).sort()).toEqual(Object.keys(siteRoutes).sort());
});

describe.each(Object.entries(publicRoutes))("%s", (name, routes) => {
  test.each(routes)("answers a stranger's $method $path with $status", async (route) => {
    const before = await stored();
    expect((await send(name, route.path, route.method)).status).toBe(route.status);
    await cloud.settle();
    expect(await stored()).toEqual(before);
  });
});

describe.each(functionNames.filter((name) => !isPublic(name)))("%s", (name) => {
  const own = () => `${cloud.functions.runUrl}/${name}`;
  const anybody = "somebody@elsewhere.iam.gserviceaccount.com";
  const invoker = () => invokerEmail(name, cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "") || anybody;
  const tokenFor = (audience: string, email: string, clock = cloud.clock) => ({
    authorization: authorizationOf({ audience, email }, clock),
  });
  const statusOf = async (headers?: Record<string, string>) =>
    (await send(name, "", "POST", headers)).status;

  test("refuses callers without a token, with another function's, and of another account", async () => {
    // Functions that only Pub/Sub and Cloud Scheduler call are hidden from outside callers.
    const isInternal = ["topic", "schedule"].includes(triggerOf(name).kind);
    expect(await statusOf()).toBe(isInternal ? 404 : 403);
    expect(await statusOf(tokenFor(`${own()}-other`, invoker()))).toBe(401);
    expect(await statusOf(tokenFor(own(), anybody))).toBe(403);
  });

  test("refuses a token that has expired, or whose signature is not Google's", async () => {
    const longAgo = new LocalClock({ frozenAtMs: cloud.clock.nowMs() - 3_600_000 });
    expect(await statusOf(tokenFor(own(), invoker(), longAgo))).toBe(401);
    const { authorization } = tokenFor(own(), invoker());
    const [head = "", body = "", signature = ""] = authorization.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const later = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 }));
    for (const forged of [
      `${head}.${later.toString("base64url")}.${signature}`,
      `${head}.${body}.${"A".repeat(signature.length)}`,
      `${head}.${body}.SIGNATURE_REMOVED_BY_GOOGLE`,
      `Bearer ${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`,
      "Bearer nonsense",
      authorization.replace("Bearer", "Basic"),
    ]) {
      expect(await statusOf({ authorization: forged })).toBe(401);
    }
  });
});
