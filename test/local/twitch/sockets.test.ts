import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { WebSocket } from "ws";
import { CLIENT_ID, type OpenTwitch, openTwitch } from "./support.ts";

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const MINUTE_MS = 60_000;
const STRANGERS = ["2001", "2002", "2003", "2004", "2005"];

let open: OpenTwitch;

beforeEach(async () => {
  open = await openTwitch();
});
afterEach(() => open.close());

/** A user's token, as a device gets it. */
async function userToken(login = "ada") {
  const { body: device } = await open.post("/oauth2/device", { client_id: CLIENT_ID, scopes: "" });
  open.twitch.approveDevice(device.user_code, login);
  return open.post("/oauth2/token", {
    client_id: CLIENT_ID,
    device_code: device.device_code,
    grant_type: DEVICE_GRANT,
  });
}

/** A connection, with what it is sent one message after the other. */
async function connect(url = `${open.twitch.url.replace("http", "ws")}/ws`) {
  const socket = new WebSocket(url);
  const messages: Record<string, { [field: string]: unknown }>[] = [];
  const waiting: (() => void)[] = [];
  socket.on("message", (data) => {
    messages.push(JSON.parse(String(data)));
    waiting.shift()?.();
  });
  const closed = once(socket, "close").then(([code]) => code as number);
  const next = async () => {
    if (messages.length === 0) await new Promise<void>((arrived) => waiting.push(arrived));
    return messages.shift();
  };
  return { socket, next, closed };
}

async function welcomed(url?: string) {
  const connection = await connect(url);
  const welcome = await connection.next();
  const session = welcome?.["payload"]?.["session"] as { id: string };
  return { ...connection, welcome, sessionId: session.id };
}

async function subscribe(
  sessionId: string,
  token: string,
  broadcaster = "1337",
  type = "stream.online",
) {
  return open.helix("/eventsub/subscriptions", {
    method: "POST",
    token,
    json: {
      type,
      version: "1",
      condition: { broadcaster_user_id: broadcaster },
      transport: { method: "websocket", session_id: sessionId },
    },
  });
}

const typeOf = (message: Record<string, { [field: string]: unknown }> | undefined) =>
  message?.["metadata"]?.["message_type"];

describe("a user's token", () => {
  test("comes once the user has allowed the device, once", async () => {
    const { body: device } = await open.post("/oauth2/device", { client_id: CLIENT_ID });
    expect(device).toMatchObject({ expires_in: 1800, interval: 5 });
    expect(device.verification_uri).toContain(device.user_code);
    const form = {
      client_id: CLIENT_ID,
      grant_type: DEVICE_GRANT,
      device_code: device.device_code,
    };
    const early = await open.post("/oauth2/token", form);
    expect(early).toMatchObject({ status: 400, body: { message: "authorization_pending" } });
    open.twitch.approveDevice(device.user_code, "ada");
    const { body: token } = await open.post("/oauth2/token", form);
    expect(token).toMatchObject({ token_type: "bearer", scope: [], expires_in: 4 * 3600 });
    expect(await open.post("/oauth2/token", form)).toMatchObject({
      status: 400,
      body: { message: "invalid device code" },
    });
    const headers = { authorization: `OAuth ${token.access_token}` };
    const validated = await open.read(
      await fetch(`${open.twitch.url}/oauth2/validate`, { headers }),
    );
    expect(validated.body).toMatchObject({ login: "ada", user_id: "1337" });
  });

  test("is renewed by its refresh token, which serves once", async () => {
    const { body: token } = await userToken();
    const form = {
      client_id: CLIENT_ID,
      grant_type: "refresh_token",
      refresh_token: token.refresh_token,
    };
    const renewed = await open.post("/oauth2/token", form);
    expect(renewed.status).toBe(200);
    expect(renewed.body.access_token).not.toBe(token.access_token);
    expect((await open.post("/oauth2/token", form)).body.message).toBe("Invalid refresh token");
  });

  test("waits half an hour for the user, and no longer", async () => {
    const { body: device } = await open.post("/oauth2/device", { client_id: CLIENT_ID });
    await open.clock.advance(30 * MINUTE_MS);
    open.twitch.approveDevice(device.user_code, "ada");
    const answer = await open.post("/oauth2/token", {
      client_id: CLIENT_ID,
      grant_type: DEVICE_GRANT,
      device_code: device.device_code,
    });
    expect(answer.body.message).toBe("invalid device code");
  });
});

describe("EventSub over a WebSocket", () => {
  test("welcomes, notifies of what was asked for, and keeps the connection alive in between", async () => {
    const { body: token } = await userToken();
    const { next, welcome, sessionId } = await welcomed();
    expect(welcome?.["payload"]?.["session"]).toMatchObject({
      status: "connected",
      keepalive_timeout_seconds: 10,
      reconnect_url: null,
    });
    const { status, body } = await subscribe(sessionId, token.access_token);
    expect(status).toBe(202);
    expect(body).toMatchObject({ total: 1, total_cost: 0, max_total_cost: 10 });
    await open.clock.advance(10_000);
    expect(typeOf(await next())).toBe("session_keepalive");
    const stream = open.twitch.goLive("ada");
    const message = await next();
    expect(message?.["metadata"]).toMatchObject({
      message_type: "notification",
      subscription_type: "stream.online",
      subscription_version: "1",
      message_id: expect.stringMatching(/./),
    });
    expect(message?.["payload"]).toMatchObject({
      subscription: {
        status: "enabled",
        transport: { method: "websocket", session_id: sessionId },
      },
      event: { id: stream.id, broadcaster_user_login: "ada" },
    });
    expect(open.twitch.sockets.repeat(String(message?.["metadata"]?.["message_id"]))).toBe(true);
    expect(await next()).toEqual(message);
  });

  test("a reconnect takes the session along; the old connection stays half a minute", async () => {
    const { body: token } = await userToken();
    const old = await welcomed();
    await subscribe(old.sessionId, token.access_token);
    open.twitch.sockets.askToReconnect();
    const asked = await old.next();
    const session = asked?.["payload"]?.["session"] as { reconnect_url: string };
    expect(session).toMatchObject({ id: old.sessionId, status: "reconnecting" });
    const fresh = await welcomed(session.reconnect_url);
    expect(fresh.sessionId).toBe(old.sessionId);
    open.twitch.goLive("ada");
    expect(typeOf(await fresh.next())).toBe("notification");
    await open.clock.advance(30_000);
    expect(await old.closed).toBe(4004);
    const late = await connect(session.reconnect_url);
    expect(await late.closed).toBe(4007);
  });

  test("who asks for nothing within ten seconds, or sends something, is cut off", async () => {
    const idle = await welcomed();
    await open.clock.advance(10_000);
    expect(await idle.closed).toBe(4003);
    const talker = await welcomed();
    talker.socket.send("hello");
    expect(await talker.closed).toBe(4001);
  });

  test("a revocation says why; a connection's end ends its subscriptions", async () => {
    const { body: token } = await userToken();
    const { next, socket, closed, sessionId } = await welcomed();
    const { body } = await subscribe(sessionId, token.access_token);
    await subscribe(sessionId, token.access_token, "1337", "stream.offline");
    open.twitch.revoke(body.data[0].id, "authorization_revoked");
    const message = await next();
    expect(typeOf(message)).toBe("revocation");
    expect(message?.["payload"]).toMatchObject({
      subscription: { status: "authorization_revoked" },
    });
    socket.close();
    await closed;
    const list = await open.helix("/eventsub/subscriptions", { token: token.access_token });
    const states = list.body.data.map(({ status }: { status: string }) => status);
    expect(states).toEqual(["authorization_revoked", "websocket_disconnected"]);
  });

  test("refuses a wrong token, an unknown session, a second of its kind, and too much", async () => {
    const { body: token } = await userToken();
    const { sessionId } = await welcomed();
    const refused = async (...given: Parameters<typeof subscribe>) => {
      const { status, body } = await subscribe(...given);
      return [status, body.message];
    };
    const user = token.access_token;
    expect(await refused(sessionId, open.state.token)).toEqual([
      400,
      "invalid transport and auth combination",
    ]);
    expect((await refused("gone", user))[0]).toBe(400);
    expect((await subscribe(sessionId, user)).status).toBe(202);
    expect((await refused(sessionId, user))[0]).toBe(409);
    // Ten may cost something: two of each of five other channels.
    for (const id of STRANGERS) {
      open.twitch.addUser({ id, login: `user_${id}` });
      expect((await subscribe(sessionId, user, id)).status).toBe(202);
      expect((await subscribe(sessionId, user, id, "stream.offline")).status).toBe(202);
    }
    open.twitch.addUser({ id: "2009", login: "one_more" });
    expect((await refused(sessionId, user, "2009"))[0]).toBe(429);
  });
});
