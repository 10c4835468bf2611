import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type CallbackAnswer, expectedSignature, openCallback, wellMade } from "./callback.ts";
import { EVENTSUB_SECRET, type OpenTwitch, openTwitch, subscribe } from "./support.ts";

const PENDING = "webhook_callback_verification_pending";

let open: OpenTwitch;
let callback: Awaited<ReturnType<typeof openCallback>>;

beforeEach(async () => {
  open = await openTwitch();
  callback = await openCallback();
});
afterEach(async () => {
  await open.close();
  await callback.stop();
});

/** The body of a call that subscribes to a type with this callback. */
function wish(type = "stream.online", transport: object = {}) {
  return {
    type,
    version: type === "channel.update" ? "2" : "1",
    condition: { broadcaster_user_id: "1337" },
    transport: { method: "webhook", callback: callback.url, secret: EVENTSUB_SECRET, ...transport },
  };
}

const create = (json: unknown = wish()) =>
  open.helix("/eventsub/subscriptions", { method: "POST", json });
const list = (query = "") => open.helix(`/eventsub/subscriptions${query}`);
const statusNow = () => open.twitch.subscriptions().map(({ status }) => status);

describe("subscribing", () => {
  test("is taken by 202 and pending until the callback has returned the challenge", async () => {
    let release = (_answer: CallbackAnswer) => {};
    callback.answer = () => new Promise((resolve) => (release = resolve));
    const { status, body } = await create();
    expect(status).toBe(202);
    const nanoseconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    const subscription = {
      id: expect.any(String),
      status: PENDING,
      type: "stream.online",
      version: "1",
      condition: { broadcaster_user_id: "1337" },
      transport: { method: "webhook", callback: callback.url },
      created_at: nanoseconds,
      cost: 1,
    };
    const totals = { total: 1, total_cost: 1, max_total_cost: 10_000 };
    expect(body).toEqual({ data: [subscription], ...totals });
    expect((await list()).body).toEqual({ data: [subscription], ...totals, pagination: {} });

    const [challenge] = await received(1);
    expect(challenge?.type).toBe("webhook_callback_verification");
    expect(challenge?.body).toEqual({ subscription, challenge: expect.any(String) });
    expect(challenge?.headers["twitch-eventsub-message-signature"]).toBe(
      challenge && expectedSignature(challenge, EVENTSUB_SECRET),
    );
    if (challenge) release(wellMade(challenge));
    await open.twitch.whenIdle();
    expect(statusNow()).toEqual(["enabled"]);
  });

  test.each<[string, (challenge: string) => CallbackAnswer]>([
    ["another body", (body) => ({ status: 200, contentType: "text/plain", body: `${body}\n` })],
    [
      "the challenge in quotes",
      (body) => ({ status: 200, contentType: "text/plain", body: `"${body}"` }),
    ],
    ["JSON", (body) => ({ status: 200, contentType: "application/json", body })],
    ["no content type", (body) => ({ status: 200, body })],
    ["a refusal", (body) => ({ status: 403, contentType: "text/plain", body })],
    ["a redirection", (body) => ({ status: 302, contentType: "text/plain", body })],
  ])("fails when the callback answers the challenge with %s", async (_case, answer) => {
    callback.answer = ({ body }) => answer(body.challenge);
    await subscribe(open, callback.url, "stream.online");
    expect(statusNow()).toEqual(["webhook_callback_verification_failed"]);
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    expect(callback.ofType("notification")).toEqual([]);
    callback.answer = wellMade;
    expect((await create()).status).toBe(202);
  });

  test("fails when the callback has not answered within ten seconds", async () => {
    callback.answer = () => new Promise(() => {});
    await create();
    await received(1);
    await open.clock.advance(10_000);
    await open.twitch.whenIdle();
    expect(statusNow()).toEqual(["webhook_callback_verification_failed"]);
  });

  test("a second time to the same is answered by 409", async () => {
    await subscribe(open, callback.url, "stream.online");
    const { status, body } = await create();
    expect(status).toBe(409);
    expect(body).toEqual({
      error: "Conflict",
      status: 409,
      message: "subscription already exists",
    });
  });

  test("to the same with other callbacks is allowed three times", async () => {
    for (const path of ["/1", "/2", "/3"]) {
      const { status } = await create(wish("stream.online", { callback: callback.url + path }));
      expect(status).toBe(202);
    }
    expect((await create(wish("stream.online", { callback: `${callback.url}/4` }))).status).toBe(
      429,
    );
    expect((await create(wish("stream.offline"))).status).toBe(202);
  });

  test("beyond the total cost is answered by 429, until one is deleted", async () => {
    const poor = await openTwitch({ maxTotalCost: 1 });
    const post = (type: string) =>
      poor.helix("/eventsub/subscriptions", { method: "POST", json: wish(type) });
    const { body } = await post("stream.online");
    expect((await post("stream.offline")).status).toBe(429);
    const path = `/eventsub/subscriptions?id=${body.data[0].id}`;
    expect((await poor.helix(path, { method: "DELETE" })).status).toBe(204);
    expect((await post("stream.offline")).status).toBe(202);
    await poor.twitch.whenIdle();
    await poor.close();
  });

  test.each<[string, () => unknown]>([
    ["an unknown type", () => wish("stream.paused")],
    ["a version there is not", () => ({ ...wish(), version: "2" })],
    ["no condition", () => ({ ...wish(), condition: {} })],
    ["a broadcaster there is not", () => ({ ...wish(), condition: { broadcaster_user_id: "1" } })],
    ["a session instead of a webhook", () => wish("stream.online", { method: "websocket" })],
    ["a callback without TLS", () => wish("stream.online", { callback: "http://c500.test/" })],
    [
      "a callback on another port",
      () => wish("stream.online", { callback: "https://c500.test:8443/" }),
    ],
    ["a callback that is no address", () => wish("stream.online", { callback: "c500" })],
    ["a secret that is too short", () => wish("stream.online", { secret: "123456789" })],
    ["a secret that is too long", () => wish("stream.online", { secret: "x".repeat(101) })],
    ["a secret outside of ASCII", () => wish("stream.online", { secret: "schlüssel-wort" })],
    ["no object", () => "stream.online"],
  ])("with %s is answered by 400", async (_case, json) => {
    const { status, body } = await create(json());
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: "Bad Request", status: 400 });
    expect(open.twitch.subscriptions()).toEqual([]);
  });

  test("without a token is answered by 401", async () => {
    open.twitch.invalidateTokens();
    expect((await create()).status).toBe(401);
  });
});

describe("the list of subscriptions", () => {
  test("can be filtered by one of status, type and user", async () => {
    await subscribe(open, callback.url, "stream.online");
    callback.answer = () => ({ status: 500 });
    await subscribe(open, callback.url, "stream.offline");
    const types = async (query: string) =>
      (await list(query)).body.data.map(({ type }: { type: string }) => type);
    expect(await types("?status=enabled")).toEqual(["stream.online"]);
    expect(await types("?type=stream.offline")).toEqual(["stream.offline"]);
    expect(await types("?user_id=1337")).toHaveLength(2);
    expect(await types("?user_id=7")).toEqual([]);
    expect((await list("?user_id=1337&type=stream.online")).status).toBe(400);
  });

  test("goes on after a hundred", async () => {
    for (let id = 1; id <= 101; id += 1) {
      open.twitch.addUser({ id: String(id), login: `user${id}` });
      const condition = { broadcaster_user_id: String(id) };
      await create({ ...wish(), condition });
    }
    const first = (await list()).body;
    expect(first.data).toHaveLength(100);
    expect(first.total).toBe(101);
    expect((await list(`?after=${first.pagination.cursor}`)).body.data).toHaveLength(1);
    await open.twitch.whenIdle();
  });

  test("removes deleted subscriptions, which receive nothing more", async () => {
    const id = await subscribe(open, callback.url, "stream.online");
    const remove = (query: string) =>
      open.helix(`/eventsub/subscriptions${query}`, { method: "DELETE" });
    expect((await remove(`?id=${id}`)).status).toBe(204);
    expect((await remove(`?id=${id}`)).status).toBe(404);
    expect((await remove("")).status).toBe(400);
    expect((await list()).body.total).toBe(0);
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    expect(callback.ofType("notification")).toEqual([]);
  });
});

describe("the cost", () => {
  test("of a subscription that has ended is nothing", async () => {
    const id = await subscribe(open, callback.url, "stream.online");
    expect((await list()).body.total_cost).toBe(1);
    open.twitch.revoke(id, "user_removed");
    await open.twitch.whenIdle();
    expect((await list()).body.total_cost).toBe(0);
  });
});

/** The first `count` messages, once the callback has got so many. */
async function received(count: number) {
  while (callback.messages.length < count) await new Promise((done) => setImmediate(done));
  return callback.messages.slice(0, count);
}
