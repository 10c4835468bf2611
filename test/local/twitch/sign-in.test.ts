import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CLIENT_ID, CLIENT_SECRET, type OpenTwitch, openTwitch } from "./support.ts";

const REDIRECT = "https://c500.example/twitch/callback";
const MINUTE_MS = 60_000;

let open: OpenTwitch;

beforeEach(async () => {
  open = await openTwitch({ redirectUris: [REDIRECT] });
});
afterEach(() => open.close());

const asked = {
  response_type: "code",
  client_id: CLIENT_ID,
  redirect_uri: REDIRECT,
  scope: "",
  state: "s-1",
};
const pageUrl = (change: Readonly<Record<string, string>> = {}) =>
  `${open.twitch.url}/oauth2/authorize?${new URLSearchParams({ ...asked, ...change })}`;
const codeIn = (location: string) => new URL(location).searchParams.get("code") ?? "";
const exchange = (code: string, change: Readonly<Record<string, string>> = {}) =>
  open.post("/oauth2/token", {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    code,
    grant_type: "authorization_code",
    redirect_uri: REDIRECT,
    ...change,
  });

describe("signing in by the page", () => {
  test("a browser that allows it is sent back with a code and the state", async () => {
    const page = await fetch(pageUrl());
    expect(await page.text()).toContain("Authorize as Ada");
    const body = new URLSearchParams({ login: "ada" });
    const init = { method: "POST", body, redirect: "manual" } as const;
    const answer = await fetch(pageUrl(), init);
    const location = new URL(answer.headers.get("location") ?? "");
    expect(`${location.origin}${location.pathname}`).toBe(REDIRECT);
    expect(location.searchParams.get("state")).toBe("s-1");
    expect((await exchange(codeIn(location.href))).status).toBe(200);
  });

  test("a browser that cancels is sent back with the reason", async () => {
    const init = { method: "POST", body: new URLSearchParams(), redirect: "manual" } as const;
    const location = new URL((await fetch(pageUrl(), init)).headers.get("location") ?? "");
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: "access_denied",
      error_description: "The user denied you access",
      state: "s-1",
    });
  });

  test.each([
    ["another application", { client_id: "other" }, "invalid client"],
    ["an address that is not registered", { redirect_uri: `${REDIRECT}/` }, "does not match"],
    ["another kind of response", { response_type: "token" }, "invalid response type"],
  ])("%s is shown no page", async (_case, change, message) => {
    const answer = await fetch(pageUrl(change));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(message);
  });
});

describe("the code", () => {
  test("buys a token that says whose it is, and nothing more", async () => {
    const { body } = await exchange(codeIn(open.twitch.signIn(pageUrl(), "ada")));
    const headers = { authorization: `OAuth ${body.access_token}` };
    const validated = await fetch(`${open.twitch.url}/oauth2/validate`, { headers });
    expect(await validated.json()).toMatchObject({ user_id: "1337", login: "ada", scopes: null });
    const asUser = { "client-id": CLIENT_ID, authorization: `Bearer ${body.access_token}` };
    const self = await fetch(`${open.twitch.url}/helix/users`, { headers: asUser });
    expect(await self.json()).toMatchObject({ data: [{ id: "1337", login: "ada" }] });
  });

  test("works once", async () => {
    const code = codeIn(open.twitch.signIn(pageUrl(), "ada"));
    expect((await exchange(code)).status).toBe(200);
    expect(await exchange(code)).toMatchObject({
      status: 400,
      body: { message: "Invalid authorization code" },
    });
  });

  test("ends after ten minutes", async () => {
    const code = codeIn(open.twitch.signIn(pageUrl(), "ada"));
    await open.clock.advance(10 * MINUTE_MS);
    expect((await exchange(code)).status).toBe(400);
  });

  test.each([
    ["no secret", { client_secret: "" }, 400],
    ["a wrong secret", { client_secret: "other" }, 403],
    ["another address than it was given for", { redirect_uri: `${REDIRECT}?x=1` }, 400],
    ["no code", { code: "" }, 400],
  ])("with %s buys nothing, and is still good afterwards", async (_case, change, status) => {
    const code = codeIn(open.twitch.signIn(pageUrl(), "ada"));
    expect((await exchange(code, change)).status).toBe(status);
    expect((await exchange(code)).status).toBe(200);
  });
});
