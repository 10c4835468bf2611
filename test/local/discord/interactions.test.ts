import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { APIMessage } from "discord-api-types/v10";
import { verifyKey } from "discord-interactions";
import {
  ANN,
  APPLICATION,
  BEN,
  CHANNEL,
  GUILD,
  refusalOf,
  startWorld,
  type World,
} from "./world.ts";

const EPHEMERAL = 64;
const LOADING = 128;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const live = (more = {}) =>
  world.discord.client.command(world.endpoint.url, {
    user: ANN,
    channelId: CHANNEL,
    name: "c500 live",
    options: { context: "chat" },
    ...more,
  });
const answerWith = (body: unknown) => {
  world.endpoint.answer = () => ({ body });
};
const original = (token: string) => `/webhooks/${APPLICATION}/${token}/messages/@original` as const;
const edit = (token: string, body: object) =>
  world.rest.patch(original(token), { body, auth: false }) as Promise<APIMessage>;
const seen = (id: string) => world.discord.interaction(id);

describe("an interaction", () => {
  test("is signed over timestamp and body with the application's key", async () => {
    const startedAt = Math.floor(world.clock.nowMs() / 1000);
    await live();
    const [received] = world.endpoint.received;
    const raw = received?.raw ?? "";
    const signature = String(received?.headers["x-signature-ed25519"]);
    const timestamp = String(received?.headers["x-signature-timestamp"]);
    const { publicKey } = world.discord;
    expect(await verifyKey(raw, signature, timestamp, publicKey)).toBe(true);
    expect(await verifyKey(raw, signature, `${timestamp}0`, publicKey)).toBe(false);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(startedAt);
    expect(Number(timestamp)).toBeLessThanOrEqual(Math.floor(world.clock.nowMs() / 1000));
  });

  test("names a member and the server in a server, a user in a DM", async () => {
    const dm = (await world.rest.post("/users/@me/channels", { body: { recipient_id: ANN } })) as {
      id: string;
    };
    await live({ locale: "de" });
    await live({ channelId: dm.id });
    const [inGuild, inDm] = world.endpoint.received.map(({ body }) => body);
    expect(inGuild).toMatchObject({
      type: 2,
      application_id: APPLICATION,
      version: 1,
      guild_id: GUILD,
      channel_id: CHANNEL,
      member: { user: { id: ANN, username: "ann" } },
      locale: "de",
      guild_locale: "de",
      context: 0,
      entitlements: [],
      authorizing_integration_owners: { "0": GUILD },
      data: { name: "c500" },
    });
    expect(inDm).toMatchObject({ user: { id: ANN }, context: 1, channel: { type: 1 } });
    expect([inGuild?.user, inDm?.member, inDm?.guild_id]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(new Set([inGuild?.id, inDm?.id, inGuild?.token, inDm?.token]).size).toBe(4);
  });
});

describe("a deferred answer", () => {
  test("is shown as thinking until its original is edited, and keeps its visibility", async () => {
    answerWith({ type: 5, data: { flags: EPHEMERAL } });
    const { id, token, original: thinking } = await live();
    expect(thinking?.flags).toBe(LOADING | EPHEMERAL);
    const message = await edit(token, { content: `done <@${ANN}> <@${BEN}> @everyone` });
    expect(message).toMatchObject({ flags: EPHEMERAL, edited_timestamp: null });
    expect(message.mentions.map((user) => user.id)).toEqual([ANN, BEN]);
    expect(seen(id)?.original).toMatchObject({ content: message.content, onlyFor: ANN });
    expect(seen(id)?.original?.pinged).toEqual({ users: [ANN], roles: [], everyone: false });
    expect(world.discord.messages(CHANNEL)).toEqual([]);
    const publicPath = `/channels/${CHANNEL}/messages/${message.id}` as const;
    expect((await refusalOf(world.rest.get(publicPath))).code).toBe(10008);
  });

  test("can be edited again within its limits", async () => {
    const { id, token } = await live();
    await edit(token, { content: "first" });
    await edit(token, { content: "second" });
    expect(seen(id)?.original).toMatchObject({ content: "second" });
    expect((await refusalOf(edit(token, { content: "x".repeat(2001) }))).code).toBe(50035);
  });

  test("ends 15 minutes after the interaction", async () => {
    const { token } = await live();
    await world.clock.advance(15 * 60_000 - 1_000);
    await edit(token, { content: "in time" });
    await world.clock.advance(2_000);
    expect(await refusalOf(edit(token, { content: "late" }))).toMatchObject({
      status: 401,
      code: 50027,
    });
  });
});

describe("the first answer", () => {
  test("has three seconds: then the user sees a failure and the token is invalid", async () => {
    const arrived = Promise.withResolvers<string>();
    const held = Promise.withResolvers<void>();
    world.endpoint.answer = async ({ body }) => {
      arrived.resolve(body.token);
      await held.promise;
      return { body: { type: 5 } };
    };
    const running = live();
    const token = await arrived.promise;
    expect(await refusalOf(edit(token, { content: "too early" }))).toMatchObject({
      status: 404,
      code: 10015,
    });
    await world.clock.advance(3_000);
    const failed = await running;
    expect(failed).toMatchObject({
      state: "failed",
      failure: expect.stringContaining("3 seconds"),
    });
    held.resolve();
    expect(await refusalOf(edit(token, { content: "too late" }))).toMatchObject({
      status: 404,
      code: 10015,
    });
  });

  test("that shows at once pings users, but by default no roles or everyone", async () => {
    answerWith({ type: 4, data: { content: `@everyone <@&500000000000000020> <@${BEN}>` } });
    await live();
    expect(world.discord.messages(CHANNEL)).toMatchObject([
      { type: 20, pinged: { users: [BEN], roles: [], everyone: false } },
    ]);
  });

  const modal = (more = {}) => ({
    type: 9,
    data: { custom_id: "m", title: "T", components: [], ...more },
  });
  test.each([
    ["no JSON", { body: "hello" }],
    ["another content type", { contentType: "text/plain", body: { type: 5 } }],
    ["another status", { status: 500, body: { type: 5 } }],
    ["a PONG", { body: { type: 1 } }],
    ["an update of no message", { body: { type: 7, data: { content: "x" } } }],
    ["choices", { body: { type: 8, data: { choices: [] } } }],
    ["a deferral with other flags", { body: { type: 5, data: { flags: 32_768 } } }],
    ["an empty message", { body: { type: 4, data: {} } }],
    ["a long message", { body: { type: 4, data: { content: "x".repeat(2001) } } }],
    ["an unknown type", { body: { type: 99 } }],
    ["a modal without fields", { body: modal() }],
    ["a modal with a long title", { body: modal({ title: "T".repeat(46) }) }],
  ])("is a failure when it is %s", async (_what, answer) => {
    world.endpoint.answer = () => answer;
    const { state, original: message, failure } = await live();
    expect([state, message, typeof failure]).toEqual(["failed", undefined, "string"]);
    expect(world.discord.messages(CHANNEL)).toEqual([]);
    expect(world.discord.events().map(({ kind }) => kind)).toEqual([
      "interaction-sent",
      "interaction-failed",
    ]);
  });
});

describe("autocomplete", () => {
  const type = () =>
    world.discord.client.autocomplete(world.endpoint.url, {
      user: ANN,
      channelId: CHANNEL,
      name: "c500 live",
      options: { orders: "cs_" },
      focused: "orders",
    });
  const choices = (count: number, choice: object) =>
    answerWith({ type: 8, data: { choices: Array.from({ length: count }, () => choice) } });

  test("names the option being typed and shows up to 25 choices", async () => {
    choices(25, { name: "n".repeat(100), value: "v".repeat(100) });
    const { response } = await type();
    expect(response).toMatchObject({ type: 8, data: { choices: { length: 25 } } });
    expect(world.endpoint.received[0]?.body.data.options?.[0]?.options).toEqual([
      { name: "orders", type: 3, value: "cs_", focused: true },
    ]);
  });

  test.each([
    ["26 choices", 26, { name: "n", value: "v" }],
    ["a long name", 1, { name: "n".repeat(101), value: "v" }],
    ["a long value", 1, { name: "n", value: "v".repeat(101) }],
    ["a value of another type", 1, { name: "n", value: 1 }],
  ])("fails with %s", async (_what, count, choice) => {
    choices(count, choice);
    expect((await type()).state).toBe("failed");
  });
});

test("an endpoint is saved only if it answers a PING and refuses forged ones", async () => {
  const { discord, endpoint, rest } = world;
  const save = () =>
    rest.patch("/applications/@me", { body: { interactions_endpoint_url: endpoint.url } });
  answerWith({ type: 1 });
  await expect(discord.verifyEndpoint(endpoint.url)).rejects.toThrow("Forged PING: answered 200");
  expect((await refusalOf(save())).fields).toEqual([
    "interactions_endpoint_url APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
  ]);
  endpoint.answer = async ({ raw, headers }) => {
    const signature = String(headers["x-signature-ed25519"]);
    const timestamp = String(headers["x-signature-timestamp"]);
    const good = await verifyKey(raw, signature, timestamp, discord.publicKey);
    return good ? { body: { type: 1 } } : { status: 401, body: "" };
  };
  await discord.verifyEndpoint(endpoint.url);
  expect(await save()).toMatchObject({ interactions_endpoint_url: endpoint.url });
});
