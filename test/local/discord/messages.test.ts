import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { APIChannel, APIMessage } from "discord-api-types/v10";
import {
  ANN,
  APPLICATION,
  BEN,
  CHANNEL,
  GUILD,
  ROLE,
  refusalOf,
  startWorld,
  type World,
} from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const post = (body: object, channel = CHANNEL) =>
  world.rest.post(`/channels/${channel}/messages`, { body }) as Promise<APIMessage>;
const openDm = async (user: string) =>
  ((await world.rest.post("/users/@me/channels", { body: { recipient_id: user } })) as APIChannel)
    .id;
const pinged = (channel = CHANNEL) => world.discord.messages(channel).at(-1)?.pinged;

describe("direct messages", () => {
  test("a user has one DM channel, however often it is opened", async () => {
    expect(await openDm(ANN)).toBe(await openDm(ANN));
    await post({ content: "hello" }, await openDm(ANN));
    expect(world.discord.dms(ANN).map(({ content }) => content)).toEqual(["hello"]);
    expect(world.discord.dms(BEN)).toEqual([]);
  });

  test.each([
    ["closed DMs", { dmsClosed: true }, 50007],
    ["no shared server", { sharesGuild: false }, 50278],
  ])("%s show only when something is sent", async (_what, user, code) => {
    world.discord.addUser({ id: "100000000000000003", ...user });
    const channel = await openDm("100000000000000003");
    expect(await refusalOf(post({ content: "hello" }, channel))).toMatchObject({
      status: 403,
      code,
    });
    expect(world.discord.dms("100000000000000003")).toEqual([]);
  });

  test("an unknown user has no DM channel", async () => {
    expect(await refusalOf(openDm("999"))).toMatchObject({ status: 404, code: 10013 });
  });
});

describe("channels", () => {
  const HIDDEN = "500000000000000030";
  const READ_ONLY = "500000000000000031";
  const PLAIN = "500000000000000032";
  beforeAll(() => {
    const channel = (id: string, botMay: object) =>
      world.discord.addChannel({ id, guildId: GUILD, botMay });
    channel(HIDDEN, { viewChannel: false });
    channel(READ_ONLY, { sendMessages: false });
    channel(PLAIN, { embedLinks: false });
  });

  test.each([
    ["an unknown channel", "999", 404, 10003],
    ["a channel the bot does not see", HIDDEN, 403, 50001],
    ["a channel the bot may not write in", READ_ONLY, 403, 50013],
    ["an embed where the bot may not embed", PLAIN, 403, 50013],
  ])("%s is refused", async (_what, channel, status, code) => {
    const sending = post({ embeds: [{ title: "hello" }] }, channel);
    expect(await refusalOf(sending)).toMatchObject({ status, code });
    expect(world.discord.messages(channel)).toEqual([]);
  });

  test("servers, channels, roles, members and the bot itself can be read", async () => {
    const { rest } = world;
    expect(await rest.get(`/channels/${CHANNEL}`)).toMatchObject({ guild_id: GUILD, type: 0 });
    expect(await rest.get(`/guilds/${GUILD}`)).toMatchObject({
      name: "C500",
      roles: [
        { id: GUILD, name: "@everyone", permissions: "277025508352" },
        { managed: true, permissions: (1n << 44n).toString() },
        { id: ROLE, permissions: "0" },
      ],
    });
    expect(await rest.get(`/guilds/${GUILD}/members/${ANN}`)).toMatchObject({
      user: { username: "ann" },
      roles: [ROLE],
    });
    expect(await rest.get("/users/@me")).toMatchObject({ id: APPLICATION, bot: true });
    expect(await refusalOf(rest.get("/guilds/9"))).toMatchObject({ status: 404, code: 10004 });
  });
});

describe("a nonce", () => {
  test("returns the first message again for a few minutes, then creates a new one", async () => {
    const say = (nonce: string, more = {}) =>
      post({ content: "once", nonce, enforce_nonce: true, ...more });
    const first = await say("order-1");
    expect((await say("order-1", { content: "changed" })).id).toBe(first.id);
    expect((await say("order-1")).content).toBe("once");
    expect((await say("order-2")).id).not.toBe(first.id);
    expect((await say("order-1", { enforce_nonce: false })).id).not.toBe(first.id);
    const again = await say("order-3");
    await world.clock.advance(5 * 60_000 - 1_000);
    expect((await say("order-3")).id).toBe(again.id);
    await world.clock.advance(2_000);
    expect((await say("order-3")).id).not.toBe(again.id);
  });

  test("of more than 25 characters is refused", async () => {
    expect((await post({ content: "x", nonce: "n".repeat(25) })).nonce).toBe("n".repeat(25));
    expect((await refusalOf(post({ content: "x", nonce: "n".repeat(26) }))).fields).toEqual([
      "nonce BASE_TYPE_MAX_LENGTH",
    ]);
  });
});

describe("mentions", () => {
  const everyone = `@everyone <@${ANN}> <@!${BEN}> <@&${ROLE}> <@404>`;

  test.each([
    ["everything by default", undefined, { users: [ANN, BEN], roles: [ROLE], everyone: true }],
    ["nobody when nothing is parsed", { parse: [] }, { users: [], roles: [], everyone: false }],
    ["nobody when nothing is specified", {}, { users: [], roles: [], everyone: false }],
    [
      "only the ids that are named",
      { parse: [], users: [BEN], roles: [ROLE] },
      { users: [BEN], roles: [ROLE], everyone: false },
    ],
    [
      "only the kinds that are parsed",
      { parse: ["roles"] },
      { users: [], roles: [ROLE], everyone: false },
    ],
  ])("ping %s", async (_what, allowed_mentions, expected) => {
    const message = await post({ content: everyone, allowed_mentions });
    expect(pinged()).toEqual(expected);
    expect(message.mentions.map(({ id }) => id)).toEqual(expected.users);
    expect(message.mention_roles).toEqual(expected.roles);
    expect(message.mention_everyone).toBe(expected.everyone);
  });

  test("need the bot's permission to ping roles and everyone", async () => {
    const id = "500000000000000033";
    world.discord.addChannel({ id, guildId: GUILD, botMay: { mentionEveryone: false } });
    await post({ content: everyone }, id);
    expect(pinged(id)).toEqual({ users: [ANN, BEN], roles: [], everyone: false });
  });

  test("in code, in embeds and in edits ping nobody", async () => {
    const { id } = await post({
      content: `\`<@${ANN}>\` \`\`\`\n@everyone <@${BEN}>\n\`\`\``,
      embeds: [{ description: everyone }],
    });
    expect(pinged()).toEqual({ users: [], roles: [], everyone: false });
    await world.rest.patch(`/channels/${CHANNEL}/messages/${id}`, { body: { content: everyone } });
    expect(pinged()).toEqual({ users: [], roles: [], everyone: false });
  });

  test("cannot be both parsed and named", async () => {
    const allowed_mentions = { parse: ["users"], users: [ANN] };
    expect((await refusalOf(post({ content: "x", allowed_mentions }))).fields).toEqual([
      "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ]);
  });
});

describe("edits and deletions", () => {
  test("an edit changes the fields it names and leaves the rest", async () => {
    const { id } = await post({ content: "before", embeds: [{ title: "kept" }] });
    const path = `/channels/${CHANNEL}/messages/${id}` as const;
    const edited = (await world.rest.patch(path, { body: { content: "after" } })) as APIMessage;
    expect(edited).toMatchObject({ content: "after", embeds: [{ title: "kept" }] });
    expect(edited.edited_timestamp).not.toBeNull();
    expect(await world.rest.get(path)).toEqual(edited);
    await world.rest.patch(path, { body: { embeds: [] } });
    expect(await refusalOf(world.rest.patch(path, { body: { content: "" } }))).toMatchObject({
      status: 400,
      code: 50006,
    });
    expect(await world.rest.get(path)).toMatchObject({ content: "after", embeds: [] });
  });

  test("a deleted message is unknown", async () => {
    const { id } = await post({ content: "gone" });
    const path = `/channels/${CHANNEL}/messages/${id}` as const;
    await world.rest.delete(path);
    for (const call of [world.rest.get(path), world.rest.patch(path, { body: { content: "x" } })]) {
      expect(await refusalOf(call)).toMatchObject({ status: 404, code: 10008 });
    }
  });

  test("messages are listed newest first, in pages", async () => {
    const id = "500000000000000034";
    world.discord.addChannel({ id, guildId: GUILD });
    const sent: string[] = [];
    for (const content of ["1", "2", "3", "4"]) sent.push((await post({ content }, id)).id);
    const page = async (query: string) =>
      ((await world.rest.get(`/channels/${id}/messages?${query}`)) as APIMessage[])
        .map(({ content }) => content)
        .join("");
    expect(await page("")).toBe("4321");
    expect(await page("limit=2")).toBe("43");
    expect(await page(`limit=2&before=${sent[2]}`)).toBe("21");
    expect(await page(`limit=2&after=${sent[0]}`)).toBe("32");
    expect(await page(`limit=3&around=${sent[1]}`)).toBe("321");
    expect((await refusalOf(page("limit=101"))).code).toBe(50035);
  });
});

test("a file can be attached, shown in an embed and fetched again", async () => {
  const message = (await world.rest.post(`/channels/${CHANNEL}/messages`, {
    body: {
      embeds: [{ image: { url: "attachment://bids.csv" } }],
      attachments: [{ id: 0, description: "All bids" }],
    },
    files: [{ name: "bids.csv", data: Buffer.from("bidder,cents\n"), contentType: "text/csv" }],
  })) as APIMessage;
  expect(message.attachments).toMatchObject([
    { filename: "bids.csv", size: 13, description: "All bids", content_type: "text/csv" },
  ]);
  const file = await fetch(message.attachments[0]?.url ?? "");
  expect(await file.text()).toBe("bidder,cents\n");
});

describe("deletions by staff", () => {
  test("a deleted message can't be edited, nor a deleted channel posted to", async () => {
    const id = "100000000000000077";
    world.discord.addChannel({ id, guildId: GUILD });
    const [first, second] = [
      await post({ content: "one" }, id),
      await post({ content: "two" }, id),
    ];
    world.discord.deleteMessage(id, first.id);
    const edit = (message: string) =>
      world.rest.patch(`/channels/${id}/messages/${message}`, { body: { content: "three" } });
    expect(await refusalOf(edit(first.id))).toMatchObject({ code: 10008 });
    await edit(second.id);
    world.discord.deleteChannel(id);
    expect(await refusalOf(edit(second.id))).toMatchObject({ code: 10003 });
    expect(await refusalOf(post({ content: "four" }, id))).toMatchObject({ code: 10003 });
  });
});

describe("pins", () => {
  const PINNED_IN = "500000000000000040";
  const path = (id: string, channel = PINNED_IN) =>
    `/channels/${channel}/messages/pins/${id}` as const;
  const pins = () => world.discord.pins(PINNED_IN).map(({ id }) => id);
  const announced = () => world.discord.messages(PINNED_IN).filter((message) => message.type === 6);
  beforeAll(() => void world.discord.addChannel({ id: PINNED_IN, guildId: GUILD }));

  test("are set and removed any number of times, and each new one is announced once", async () => {
    const [one, two] = [
      await post({ content: "one" }, PINNED_IN),
      await post({ content: "two" }, PINNED_IN),
    ];
    for (const { id } of [one, two, one]) await world.rest.put(path(id));
    expect(pins().toSorted()).toEqual([one.id, two.id].toSorted());
    expect(announced().map((message) => message.message_reference?.message_id)).toEqual([
      one.id,
      two.id,
    ]);
    expect(announced()[0]).toMatchObject({
      content: "",
      pinned: false,
      author: { id: APPLICATION },
    });
    expect(await world.rest.get(`/channels/${PINNED_IN}/messages/${one.id}`)).toMatchObject({
      pinned: true,
    });
    await world.rest.delete(path(one.id));
    await world.rest.delete(path(one.id));
    expect(pins()).toEqual([two.id]);
    world.discord.deleteMessage(PINNED_IN, two.id);
    expect(pins()).toEqual([]);
  });

  test("need a message, the permission, and room for another", async () => {
    expect(await refusalOf(world.rest.put(path("999")))).toMatchObject({
      code: 10008,
      status: 404,
    });
    const [announcement] = announced();
    const ofDiscord = path(announcement?.id ?? "");
    expect(await refusalOf(world.rest.put(ofDiscord))).toMatchObject({ code: 50021 });
    for (let index = 0; index < 250; index += 1) {
      await world.rest.put(path((await post({ content: "x" }, PINNED_IN)).id));
    }
    const { id } = await post({ content: "one too many" }, PINNED_IN);
    expect(await refusalOf(world.rest.put(path(id)))).toMatchObject({ code: 30003, status: 400 });
    const botMay = { pinMessages: false };
    world.discord.addChannel({ id: PINNED_IN, guildId: GUILD, botMay });
    for (const call of [world.rest.put(path(id)), world.rest.delete(path(id))]) {
      expect(await refusalOf(call)).toMatchObject({ code: 50013, status: 403 });
    }
  });
});
