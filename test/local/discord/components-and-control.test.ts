import { createPrivateKey, sign } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { verifyKey } from "discord-interactions";
import { ANN, BEN, CHANNEL, GUILD, startWorld, type World } from "./world.ts";

const EPHEMERAL = 64;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const impossible = expect.objectContaining({ name: "ImpossibleError" });

const buttons = [
  {
    type: 1,
    components: [
      { type: 2, style: 1, label: "Buy", custom_id: "buy" },
      { type: 2, style: 1, label: "Gone", custom_id: "gone", disabled: true },
    ],
  },
  {
    type: 1,
    components: [{ type: 3, custom_id: "pick", options: [{ label: "A", value: "a" }] }],
  },
  { type: 1, components: [{ type: 5, custom_id: "who" }] },
];

/** Answers a command with the buttons, and what is done with those with `body`. */
function show(body: unknown, flags = 0): void {
  world.endpoint.answer = ({ body: { type } }) =>
    type === 2
      ? { body: { type: 4, data: { content: "Drop!", flags, components: buttons } } }
      : { body };
}
const drop = async () => {
  const { original } = await world.discord.client.command(world.endpoint.url, {
    user: ANN,
    channelId: CHANNEL,
    name: "drop",
  });
  return original?.id ?? "";
};
const press = (message: string, customId: string, more = {}) =>
  world.discord.client.component(world.endpoint.url, {
    user: ANN,
    channelId: CHANNEL,
    message,
    customId,
    ...more,
  });
const sent = () => world.endpoint.received.at(-1)?.body;

describe("a component", () => {
  test("sends its custom id and the message it is on, and can change that message", async () => {
    show({ type: 7, data: { content: "Sold", components: [] } });
    const message = await drop();
    const { id, original } = await press(message, "buy", { user: BEN });
    expect(sent()).toMatchObject({
      id,
      type: 3,
      member: { user: { id: BEN } },
      message: { id: message, content: "Drop!" },
      data: { custom_id: "buy", component_type: 2 },
    });
    expect(original).toMatchObject({ id: message, content: "Sold", components: [] });
    await expect(press(message, "buy")).rejects.toThrow(impossible);
  });

  test("can be deferred and answered later, on the same message", async () => {
    show({ type: 6 });
    const message = await drop();
    const { id, token } = await press(message, "buy");
    const path = `/webhooks/500000000000000001/${token}/messages/@original` as const;
    await world.rest.patch(path, { body: { content: "Reserved" }, auth: false });
    expect(world.discord.interaction(id)?.original).toMatchObject({
      id: message,
      content: "Reserved",
    });
  });

  test("of a select sends what was chosen, with the users behind it", async () => {
    show({ type: 6 });
    const message = await drop();
    await press(message, "pick", { values: ["a"] });
    expect(sent()?.data).toMatchObject({ component_type: 3, values: ["a"] });
    await press(message, "who", { values: [BEN] });
    expect(sent()?.data.resolved?.users?.[BEN]).toMatchObject({ username: "ben" });
    await expect(press(message, "pick", { values: ["b"] })).rejects.toThrow(impossible);
    await expect(press(message, "pick", { values: [] })).rejects.toThrow(impossible);
  });

  test("that is disabled, unknown or on someone else's private message cannot be used", async () => {
    show({ type: 6 }, EPHEMERAL);
    const message = await drop();
    await expect(press(message, "gone")).rejects.toThrow(impossible);
    await expect(press(message, "other")).rejects.toThrow(impossible);
    await expect(press(message, "buy", { user: BEN })).rejects.toThrow(impossible);
    expect((await press(message, "buy")).state).toBe("answered");
  });

  test("of any name can be claimed by a forged interaction", async () => {
    show({ type: 6 });
    const message = await drop();
    const data = { custom_id: "admin", component_type: 2 };
    const forged = { user: BEN, channelId: CHANNEL, type: 3, data, message };
    await world.discord.client.raw(world.endpoint.url, forged);
    expect(sent()).toMatchObject({ data, message: { id: message } });
  });
});

describe("a modal", () => {
  const field = (custom_id: string, more = {}) => ({ type: 4, custom_id, style: 1, ...more });
  const modal = {
    custom_id: "drop",
    title: "New drop",
    components: [
      { type: 18, label: "Title", component: field("title", { max_length: 5 }) },
      { type: 18, label: "Notes", component: field("notes", { required: false }) },
      {
        type: 18,
        label: "Paid",
        component: {
          type: 21,
          custom_id: "paid",
          options: [
            { label: "Split", value: "split" },
            { label: "Held", value: "held" },
          ],
        },
      },
      {
        type: 18,
        label: "Picture",
        component: { type: 19, custom_id: "picture", required: false },
      },
      { type: 1, components: [field("old", { label: "Old form", required: false })] },
    ],
  };
  const submit = (of: string, values: object) =>
    world.discord.client.modalSubmit(world.endpoint.url, { of, values: { ...values } });
  const shown = async () => {
    world.endpoint.answer = ({ body: { type } }) => ({
      body: type === 5 ? { type: 4, data: { content: "ok" } } : { type: 9, data: modal },
    });
    const { id } = await world.discord.client.command(world.endpoint.url, {
      user: ANN,
      channelId: CHANNEL,
      name: "drop",
    });
    return id;
  };

  test("comes back with every field, new form and old", async () => {
    const picture = { filename: "k.png", url: "https://cdn/k.png", contentType: "image/png" };
    await submit(await shown(), { title: "Keys", paid: "held", picture: [picture], old: "x" });
    const data = sent()?.data;
    expect([sent()?.type, data?.custom_id]).toEqual([5, "drop"]);
    expect(data?.components).toMatchObject([
      { type: 18, component: { type: 4, custom_id: "title", value: "Keys" } },
      { type: 18, component: { type: 4, custom_id: "notes", value: "" } },
      { type: 18, component: { type: 21, custom_id: "paid", value: "held" } },
      { type: 18, component: { type: 19, custom_id: "picture", values: [expect.any(String)] } },
      { type: 1, components: [{ type: 4, custom_id: "old", value: "x" }] },
    ]);
    const [file] = Object.values(data?.resolved?.attachments ?? {});
    expect(file).toMatchObject({ filename: "k.png", url: "https://cdn/k.png" });
  });

  test.each([
    ["a required field left empty", { paid: "held" }],
    ["a text that is too long", { title: "Keycap", paid: "held" }],
    ["a choice that is not offered", { title: "Keys", paid: "never" }],
    ["a field it does not have", { title: "Keys", paid: "held", other: "x" }],
  ])("cannot be sent with %s", async (_what, values) => {
    await expect(submit(await shown(), values)).rejects.toThrow(impossible);
  });
});

describe("an external program", () => {
  const control = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${world.discord.url}/control${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, json: text ? JSON.parse(text) : undefined };
  };

  test("adds users and channels, acts as a user and sees the result", async () => {
    const channel = "500000000000000040";
    const user = "100000000000000009";
    for (const [path, body] of [
      ["/users", { id: user, username: "zoe" }],
      ["/channels", { id: channel, guildId: GUILD, botMay: { sendMessages: false } }],
      ["/roles", { id: "500000000000000041", guildId: GUILD }],
      ["/guilds", { id: "500000000000000042" }],
    ] as const) {
      expect((await control("POST", path, body)).status).toBe(204);
    }
    world.endpoint.answer = () => ({ body: { type: 4, data: { content: "Hi Zoe" } } });
    const act = { kind: "command", user, channelId: channel, name: "hello" };
    const { json } = await control("POST", "/interactions", {
      ...act,
      endpoint: world.endpoint.url,
    });
    expect(json).toMatchObject({ state: "answered", original: { content: "Hi Zoe" } });
    expect((await control("GET", `/interactions/${json.id}`)).json).toEqual(json);
    expect((await control("GET", `/messages?channel=${channel}`)).json).toMatchObject([
      { content: "Hi Zoe" },
    ]);
    const { json: events } = await control("GET", "/events?after=1");
    expect(events.map(({ kind }: { kind: string }) => kind)).toEqual([
      "message-created",
      "interaction-answered",
    ]);
    const post = await world.call("POST", `/channels/${channel}/messages`, { content: "x" });
    expect(post.status).toBe(403);
  });

  test("learns what is wrong with its request", async () => {
    expect(await control("POST", "/users", {})).toMatchObject({
      status: 400,
      json: { code: 50035 },
    });
    expect(await control("GET", "/interactions/1")).toMatchObject({ status: 404 });
    const nowhere = { kind: "command", user: ANN, channelId: CHANNEL, name: "hello" };
    expect(await control("POST", "/interactions", nowhere)).toMatchObject({ status: 400 });
    expect(await control("GET", "/nothing")).toMatchObject({ status: 404 });
  });

  test("can sign requests with the private key", async () => {
    const key = createPrivateKey(world.discord.privateKey);
    const signature = sign(null, Buffer.from("1{}"), key).toString("hex");
    expect(await verifyKey("{}", signature, "1", world.discord.publicKey)).toBe(true);
  });
});
