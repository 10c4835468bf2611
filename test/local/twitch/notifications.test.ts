import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { expectedSignature, openCallback } from "./callback.ts";
import {
  EVENTSUB_SECRET,
  letRetriesPass,
  type OpenTwitch,
  openTwitch,
  subscribe,
} from "./support.ts";

const MINUTE_MS = 60_000;

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

const notifications = () => callback.ofType("notification");
const broadcaster = {
  broadcaster_user_id: "1337",
  broadcaster_user_login: "ada",
  broadcaster_user_name: "Ada",
};

describe("notifications", () => {
  test("of a stream's beginning and end carry its id and are signed over the raw body", async () => {
    const onlineId = await subscribe(open, callback.url, "stream.online");
    await subscribe(open, callback.url, "stream.offline");
    const stream = open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    open.twitch.endStream("ada");
    await open.twitch.whenIdle();

    const [online, offline] = notifications();
    expect(online?.body).toEqual({
      subscription: expect.objectContaining({
        id: onlineId,
        status: "enabled",
        type: "stream.online",
        transport: { method: "webhook", callback: callback.url },
      }),
      event: {
        id: stream.id,
        ...broadcaster,
        type: "live",
        started_at: `${new Date(stream.startedAtMs).toISOString().slice(0, 19)}Z`,
      },
    });
    expect(offline?.body.event).toEqual({ id: stream.id, ...broadcaster });
    for (const message of notifications()) {
      expect(message.headers).toMatchObject({
        "content-type": "application/json",
        "twitch-eventsub-message-id": expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
        "twitch-eventsub-message-retry": "0",
        "twitch-eventsub-message-type": "notification",
        "twitch-eventsub-message-signature": expectedSignature(message, EVENTSUB_SECRET),
        "twitch-eventsub-message-timestamp": expect.stringMatching(/T\d\d:\d\d:\d\d\.\d{9}Z$/),
        "twitch-eventsub-subscription-type": message.body.subscription.type,
        "twitch-eventsub-subscription-version": "1",
      });
    }
    const sentAt = String(online?.headers["twitch-eventsub-message-timestamp"]);
    expect(Math.abs(Date.parse(sentAt) - open.clock.nowMs())).toBeLessThan(10_000);
  });

  test("of a channel's update are of version 2", async () => {
    await subscribe(open, callback.url, "channel.update");
    open.twitch.updateChannel("ada", { title: "Soldering", gameName: "Keyboards" });
    await open.twitch.whenIdle();
    const [message] = notifications();
    expect(message?.headers["twitch-eventsub-subscription-version"]).toBe("2");
    expect(message?.body.event).toEqual({
      ...broadcaster,
      title: "Soldering",
      language: "en",
      category_id: expect.stringMatching(/^\d+$/),
      category_name: "Keyboards",
      content_classification_labels: [],
    });
  });

  test("go only to who subscribed to that broadcaster and type", async () => {
    open.twitch.addUser({ id: "7", login: "bob" });
    await subscribe(open, callback.url, "stream.offline");
    open.twitch.goLive("bob");
    open.twitch.endStream("bob");
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    expect(notifications()).toEqual([]);
  });

  test("come again under the same id, with the same bytes, until they are answered by 2xx", async () => {
    await subscribe(open, callback.url, "stream.online");
    callback.answer = (message) => ({ status: Number(message.retry) < 2 ? 503 : 200 });
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    expect(notifications()).toHaveLength(1);
    await letRetriesPass(open);
    expect(notifications().map(({ retry }) => retry)).toEqual(["0", "1", "2"]);
    expect(new Set(notifications().map(({ id }) => id)).size).toBe(1);
    expect(new Set(notifications().map(({ rawBody }) => String(rawBody))).size).toBe(1);
    expect(open.twitch.events().slice(-1)).toMatchObject([
      { kind: "message", retry: 2, result: 200 },
    ]);
  });

  test("that nobody takes are given up within the ten minutes of their age", async () => {
    await subscribe(open, callback.url, "stream.online");
    callback.answer = () => ({ status: 500 });
    open.twitch.goLive("ada");
    await letRetriesPass(open);
    expect(notifications()).toHaveLength(5);
    const tries = open.twitch.events().filter(({ kind }) => kind === "message");
    const lastMs = tries.at(-1)?.atMs ?? 0;
    expect(lastMs - (tries.at(-5)?.atMs ?? 0)).toBeLessThan(10 * MINUTE_MS);
  });

  test("can be repeated as they were, and unknown ones cannot", async () => {
    await subscribe(open, callback.url, "stream.online");
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    const [first] = notifications();
    const sent = await open.twitch.repeat(first?.id ?? "");
    expect(sent).toEqual({ messageId: first?.id, result: 204 });
    const [, second] = notifications();
    expect(second?.rawBody).toEqual(first?.rawBody);
    expect(second?.headers["twitch-eventsub-message-signature"]).toBe(
      first?.headers["twitch-eventsub-message-signature"],
    );
    expect(() => open.twitch.repeat("other")).toThrow("There is no message other.");
  });
});

describe("the end of a subscription", () => {
  test("is sent with its reason, signed, and nothing follows it", async () => {
    const id = await subscribe(open, callback.url, "stream.online");
    open.twitch.revoke(id, "authorization_revoked");
    await open.twitch.whenIdle();
    const [message] = callback.ofType("revocation");
    expect(message?.body).toEqual({
      subscription: expect.objectContaining({ id, status: "authorization_revoked", cost: 0 }),
    });
    expect(message?.headers["twitch-eventsub-message-signature"]).toBe(
      message && expectedSignature(message, EVENTSUB_SECRET),
    );
    open.twitch.goLive("ada");
    await open.twitch.whenIdle();
    expect(notifications()).toEqual([]);
    expect(() => open.twitch.revoke(id, "user_removed")).toThrow("no active subscription");
  });

  test("comes by itself after many failures in a row", async () => {
    await subscribe(open, callback.url, "stream.online");
    callback.answer = (message) =>
      message.type === "revocation" ? { status: 204 } : { status: 500 };
    for (let stream = 0; stream < 5; stream += 1) {
      expect(open.twitch.subscriptions()).toMatchObject([{ status: "enabled" }]);
      open.twitch.goLive("ada");
      await letRetriesPass(open);
      open.twitch.endStream("ada");
    }
    expect(open.twitch.subscriptions()).toMatchObject([
      { status: "notification_failures_exceeded" },
    ]);
    expect(callback.ofType("revocation")).toHaveLength(1);
  });

  test("does not come as long as one of them succeeds now and then", async () => {
    await subscribe(open, callback.url, "stream.online");
    callback.answer = ({ retry }) => ({ status: retry === "4" ? 200 : 500 });
    for (let stream = 0; stream < 8; stream += 1) {
      open.twitch.goLive("ada");
      await letRetriesPass(open);
      open.twitch.endStream("ada");
    }
    expect(notifications()).toHaveLength(40);
    expect(open.twitch.subscriptions()).toMatchObject([{ status: "enabled" }]);
  });
});

describe("messages made by hand", () => {
  const body = JSON.stringify({ event: { id: "1" } });

  test("are signed like Twitch's own", async () => {
    const sent = await open.twitch.send(callback.url, {
      secret: EVENTSUB_SECRET,
      type: "stream.online",
      body,
    });
    expect(sent).toEqual({ messageId: callback.messages[0]?.id, result: 204 });
    const [message] = notifications();
    expect(message?.headers["twitch-eventsub-message-signature"]).toBe(
      message && expectedSignature(message, EVENTSUB_SECRET),
    );
    expect(message?.rawBody.toString()).toBe(body);
  });

  test("can be malformed in every way, and return the callback's response", async () => {
    callback.answer = () => ({ status: 403 });
    const sent = await open.twitch.send(callback.url, {
      secret: EVENTSUB_SECRET,
      type: "stream.online",
      body,
      messageType: "revocation",
      messageId: "old-one",
      timestamp: "2020-01-01T00:00:00.000000000Z",
      signature: "sha256=00",
    });
    expect(sent).toEqual({ messageId: "old-one", result: 403 });
    expect(callback.messages[0]?.headers).toMatchObject({
      "twitch-eventsub-message-id": "old-one",
      "twitch-eventsub-message-type": "revocation",
      "twitch-eventsub-message-timestamp": "2020-01-01T00:00:00.000000000Z",
      "twitch-eventsub-message-signature": "sha256=00",
    });
  });
});
