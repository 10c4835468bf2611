import { randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { type Builder, seeder, useCloud } from "../../support/cloud.ts";

const cloud = await useCloud();
const callback = cloud.url("twitch-webhook");
const secret = cloud.settings.TWITCH_EVENTSUB_SECRET ?? "";
const seed = seeder(cloud);

const iso = (ms: number) => new Date(ms).toISOString();

function onlineBody(builder: Builder, streamId = "1"): string {
  const event = {
    id: streamId,
    broadcaster_user_id: builder.twitchId,
    broadcaster_user_login: builder.login,
    broadcaster_user_name: builder.login,
    type: "live",
    started_at: iso(cloud.clock.nowMs()),
  };
  return JSON.stringify({ subscription: { type: "stream.online", version: "1" }, event });
}

function offlineBody(builder: Builder): string {
  const event = {
    broadcaster_user_id: builder.twitchId,
    broadcaster_user_login: builder.login,
    broadcaster_user_name: builder.login,
  };
  return JSON.stringify({ subscription: { type: "stream.offline", version: "1" }, event });
}

/** Sends a Twitch message built by hand and lets everything settle; returns the response's status. */
async function send(type: string, body: string, over: object = {}): Promise<unknown> {
  const { result } = await cloud.twitch.send(callback, { secret, type, body, ...over });
  await cloud.settle();
  return result;
}

async function statusOf(builder: Builder): Promise<Record<string, unknown>> {
  return (await cloud.firestore.doc(`builders/${builder.id}`).get()).data() ?? {};
}

describe("a message that is not from Twitch", () => {
  test.each([
    ["a forged signature", { signature: `sha256=${"0".repeat(64)}` }],
    ["a signature by another secret", { secret: "another secret" }],
    ["a truncated signature", { signature: "sha256=ab" }],
    ["no signature", { signature: "" }],
  ])("%s is answered with 403 and changes nothing", async (_what, over) => {
    const builder = await seed.builder();
    expect(await send("stream.online", onlineBody(builder), over)).toBe(403);
    expect(await statusOf(builder)).toEqual({
      twitch_username: builder.login,
      standing: "approved",
    });
  });

  test("a message older than ten minutes is refused, a slightly newer one is accepted", async () => {
    const builder = await seed.builder();
    const aged = (ms: number) => ({ timestamp: iso(cloud.clock.nowMs() - ms) });
    const accepted = () =>
      cloud.logLines.filter((line) => line.includes('"event":"webhook-accepted"')).length;
    const before = accepted();
    expect(await send("stream.online", onlineBody(builder), aged(10 * 60_000 + 1000))).toBe(403);
    expect(await statusOf(builder)).toEqual({
      twitch_username: builder.login,
      standing: "approved",
    });
    expect(accepted()).toBe(before);
    expect(await send("stream.online", onlineBody(builder), aged(9 * 60_000))).toBe(204);
    expect(await statusOf(builder)).toMatchObject({ is_live: true });
    expect(accepted()).toBe(before + 1);
  });

  test("a message more than five minutes ahead is refused, one slightly less ahead is accepted", async () => {
    const builder = await seed.builder();
    const ahead = (ms: number) => ({ timestamp: iso(cloud.clock.nowMs() + ms) });
    expect(await send("stream.online", onlineBody(builder), ahead(5 * 60_000 + 1000))).toBe(403);
    expect(await statusOf(builder)).toEqual({
      twitch_username: builder.login,
      standing: "approved",
    });
    expect(await send("stream.online", onlineBody(builder), ahead(4 * 60_000))).toBe(204);
    expect(await statusOf(builder)).toMatchObject({ is_live: true });
  });

  test("a time with nanoseconds, as Twitch sends it, is accepted", async () => {
    const builder = await seed.builder();
    const timestamp = iso(cloud.clock.nowMs()).replace("Z", "123456Z");
    expect(await send("stream.online", onlineBody(builder), { timestamp })).toBe(204);
  });

  test("a signed time that JavaScript parses but that is not RFC 3339 is refused", async () => {
    const builder = await seed.builder();
    for (const timestamp of [
      new Date(cloud.clock.nowMs()).toUTCString(),
      String(cloud.clock.nowMs()),
      iso(cloud.clock.nowMs()).replace("Z", ""),
    ]) {
      expect(await send("stream.online", onlineBody(builder), { timestamp })).toBe(403);
    }
  });

  test.each(["yesterday", "", "NaN"])("the time %p is refused", async (timestamp) => {
    const builder = await seed.builder();
    expect(await send("stream.online", onlineBody(builder), { timestamp })).toBe(403);
  });

  test("a signed message that is not JSON is answered with 4xx", async () => {
    const result = await send("stream.online", "{not json");
    expect(result).toBe(400);
  });

  test("a body of ten megabytes is refused before it is hashed", async () => {
    const response = await cloud.fetch(callback, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ padding: "x".repeat(10_000_000) }),
    });
    expect(response.status).toBe(413);
  });

  test("an empty body is refused", async () => {
    expect((await cloud.fetch(callback, { method: "POST" })).status).toBe(403);
  });
});

describe("subscriptions", () => {
  test("the challenge is returned as text/plain, so that Twitch enables the subscription", async () => {
    const builder = await seed.builder({ isLive: false });
    const subscription = await subscribe(builder, "stream.online");
    await cloud.settle();
    const [kept] = cloud.twitch.subscriptions().filter(({ id }) => id === subscription);
    expect(kept?.status).toBe("enabled");
  });

  test("a revocation is reported to the operators once, however often it is delivered", async () => {
    const builder = await seed.builder();
    const body = JSON.stringify({
      subscription: {
        type: "stream.online",
        status: "user_removed",
        condition: { broadcaster_user_id: builder.twitchId },
      },
    });
    const over = { messageType: "revocation", messageId: randomUUID() };
    expect(await send("stream.online", body, over)).toBe(204);
    expect(await send("stream.online", body, over)).toBe(204);
    const notices = cloud.discord
      .messages(cloud.settings.DISCORD_OPERATORS_CHANNEL_ID ?? "")
      .filter(({ embeds }) => embeds[0]?.description?.includes(builder.twitchId));
    expect(notices).toHaveLength(1);
    expect(notices[0]?.embeds[0]?.description).toContain("user_removed");
  });
});

describe("stream-status: a builder's live status", () => {
  test("follows Twitch's messages from the start of a stream to its end", async () => {
    const builder = await seed.builder({ isLive: false });
    // Otherwise the sweeper would delete the subscriptions, because no builder owns them.
    const place = cloud.firestore.doc(`builders/${builder.id}`);
    await place.update({ twitch_user_id: builder.twitchId });
    await subscribe(builder, "stream.online");
    await subscribe(builder, "stream.offline");
    const stream = cloud.twitch.goLive(builder.login);
    await cloud.settle();
    expect(await statusOf(builder)).toMatchObject({ is_live: true, live_stream_id: stream.id });
    await cloud.clock.advance(3_600_000);
    cloud.twitch.endStream(builder.login);
    await cloud.settle();
    expect(await statusOf(builder)).toMatchObject({ is_live: false, live_stream_id: null });
  });

  test("is that of the newest message, whatever the order of delivery, and redeliveries change nothing", async () => {
    const builder = await seed.builder();
    const startMs = cloud.clock.nowMs() - 60_000;
    const at = (ms: number, messageId: string) => ({ timestamp: iso(startMs + ms), messageId });
    await send("stream.offline", offlineBody(builder), at(30_000, randomUUID()));
    const online = at(0, randomUUID());
    await send("stream.online", onlineBody(builder), online);
    await send("stream.online", onlineBody(builder), online);
    expect(await statusOf(builder)).toMatchObject({ is_live: false });
  });

  test("is updated for a builder known by name only, whose Twitch id is not stored yet", async () => {
    const builder = await seed.builder();
    await send("stream.online", onlineBody(builder, "77"));
    expect(await statusOf(builder)).toMatchObject({ is_live: true, live_stream_id: "77" });
  });

  test("is updated for a builder whose stored name has the channel's capitals", async () => {
    const builder = await seed.builder();
    const name = builder.login.toUpperCase();
    await cloud.firestore.doc(`builders/${builder.id}`).set({ twitch_username: name });
    const body = onlineBody(builder).replace(
      `"broadcaster_user_name":"${builder.login}"`,
      `"broadcaster_user_name":"${name}"`,
    );
    await send("stream.online", body);
    expect(await statusOf(builder)).toMatchObject({ is_live: true });
  });

  test("of a channel that belongs to no builder is acknowledged and ignored", async () => {
    const stranger = { id: "", twitchId: "424242", login: "stranger" };
    expect(await send("stream.online", onlineBody(stranger))).toBe(204);
  });
});

/** Subscribes as setup does, through Helix with an app token; returns the subscription's id. */
async function subscribe(builder: Builder, type: string): Promise<string> {
  const { settings } = cloud;
  const token = await cloud.fetch(`${settings.TWITCH_AUTH_BASE_URL}/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: settings.TWITCH_CLIENT_ID ?? "",
      client_secret: settings.TWITCH_CLIENT_SECRET ?? "",
      grant_type: "client_credentials",
    }),
  });
  const { access_token: accessToken } = (await token.json()) as { access_token: string };
  const created = await cloud.fetch(`${settings.TWITCH_API_BASE_URL}/eventsub/subscriptions`, {
    method: "POST",
    headers: {
      "client-id": settings.TWITCH_CLIENT_ID ?? "",
      authorization: `Bearer ${accessToken}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      type,
      version: "1",
      condition: { broadcaster_user_id: builder.twitchId },
      transport: { method: "webhook", callback, secret },
    }),
  });
  const { data } = (await created.json()) as { data: { id: string }[] };
  await cloud.settle();
  return data[0]?.id ?? "";
}
