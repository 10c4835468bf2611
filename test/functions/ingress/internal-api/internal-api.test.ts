import { describe, expect, test } from "@jest/globals";
import { community, seeder, useCloud } from "../../../support/cloud.ts";

const cloud = await useCloud();
const seed = seeder(cloud);

interface Answer {
  status: number;
  /** The fields of a success. */
  message?: string;
  /** The fields of a refusal or failure. */
  error?: string;
}

async function trigger(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await cloud.fetch(`${cloud.url("internal-api")}/api/internal/go-live-trigger`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
}

const TEN_MINUTES_MS = 10 * 60_000;

const ask = (builderId: string, context: string, headers = {}) =>
  trigger({ builder_discord_id: builderId, live_context: context }, headers);

describe("the go-live trigger", () => {
  test("has put the orders on the workbench and notified their buyers when it answers", async () => {
    const builder = await seed.builder();
    const [one, two] = [await seed.order(builder.id), await seed.order(builder.id)];
    const { status, message } = await ask(builder.id, `orders:${one.id},${two.id}`);
    expect(status).toBe(200);
    for (const { id, buyerId } of [one, two]) {
      expect(message).toContain(`${id}: ✅`);
      expect(cloud.discord.dms(buyerId)).toHaveLength(1);
      const order = (await cloud.firestore.doc(`orders/${id}`).get()).data();
      expect(order).toMatchObject({ fulfillment_status: "building" });
    }
  });

  test.each([
    ["chat", community.generalChannelId],
    ["drop", community.marketplaceChannelId],
  ])("has posted the %s announcement when it answers", async (context, channelId) => {
    const builder = await seed.builder();
    const before = cloud.discord.messages(channelId).length;
    const { status, message } = await ask(builder.id, context);
    expect(status).toBe(200);
    expect(message).toContain(`<#${channelId}>`);
    expect(cloud.discord.messages(channelId)).toHaveLength(before + 1);
  });

  test("announces nothing when a call is repeated after its builder was suspended", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    const key = { "idempotency-key": "before-they-were-suspended" };
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST .*\/messages$/, fault });
    expect((await ask(builder.id, "drop", key)).status).toBe(500);
    cloud.faults.clear();
    await cloud.firestore.doc(`builders/${builder.id}`).update({ standing: "suspended" });
    const before = cloud.discord.messages(community.marketplaceChannelId).length;
    const { status, error } = await ask(builder.id, "drop", key);
    expect(status).toBe(403);
    expect(error).toContain("has suspended you");
    expect(cloud.discord.messages(community.marketplaceChannelId)).toHaveLength(before);
  });

  test("answers 404 for someone who is not a builder", async () => {
    expect(await ask("300000000000000009", "chat")).toMatchObject({ status: 404 });
  });

  test("answers 409 for a builder who is not live", async () => {
    const builder = await seed.builder({ isLive: false });
    const { status, error } = await ask(builder.id, "chat");
    expect(status).toBe(409);
    expect(error).toContain("You are not currently live on Twitch.");
  });

  test("answers 503 while Twitch does not answer", async () => {
    const builder = await seed.builder();
    const operation = /GET \/helix\/streams/;
    cloud.faults.add({ target: "twitch", operation, fault: { kind: "fail", code: 500 } });
    expect(await ask(builder.id, "chat")).toMatchObject({ status: 503 });
    cloud.faults.clear();
  });

  test("answers 502 and names who can help when Discord does not let us post", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    const { guildId, marketplaceChannelId: id } = community;
    cloud.discord.addChannel({ id, guildId, name: "marketplace", botMay: { viewChannel: false } });
    const { status, error } = await ask(builder.id, "drop");
    cloud.discord.addChannel({ id, guildId, name: "marketplace" });
    expect(status).toBe(502);
    expect(error).toContain("Ask a server admin");
    expect(await ask(builder.id, "drop")).toMatchObject({ status: 200 });
  });

  test("repeated with its Idempotency-Key changes nothing; with another key, the stream is not announced again", async () => {
    const builder = await seed.builder();
    const count = () => cloud.discord.messages(community.generalChannelId).length;
    const before = count();
    const first = await ask(builder.id, "chat", { "idempotency-key": "k1" });
    expect(await ask(builder.id, "chat", { "idempotency-key": "k1" })).toEqual(first);
    expect(count()).toBe(before + 1);
    const { status, error } = await ask(builder.id, "chat", { "idempotency-key": "k2" });
    expect(status).toBe(409);
    expect(error).toContain("already announced this stream");
    expect(count()).toBe(before + 1);
  });

  test("answers 409 to a second drop alert within ten minutes, and says when the next one is possible", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const [one, other] = [await seed.builder(), await seed.builder()];
    expect(await ask(one.id, "drop")).toMatchObject({ status: 200 });
    const { status, error } = await ask(other.id, "drop");
    expect(status).toBe(409);
    expect(error).toMatch(/The next one is possible <t:\d+:R>/);
    await cloud.clock.advance(TEN_MINUTES_MS);
    expect(await ask(other.id, "drop")).toMatchObject({ status: 200 });
  });
});

describe("bad requests", () => {
  test.each([
    ["not JSON", {}, 400],
    ["JSON with another content type", { "content-type": "text/plain" }, 400],
    ["a body declared as compressed", { "content-encoding": "gzip" }, 415],
  ])("%s is answered with an error in JSON", async (_what, headers, status) => {
    const answer = await trigger("{oops", headers);
    expect(answer).toMatchObject({ status, error: expect.stringMatching(/.{10}/) });
  });

  test.each([
    ["no body", ""],
    ["not JSON", "{oops"],
    ["a list", []],
    ["no builder", { live_context: "chat" }],
    ["a number for the builder", { builder_discord_id: 5, live_context: "chat" }],
    ["a path for the builder", { builder_discord_id: "../x", live_context: "chat" }],
    ["no context", { builder_discord_id: "1" }],
    ["an unknown context", { builder_discord_id: "1", live_context: "party" }],
    ["control characters", { builder_discord_id: "1", live_context: "order:a\u0000" }],
  ])("%s is answered with 400", async (_what, body) => {
    expect(await trigger(body)).toEqual({
      status: 400,
      error: expect.stringMatching(/.{10}/),
      code: expect.stringMatching(/^bad-(request|context)$/),
    });
  });

  test.each([
    [404, "/api/internal/nothing", "POST"],
    [405, "/api/internal/go-live-trigger", "GET"],
    [405, "/api/internal/create-checkout", "DELETE"],
  ])("are answered with %i and an error in JSON: %s by %s", async (status, path, method) => {
    const response = await cloud.fetch(`${cloud.url("internal-api")}${path}`, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: expect.stringMatching(/.{8}/),
      code: status === 404 ? "no-route" : "wrong-method",
    });
  });
});
