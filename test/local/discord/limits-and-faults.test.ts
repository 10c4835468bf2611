import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  ANN,
  APPLICATION,
  CHANNEL,
  GUILD,
  refusalOf,
  startWorld,
  TOKEN,
  type World,
} from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld({ rateLimits: true });
});
afterEach(() => world.stop());

const MESSAGES = `/channels/${CHANNEL}/messages` as const;
const say = (content = "x", path: string = MESSAGES) => world.call("POST", path, { content });
const statuses = async (calls: readonly Promise<Response>[]) =>
  (await Promise.all(calls)).map(({ status }) => status);
const times = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));

describe("rate limits", () => {
  test("five messages in five seconds per channel, as the headers say", async () => {
    const first = await say();
    const headers = Object.fromEntries(first.headers);
    expect(headers).toMatchObject({ "x-ratelimit-limit": "5", "x-ratelimit-remaining": "4" });
    expect(headers["x-ratelimit-bucket"]).toMatch(/^[0-9a-f]{32}$/);
    const resetAfter = Number(headers["x-ratelimit-reset-after"]);
    expect(resetAfter).toBeGreaterThan(4.5);
    expect(resetAfter).toBeLessThanOrEqual(5);
    const resetsInMs = Number(headers["x-ratelimit-reset"]) * 1000 - world.clock.nowMs();
    expect(Math.abs(resetsInMs - resetAfter * 1000)).toBeLessThan(500);

    expect(await statuses(times(4, () => say()))).toEqual([200, 200, 200, 200]);
    const refused = await say();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.headers.get("x-ratelimit-scope")).toBe("user");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.headers.has("x-ratelimit-global")).toBe(false);
    const body = (await refused.json()) as { retry_after: number };
    expect(body).toMatchObject({ message: "You are being rate limited.", global: false });
    expect(body.retry_after).toBeLessThanOrEqual(5);
    expect(world.discord.messages(CHANNEL)).toHaveLength(5);

    await world.clock.advance(body.retry_after * 1000);
    expect((await say()).status).toBe(200);
  });

  test("are counted separately for each channel, and for edits", async () => {
    const other = "500000000000000030";
    world.discord.addChannel({ id: other, guildId: GUILD });
    const { id } = (await (await say()).json()) as { id: string };
    await statuses(times(4, () => say()));
    expect((await say("x", `/channels/${other}/messages`)).status).toBe(200);
    const edit = () => world.call("PATCH", `${MESSAGES}/${id}`, { content: "y" });
    expect(await statuses(times(6, edit))).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test("fifty calls a second in all, not counting answers to interactions", async () => {
    const read = () => world.call("GET", "/users/@me");
    // Enough calls to exceed the limit even on a slow machine, which takes seconds for them.
    const all = await Promise.all(times(200, read));
    expect(all.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(50);
    const refused = all.find(({ status }) => status === 429) ?? Response.error();
    expect(refused.headers.get("x-ratelimit-global")).toBe("true");
    expect(refused.headers.get("x-ratelimit-scope")).toBe("global");
    expect(await refused.json()).toMatchObject({ global: true });
    const { token } = await world.discord.client.command(world.endpoint.url, {
      user: ANN,
      channelId: CHANNEL,
      name: "hello",
    });
    const path = `/webhooks/${APPLICATION}/${token}/messages/@original`;
    expect((await world.call("PATCH", path, { content: "hi" })).status).toBe(200);
    await world.clock.advance(1_000);
    expect((await read()).status).toBe(200);
  });

  test("few edits of a message older than an hour", async () => {
    const { id } = (await (await say()).json()) as { id: string };
    const edit = () => world.call("PATCH", `${MESSAGES}/${id}`, { content: "y" });
    await world.clock.advance(3_600_000 + 1_000);
    expect(await statuses(times(3, edit))).toEqual([200, 200, 200]);
    const refused = await edit();
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: 30046 }]);
    await world.clock.advance(20_000);
    expect((await edit()).status).toBe(200);
  });

  test("that the headers announce are obeyed by the client itself", async () => {
    const ids: string[] = [];
    for (const _ of times(6, String)) {
      ids.push(((await (await say()).json()) as { id: string }).id);
      await world.clock.advance(1_000);
    }
    await Promise.all(ids.map((id) => world.rest.delete(`${MESSAGES}/${id}`)));
    expect(world.discord.messages(CHANNEL)).toEqual([]);
    expect(world.discord.events().filter(({ kind }) => kind === "call-refused")).toEqual([]);
  });
});

describe("a caller", () => {
  test.each([
    ["without a token", { authorization: "" }],
    ["with another bot's token", { authorization: "Bot other" }],
    ["with a token of another kind", { authorization: `Bearer ${TOKEN}` }],
  ])("%s is refused with 401", async (_what, headers) => {
    const answer = await world.call("POST", MESSAGES, { content: "x" }, headers);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { message: "401: Unauthorized", code: 0 },
    ]);
  });

  test("without a User-Agent is refused with 403", async () => {
    const answer = Promise.withResolvers<number | undefined>();
    const headers = { authorization: `Bot ${TOKEN}` };
    request(`${world.discord.url}/api/v10/users/@me`, { headers }, (response) => {
      response.resume();
      answer.resolve(response.statusCode);
    }).end();
    expect(await answer.promise).toBe(403);
  });

  test("a request for something that does not exist gets 404", async () => {
    expect(await refusalOf(world.rest.get("/nothing"))).toMatchObject({ status: 404, code: 0 });
    const stranger = `/webhooks/${APPLICATION}/no-such-token/messages/@original` as const;
    const edit = world.rest.patch(stranger, { body: { content: "x" }, auth: false });
    expect(await refusalOf(edit)).toMatchObject({ status: 404, code: 10015 });
  });
});

describe("planned faults", () => {
  const plan = (fault: Parameters<World["faults"]["add"]>[0]["fault"], times = 1) =>
    world.faults.add({
      target: "discord",
      operation: /^POST \/channels\/\d+\/messages$/,
      fault,
      times,
    });
  const send = () =>
    world.rest.post(MESSAGES, { body: { content: "once", nonce: "n", enforce_nonce: true } });
  const contents = () => world.discord.messages(CHANNEL).map(({ content }) => content);

  test.each([
    ["a 429", { kind: "fail", code: 429, retryAfterMs: 0 }],
    ["a 502", { kind: "fail", code: 502 }],
    ["a connection that breaks before", { kind: "drop" }],
    ["a connection that breaks after", { kind: "lose-answer" }],
  ] as const)("after %s the message exists once, at most after a retry", async (_what, fault) => {
    plan(fault);
    if (fault.kind === "fail") await send();
    else await send().catch(() => send());
    expect(contents()).toEqual(["once"]);
  });

  test("a permanent failure reaches the caller, and nothing is done", async () => {
    plan({ kind: "fail", code: 503 }, Number.POSITIVE_INFINITY);
    await expect(send()).rejects.toThrow("Service Unavailable");
    expect(contents()).toEqual([]);
  });

  test("a 429 says how long to wait", async () => {
    plan({ kind: "fail", code: 429, retryAfterMs: 2_500 });
    const answer = await say();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(answer.headers.get("x-ratelimit-reset-after")).toBe("2.500");
    expect(await answer.json()).toMatchObject({ retry_after: 2.5 });
  });

  test("a delay passes by the clock", async () => {
    plan({ kind: "delay", ms: 60_000 });
    const sending = say();
    while (world.clock.nextDueMs() === undefined) await new Promise(setImmediate);
    expect(contents()).toEqual([]);
    await world.clock.advance(60_000);
    expect((await sending).status).toBe(200);
  });

  test.each([
    ["dropped", { kind: "drop" }, 0, "failed"],
    ["delivered twice", { kind: "duplicate", copies: 2 }, 2, "answered"],
    ["answered in vain", { kind: "lose-answer" }, 1, "failed"],
  ] as const)("an interaction can be %s", async (_what, fault, deliveries, state) => {
    world.faults.add({ target: "discord", operation: /^deliver \/hello$/, fault });
    const use = { user: ANN, channelId: CHANNEL, name: "hello" };
    expect((await world.discord.client.command(world.endpoint.url, use)).state).toBe(state);
    expect(world.endpoint.received).toHaveLength(deliveries);
  });
});
