import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { SubscriptionStatus } from "../../../local/twitch/eventsub/subscription.ts";
import { subscriptionsWantedFor } from "../../../shared/twitch/event-subscriptions.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;

/** The secret is being rotated: both are accepted, and new subscriptions are created with the first. */
const EARLIER_SECRET = "an earlier secret";

beforeAll(async () => {
  const environment = { TWITCH_EVENTSUB_SECRET: `the secret of today, ${EARLIER_SECRET}` };
  cloud = await startTestCloud({ environment });
  people = shoppers(cloud);
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.faults.clear());

/** Calls the sweeper as Cloud Scheduler does; returns its status. */
async function sweep(): Promise<number> {
  const { status } = await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
  return status;
}

/** A registered builder, who therefore has subscriptions. */
async function builder() {
  const { id } = await people.builder({ isLive: false });
  const place = cloud.firestore.doc(`builders/${id}`);
  const twitchId = String((await place.get()).get("twitch_user_id"));
  const login = String((await place.get()).get("twitch_username"));
  return { id, twitchId, login, stored: async () => (await place.get()).data() };
}

const callback = () => cloud.url("twitch-webhook");
const of = (twitchId: string) =>
  cloud.twitch.subscriptions().filter(({ broadcasterId }) => broadcasterId === twitchId);
const states = (twitchId: string) =>
  of(twitchId)
    .map(({ type, status }) => `${type} ${status}`)
    .sort();
const PART = "subscriptions";
const HEALTHY = ["stream.offline enabled", "stream.online enabled"];

async function helix(method: string, path: string, body?: object): Promise<Response> {
  const { settings } = cloud;
  const form = {
    client_id: settings.TWITCH_CLIENT_ID ?? "",
    client_secret: settings.TWITCH_CLIENT_SECRET ?? "",
    grant_type: "client_credentials",
  };
  const answer = await cloud.fetch(`${settings.TWITCH_AUTH_BASE_URL}/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return cloud.fetch(`${settings.TWITCH_API_BASE_URL}/eventsub/subscriptions${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "client-id": form.client_id,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function subscribe(twitchId: string, type: string, url: string, secret = "of somebody") {
  const answer = await helix("POST", "", {
    type,
    version: "1",
    condition: { broadcaster_user_id: twitchId },
    transport: { method: "webhook", callback: url, secret },
  });
  const { data } = (await answer.json()) as { data: readonly { id: string }[] };
  return data[0]?.id ?? "";
}

async function loseAll(twitchId: string): Promise<void> {
  for (const { id } of of(twitchId)) await helix("DELETE", `?id=${id}`);
}

function revoke(twitchId: string, type: string, reason: SubscriptionStatus): void {
  const found = of(twitchId).find((one) => one.type === type && one.status === "enabled");
  cloud.twitch.revoke(found?.id ?? "", reason);
}

const calls = (method: string) =>
  cloud.twitch
    .events()
    .filter((event) => event.kind === "request" && event.method === method)
    .filter((event) => "path" in event && event.path.includes("/eventsub/subscriptions")).length;

const noticesAbout = (twitchId: string) =>
  cloud.discord
    .messages(cloud.settings.DISCORD_OPERATORS_CHANNEL_ID ?? "")
    .flatMap(({ embeds }) => embeds[0]?.description ?? [])
    .filter((text) => text.includes(`Twitch user ${twitchId}`));

describe("the sweeper keeps the subscriptions of builders", () => {
  test("missing ones are created again, once, and work", async () => {
    const { twitchId, login, stored } = await builder();
    await loseAll(twitchId);
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual(HEALTHY);
    cloud.twitch.goLive(login);
    await cloud.settle();
    expect(await stored()).toMatchObject({ is_live: true });
    const posts = calls("POST");
    expect(await sweep()).toBe(204);
    expect(calls("POST")).toBe(posts);
    expect(of(twitchId)).toHaveLength(subscriptionsWantedFor(twitchId).length);
  });

  test("those with an earlier secret are created again with the current one, and deleted only afterwards", async () => {
    const { twitchId, login, stored } = await builder();
    await loseAll(twitchId);
    for (const { type } of subscriptionsWantedFor(twitchId)) {
      await subscribe(twitchId, type, `${callback()}?secret=earlier`, EARLIER_SECRET);
    }
    await cloud.settle();
    expect(states(twitchId)).toEqual(HEALTHY);
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual([...HEALTHY, ...HEALTHY].sort());
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual(HEALTHY);
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual(HEALTHY);
    cloud.twitch.goLive(login);
    await cloud.settle();
    expect(await stored()).toMatchObject({ is_live: true });
  });

  test("many that Twitch ended at once are reported once, in one message", async () => {
    const channels = [await builder(), await builder()];
    const operation = /deliver revocation/;
    cloud.faults.add({ target: "twitch", operation, fault: { kind: "drop" } });
    for (const { twitchId } of channels) {
      for (const { type } of subscriptionsWantedFor(twitchId)) {
        revoke(twitchId, type, "version_removed");
      }
    }
    const operators = cloud.settings.DISCORD_OPERATORS_CHANNEL_ID ?? "";
    const titles = () =>
      cloud.discord.messages(operators).flatMap(({ embeds }) => embeds[0]?.title ?? []);
    const before = titles().length;
    for (let sweeps = 0; sweeps < 2; sweeps += 1) expect(await sweep()).toBe(204);
    expect(titles().slice(before)).toEqual(["Twitch ended 4 EventSub subscriptions"]);
  });

  test("a stream that started without a subscription is detected when it is created again", async () => {
    const { twitchId, login, stored } = await builder();
    await loseAll(twitchId);
    await cloud.clock.advance(10 * 60_000);
    const stream = cloud.twitch.goLive(login);
    expect(await sweep()).toBe(204);
    expect(await stored()).toMatchObject({ is_live: true, live_stream_id: stream.id });
  });

  test.each(["notification_failures_exceeded", "beta_maintenance"] as const)(
    "one that ended as %s is deleted and created again",
    async (reason) => {
      const { twitchId } = await builder();
      revoke(twitchId, "stream.online", reason);
      await cloud.settle();
      expect(await sweep()).toBe(204);
      expect(states(twitchId)).toEqual(HEALTHY);
      expect(noticesAbout(twitchId)).toHaveLength(1);
    },
  );

  test("one whose callback did not answer the challenge is created again", async () => {
    const { twitchId } = await builder();
    await loseAll(twitchId);
    const challenge = /deliver webhook_callback_verification/;
    cloud.faults.add({ target: "twitch", operation: challenge, fault: { kind: "drop" } });
    await sweep();
    expect(states(twitchId)).toEqual(
      HEALTHY.map((one) => one.replace("enabled", "webhook_callback_verification_failed")),
    );
    cloud.faults.clear();
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual(HEALTHY);
  });

  test("one that waits for its challenge is not duplicated", async () => {
    const { twitchId } = await builder();
    await loseAll(twitchId);
    const challenge = /deliver webhook_callback_verification/;
    const fault = { kind: "delay", ms: 60_000 } as const;
    cloud.faults.add({ target: "twitch", operation: challenge, fault });
    await sweep();
    const posts = calls("POST");
    await sweep();
    expect(states(twitchId)).toEqual(
      HEALTHY.map((one) => one.replace("enabled", "webhook_callback_verification_pending")),
    );
    expect(calls("POST")).toBe(posts);
    await cloud.clock.advance(60_000);
    await cloud.settle();
    expect(states(twitchId)).toEqual(HEALTHY);
  });

  test("two concurrent sweeps create each once", async () => {
    const { twitchId } = await builder();
    await loseAll(twitchId);
    expect(await Promise.all([sweep(), sweep()])).toEqual([204, 204]);
    expect(states(twitchId)).toEqual(HEALTHY);
  });
});

describe("what only a person can fix", () => {
  test("a revoked permission is reported once, and requested again only when the builder registers", async () => {
    const { id, twitchId, login } = await builder();
    revoke(twitchId, "stream.online", "authorization_revoked");
    await cloud.settle();
    const posts = calls("POST");
    expect([await sweep(), await sweep()]).toEqual([204, 204]);
    expect(calls("POST")).toBe(posts);
    expect(noticesAbout(twitchId)).toHaveLength(1);
    expect(noticesAbout(twitchId)[0]).toContain("/c500 register");

    await people.register(id, login);
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual(HEALTHY);
  });

  test("a revocation whose message was lost is reported by the sweeper", async () => {
    const { twitchId } = await builder();
    cloud.faults.add({
      target: "twitch",
      operation: /deliver revocation/,
      fault: { kind: "drop" },
    });
    revoke(twitchId, "stream.offline", "user_removed");
    await cloud.settle();
    expect(noticesAbout(twitchId)).toHaveLength(0);
    await sweep();
    await sweep();
    expect(noticesAbout(twitchId)).toHaveLength(1);
    expect(noticesAbout(twitchId)[0]).toContain("user_removed");
  });

  test("a refusal is reported once and does not affect other builders", async () => {
    const gone = await builder();
    const stranger = "1";
    await cloud.firestore.doc(`builders/${gone.id}`).update({ twitch_user_id: stranger });
    const other = await builder();
    await loseAll(other.twitchId);
    expect([await sweep(), await sweep()]).toEqual([204, 204]);
    expect(states(other.twitchId)).toEqual(HEALTHY);
    expect(noticesAbout(stranger)).toHaveLength(1);
    await cloud.firestore.doc(`builders/${gone.id}`).delete();
  });
});

describe("leftover subscriptions", () => {
  test("subscriptions of former builders are deleted, those with another callback are not", async () => {
    const { id, twitchId } = await builder();
    const elsewhere = await subscribe(twitchId, "stream.online", `${callback()}-of-another`);
    await cloud.firestore.doc(`builders/${id}`).delete();
    expect(await sweep()).toBe(204);
    expect(of(twitchId).map(({ id: kept }) => kept)).toEqual([elsewhere]);
  });
});

describe("trouble", () => {
  test("while Twitch is down the other parts of the sweep continue, and a later sweep repairs the subscriptions", async () => {
    const { twitchId } = await builder();
    const { id: seller } = await people.builder();
    const dropId = await people.drop(seller);
    await loseAll(twitchId);
    const lost = { kind: "drop" } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch reservation-end/, fault: lost });
    const { interactionId: orderId } = await people.buyNow(people.person(), dropId);
    cloud.faults.add({ target: "twitch", fault: { kind: "fail", code: 503 } });
    const earlier = cloud.logLines.length;
    await cloud.clock.advance(60 * 60_000);
    expect(await sweep()).toBe(500);
    const failed = cloud.logLines.slice(earlier).filter((line) => line.includes("A part of"));
    expect(new Set(failed.map((line) => JSON.parse(line).part))).toEqual(new Set([PART]));
    expect(await people.order(orderId)).toMatchObject({ fulfillment_status: "expired" });
    cloud.faults.clear();
    expect(await sweep()).toBe(204);
    expect(states(twitchId)).toEqual(HEALTHY);
  });

  test("more than one run may create are created by the next runs, none twice", async () => {
    const ids = Array.from({ length: 60 }, (_, index) => String(5_000_000 + index));
    for (const id of ids) {
      cloud.twitch.addUser({ id, login: `many_${id}` });
      await cloud.firestore.doc(`builders/1${id}`).set({ twitch_user_id: id });
    }
    const posts = calls("POST");
    const healthy = () => ids.filter((id) => states(id).join() === HEALTHY.join()).length;
    expect(await sweep()).toBe(204);
    expect(healthy()).toBe(50);
    // The failure stops the second run before its first builder; the third starts there.
    const down = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "twitch", operation: /GET .*streams/, fault: down, times: 3 });
    expect(await sweep()).toBe(500);
    expect(healthy()).toBe(50);
    expect(await sweep()).toBe(204);
    expect(healthy()).toBe(60);
    expect(calls("POST") - posts).toBe(2 * ids.length);
  });
});
