import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ANN, APPLICATION, CLIENT_SECRET, REDIRECT, startWorld, type World } from "./world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const VERIFIER = "v".repeat(43);

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const asked = {
  response_type: "code",
  client_id: APPLICATION,
  redirect_uri: REDIRECT,
  scope: "identify",
  state: "s-1",
  code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
  code_challenge_method: "S256",
};
const pageUrl = (change: Readonly<Record<string, string>> = {}) =>
  `${world.discord.url}/oauth2/authorize?${new URLSearchParams({ ...asked, ...change })}`;
const signIn = () => codeIn(world.discord.signIn(pageUrl(), ANN));
const codeIn = (location: string) => new URL(location).searchParams.get("code") ?? "";

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  const body = new URLSearchParams({
    client_id: APPLICATION,
    client_secret: CLIENT_SECRET,
    ...form,
  });
  const response = await fetch(`${world.discord.url}/api/oauth2/${path}`, { method: "POST", body });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

const exchange = (code: string, change: Readonly<Record<string, string>> = {}) =>
  post("token", {
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...change,
  });

const whoIs = (token: unknown) =>
  world.call("GET", "/users/@me", undefined, { authorization: `Bearer ${String(token)}` });

describe("signing in by the page", () => {
  test("a browser that allows it is sent back with a code and the state", async () => {
    const versioned = pageUrl().replace("/oauth2/", "/api/oauth2/");
    expect(await (await fetch(versioned)).text()).toContain("Authorize as ann");
    const body = new URLSearchParams({ user: ANN });
    const answer = await fetch(pageUrl(), { method: "POST", body, redirect: "manual" });
    const location = new URL(answer.headers.get("location") ?? "");
    expect(`${location.origin}${location.pathname}`).toBe(REDIRECT);
    expect(location.searchParams.get("state")).toBe("s-1");
    expect((await exchange(codeIn(location.href))).status).toBe(200);
  });

  test("a browser that cancels is sent back with the reason", async () => {
    const init = { method: "POST", body: new URLSearchParams(), redirect: "manual" } as const;
    const location = new URL((await fetch(pageUrl(), init)).headers.get("location") ?? "");
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: "access_denied",
      state: "s-1",
    });
  });

  test.each([
    ["another application", { client_id: "77" }, "Unknown Application"],
    ["an address that is not registered", { redirect_uri: `${REDIRECT}/` }, "redirect_uri"],
    ["another kind of response", { response_type: "token" }, "unsupported_response_type"],
    ["a scope that is not simulated", { scope: "identify email" }, "invalid_scope"],
    ["a plain challenge", { code_challenge_method: "plain" }, "code_challenge_method"],
  ])("%s is shown no page", async (_case, change, message) => {
    const answer = await fetch(pageUrl(change));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(message);
  });
});

describe("the code", () => {
  test("buys a token that says who it is, and nothing more", async () => {
    const { body } = await exchange(signIn());
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 604_800, scope: "identify" });
    const self = await whoIs(body["access_token"]);
    const user = (await self.json()) as object;
    expect(user).toMatchObject({ id: ANN, username: "ann" });
    expect(user).not.toHaveProperty("email");
    const headers = { authorization: `Bearer ${String(body["access_token"])}` };
    expect((await world.call("GET", `/users/${ANN}`, undefined, headers)).status).toBe(401);
  });

  test("works once", async () => {
    const code = signIn();
    expect((await exchange(code)).status).toBe(200);
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("ends after ten minutes", async () => {
    const code = signIn();
    await world.clock.advance(10 * MINUTE_MS);
    expect((await exchange(code)).status).toBe(400);
  });

  test.each([
    ["no secret", { client_secret: "" }, 401, "invalid_client"],
    ["a wrong secret", { client_secret: "other" }, 401, "invalid_client"],
    ["another address", { redirect_uri: `${REDIRECT}?x=1` }, 400, "invalid_request"],
    ["another verifier", { code_verifier: "w".repeat(43) }, 400, "invalid_grant"],
    ["no code", { code: "" }, 400, "invalid_grant"],
    ["another kind of grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
  ])("with %s buys nothing, and is still good afterwards", async (_case, change, status, error) => {
    const code = signIn();
    expect(await exchange(code, change)).toMatchObject({ status, body: { error } });
    expect((await exchange(code)).status).toBe(200);
  });

  test("buys nothing by a JSON body", async () => {
    const body = { grant_type: "authorization_code", code: signIn(), redirect_uri: REDIRECT };
    expect((await world.call("POST", "/oauth2/token", body)).status).toBe(415);
  });
});

describe("a token", () => {
  test("ends after a week", async () => {
    const { body } = await exchange(signIn());
    await world.clock.advance(7 * DAY_MS);
    expect((await whoIs(body["access_token"])).status).toBe(401);
  });

  test("that is revoked ends with every other one of the same user", async () => {
    const [one, other] = [await exchange(signIn()), await exchange(signIn())];
    expect(world.discord.validTokens()).toBe(2);
    const token = String(one.body["access_token"]);
    expect((await post("token/revoke", { token, client_secret: "other" })).status).toBe(401);
    expect((await post("token/revoke", { token })).status).toBe(200);
    expect((await whoIs(other.body["access_token"])).status).toBe(401);
    expect(world.discord.validTokens()).toBe(0);
    expect((await post("token/revoke", { token })).status).toBe(200);
  });

  test("of the application itself shows that the secret is right", async () => {
    const form = { grant_type: "client_credentials", scope: "identify" };
    expect((await post("token", form)).status).toBe(200);
    expect((await post("token", { ...form, client_secret: "other" })).status).toBe(401);
  });
});

test("too many calls for tokens are refused like any others", async () => {
  await world.stop();
  world = await startWorld({ rateLimits: true });
  const statuses = [];
  for (let call = 0; call < 51; call += 1) statuses.push((await exchange("none")).status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
});

test("an external program can sign a user in", async () => {
  const response = await fetch(`${world.discord.url}/control/sign-ins`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url: pageUrl(), user: ANN }),
  });
  const { location } = (await response.json()) as { location: string };
  expect((await exchange(codeIn(location))).status).toBe(200);
});
