import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CLIENT_ID, CLIENT_SECRET, type OpenTwitch, openTwitch } from "./support.ts";

const DAY_MS = 24 * 3_600_000;

let open: OpenTwitch;

beforeEach(async () => {
  open = await openTwitch();
});
afterEach(() => open.close());

describe("app tokens", () => {
  const good = {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    grant_type: "client_credentials",
  };

  test("the client credentials buy a bearer token for sixty days", async () => {
    const { status, body } = await open.post("/oauth2/token", good);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^\w{30}$/),
      expires_in: (60 * DAY_MS) / 1000,
      token_type: "bearer",
    });
  });

  test.each([
    ["no client id", { client_id: "" }, 400, "missing client id"],
    ["an unknown client", { client_id: "other" }, 400, "invalid client"],
    ["no secret", { client_secret: "" }, 400, "missing client secret"],
    ["a wrong secret", { client_secret: "other" }, 403, "invalid client secret"],
    ["no grant type", { grant_type: "" }, 400, "missing grant type"],
    ["another grant type", { grant_type: "password" }, 400, "invalid grant type"],
  ])("%s buys nothing", async (_case, change, status, message) => {
    const answer = await open.post("/oauth2/token", { ...good, ...change });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ status, message });
  });

  test("credentials that are not sent as a form are not seen", async () => {
    const init = { method: "POST", body: JSON.stringify(good) };
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${open.twitch.url}/oauth2/token`, { ...init, headers });
    expect(answer.status).toBe(400);
  });

  test("a token ends when its time has come", async () => {
    await open.clock.advance(60 * DAY_MS - 60_000);
    expect((await open.helix("/users?login=ada")).status).toBe(200);
    await open.clock.advance(60_000);
    const { status, body } = await open.helix("/users?login=ada");
    expect(status).toBe(401);
    expect(body).toEqual({ error: "Unauthorized", status: 401, message: "Invalid OAuth token" });
  });

  test("invalidated tokens are refused, and a new one is good", async () => {
    open.twitch.invalidateTokens();
    expect((await open.helix("/users?login=ada")).status).toBe(401);
    open.state.token = await open.newToken();
    expect((await open.helix("/users?login=ada")).status).toBe(200);
  });

  test("validation returns the client and the remaining time", async () => {
    const validate = async (authorization: string) =>
      open.read(await fetch(`${open.twitch.url}/oauth2/validate`, { headers: { authorization } }));
    await open.clock.advance(DAY_MS);
    const { status, body } = await validate(`OAuth ${open.state.token}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ client_id: CLIENT_ID, scopes: null });
    expect(Math.abs(body.expires_in - (59 * DAY_MS) / 1000)).toBeLessThan(30);
    expect((await validate("OAuth other")).body).toEqual({
      status: 401,
      message: "invalid access token",
    });
  });

  test("a revoked token is worth nothing, and cannot be revoked again", async () => {
    const form = { client_id: CLIENT_ID, token: open.state.token };
    expect((await open.post("/oauth2/revoke", form)).status).toBe(200);
    expect((await open.helix("/users?login=ada")).status).toBe(401);
    expect((await open.post("/oauth2/revoke", form)).status).toBe(400);
  });
});
