import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { APIMessage } from "discord-api-types/v10";
import { CHANNEL, refusalOf, startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const COMPONENTS_V2 = 32_768;

const post = (body: object) =>
  world.rest.post(`/channels/${CHANNEL}/messages`, { body }) as Promise<APIMessage>;
const wrongFields = async (body: object) => {
  const before = world.discord.messages(CHANNEL).length;
  const refusal = await refusalOf(post(body));
  expect(refusal).toMatchObject({ status: 400, code: 50035 });
  expect(world.discord.messages(CHANNEL)).toHaveLength(before);
  return refusal.fields;
};
const long = (length: number) => "é".repeat(length);
const times = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));

const button = (custom_id: string, more = {}) => ({
  type: 2,
  style: 1,
  label: "Buy",
  custom_id,
  ...more,
});
const row = (...components: object[]) => ({ type: 1, components });
const rows = (...components: object[]) => ({ content: "x", components });
const select = (more = {}) => ({
  type: 3,
  custom_id: "select",
  options: [{ label: "One", value: "1" }],
  ...more,
});

describe("a message's text", () => {
  test("can be as long as the limits, counted in characters", async () => {
    const embed = {
      title: long(256),
      description: long(4096),
      footer: { text: long(100) },
      author: { name: long(256) },
      fields: [{ name: long(256), value: long(1024) }],
    };
    const message = await post({ content: "🎹".repeat(2000), embeds: [embed] });
    expect(message.content).toHaveLength(4000);
    await post({ embeds: times(10, () => ({ title: "x" })) });
    await post({ embeds: [{ fields: times(25, () => ({ name: "n", value: "v" })) }] });
    await post({ embeds: [{ footer: { text: long(2048) } }] });
  });

  test.each([
    ["content", { content: long(2001) }, "content BASE_TYPE_MAX_LENGTH"],
    ["embeds", { embeds: times(11, () => ({ title: "x" })) }, "embeds BASE_TYPE_MAX_LENGTH"],
    ["title", { embeds: [{ title: long(257) }] }, "embeds.0.title BASE_TYPE_MAX_LENGTH"],
    [
      "description",
      { embeds: [{}, { description: long(4097) }] },
      "embeds.1.description BASE_TYPE_MAX_LENGTH",
    ],
    [
      "fields",
      { embeds: [{ fields: times(26, () => ({ name: "n", value: "v" })) }] },
      "embeds.0.fields BASE_TYPE_MAX_LENGTH",
    ],
    [
      "field name",
      { embeds: [{ fields: [{ name: long(257), value: "v" }] }] },
      "embeds.0.fields.0.name BASE_TYPE_MAX_LENGTH",
    ],
    [
      "field value",
      { embeds: [{ fields: [{ name: "n", value: long(1025) }] }] },
      "embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH",
    ],
    [
      "field without value",
      { embeds: [{ fields: [{ name: "n" }] }] },
      "embeds.0.fields.0.value BASE_TYPE_REQUIRED",
    ],
    [
      "footer",
      { embeds: [{ footer: { text: long(2049) } }] },
      "embeds.0.footer.text BASE_TYPE_MAX_LENGTH",
    ],
    [
      "author",
      { embeds: [{ author: { name: long(257) } }] },
      "embeds.0.author.name BASE_TYPE_MAX_LENGTH",
    ],
    [
      "sum over all embeds",
      { embeds: [{ description: long(4096) }, { description: long(1905) }] },
      "embeds.1 MAX_EMBED_SIZE_EXCEEDED",
    ],
    ["colour", { embeds: [{ title: "x", color: 0x1_00_00_00 }] }, "embeds.0.color NUMBER_TYPE_MAX"],
    [
      "address",
      { embeds: [{ image: { url: "ftp://x" } }] },
      "embeds.0.image.url URL_TYPE_INVALID_SCHEME",
    ],
    [
      "time",
      { embeds: [{ title: "x", timestamp: "now" }] },
      "embeds.0.timestamp DATE_TIME_TYPE_PARSE",
    ],
    ["type", { content: 7 }, "content STRING_TYPE_CONVERT"],
    ["flag", { content: "x", flags: 64 }, "flags BASE_TYPE_CHOICES"],
    [
      "allowed ids",
      { content: "x", allowed_mentions: { users: times(101, String) } },
      "allowed_mentions.users BASE_TYPE_MAX_LENGTH",
    ],
  ])("beyond a limit is refused with the field's path: %s", async (_what, body, field) => {
    expect(await wrongFields(body)).toEqual([field]);
  });

  test.each([{}, { content: " \n " }, { content: "", embeds: [], components: [] }])(
    "cannot be nothing: %j",
    async (body) => {
      expect(await refusalOf(post(body))).toEqual({ status: 400, code: 50006, fields: [] });
    },
  );

  test("that is not JSON is refused", async () => {
    const answer = await world.call("POST", `/channels/${CHANNEL}/messages`, "{");
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 50109 }]);
  });
});

describe("rows of buttons and selects", () => {
  test("are stored unchanged", async () => {
    const components = [
      row(...times(5, (index) => button(`b${index}`))),
      row({ type: 2, style: 5, label: "Watch", url: "https://twitch.tv/ann" }),
      row(select({ options: times(25, (index) => ({ label: "o", value: `${index}` })) })),
      row({ type: 5, custom_id: "user" }),
      row(button(long(100), { label: long(80), disabled: true })),
    ];
    expect((await post(rows(...components))).components).toMatchObject(components);
  });

  test.each([
    ["six rows", rows(...times(6, (i) => row(button(`${i}`)))), "components BASE_TYPE_MAX_LENGTH"],
    [
      "six buttons",
      rows(row(...times(6, (i) => button(`${i}`)))),
      "components.0.components BASE_TYPE_MAX_LENGTH",
    ],
    ["an empty row", rows(row()), "components.0.components BASE_TYPE_MIN_LENGTH"],
    [
      "a select beside a button",
      rows(row(button("a"), select())),
      "components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ],
    [
      "no row around it",
      rows({ type: 10, content: "text" }),
      "components.0.type UNION_TYPE_CHOICES",
    ],
    [
      "the same custom id twice",
      rows(row(button("a")), row(button("a"))),
      "components.1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
    ],
    [
      "a long custom id",
      rows(row(button(long(101)))),
      "components.0.components.0.custom_id BASE_TYPE_MAX_LENGTH",
    ],
    [
      "no custom id",
      rows(row({ type: 2, style: 1, label: "x" })),
      "components.0.components.0.custom_id BASE_TYPE_REQUIRED",
    ],
    [
      "a long label",
      rows(row(button("a", { label: long(81) }))),
      "components.0.components.0.label BASE_TYPE_MAX_LENGTH",
    ],
    [
      "no label",
      rows(row({ type: 2, style: 1, custom_id: "a" })),
      "components.0.components.0 BUTTON_COMPONENT_LABEL_REQUIRED",
    ],
    [
      "a link without address",
      rows(row({ type: 2, style: 5, label: "x" })),
      "components.0.components.0.url BASE_TYPE_REQUIRED",
    ],
    [
      "a long address",
      rows(row({ type: 2, style: 5, label: "x", url: `https://x/${"y".repeat(512)}` })),
      "components.0.components.0.url BASE_TYPE_MAX_LENGTH",
    ],
    [
      "26 options",
      rows(row(select({ options: times(26, (i) => ({ label: "o", value: `${i}` })) }))),
      "components.0.components.0.options BASE_TYPE_MAX_LENGTH",
    ],
    [
      "the same option twice",
      rows(row(select({ options: times(2, () => ({ label: "o", value: "v" })) }))),
      "components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ],
    [
      "a long placeholder",
      rows(row(select({ placeholder: long(151) }))),
      "components.0.components.0.placeholder BASE_TYPE_MAX_LENGTH",
    ],
    ["an unknown component", rows({ type: 99 }), "components.0.type UNION_TYPE_CHOICES"],
  ])("are refused for %s", async (_what, body, field) => {
    expect(await wrongFields(body)).toEqual([field]);
  });
});

describe("a message of components", () => {
  const text = (content: string) => ({ type: 10, content });
  const v2 = (components: object[], more = {}) => ({ flags: COMPONENTS_V2, components, ...more });

  test("shows text, sections, galleries and containers, and its text pings", async () => {
    const components = [
      text("<@100000000000000001> look"),
      {
        type: 9,
        components: [text("a section")],
        accessory: { type: 11, media: { url: "https://x/y.png" } },
      },
      {
        type: 17,
        accent_color: 0xff_00_00,
        components: [text("inside"), row(button("b")), { type: 14 }],
      },
      { type: 12, items: [{ media: { url: "https://x/y.png" } }] },
    ];
    expect((await post(v2(components))).components).toMatchObject(components);
    expect(world.discord.messages(CHANNEL).at(-1)?.pinged.users).toEqual(["100000000000000001"]);
  });

  test.each([
    [
      "content",
      v2([text("x")], { content: "y" }),
      "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ],
    [
      "embeds",
      v2([text("x")], { embeds: [{ title: "y" }] }),
      "embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ],
    [
      "41 components",
      v2(times(41, () => text("x"))),
      "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ],
    [
      "41 with those inside",
      v2([{ type: 17, components: times(40, () => text("x")) }]),
      "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ],
    [
      "too much text",
      v2([text(long(4000)), text("x")]),
      "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ],
    [
      "four texts in a section",
      v2([{ type: 9, components: times(4, () => text("x")), accessory: button("a") }]),
      "components.0.components BASE_TYPE_MAX_LENGTH",
    ],
  ])("is refused with %s", async (_what, body, field) => {
    expect(await wrongFields(body)).toEqual([field]);
  });

  test("can permanently replace an older kind of message, only in an edit that clears it", async () => {
    const { id } = await post({ content: "old" });
    const edit = (body: object) =>
      world.rest.patch(`/channels/${CHANNEL}/messages/${id}`, { body }) as Promise<APIMessage>;
    const components = [text("new")];
    expect((await refusalOf(edit(v2(components)))).code).toBe(50035);
    await edit(v2(components, { content: null, embeds: [] }));
    const after = await edit({ flags: 0, components: [text("newer")] });
    expect(after).toMatchObject({ flags: COMPONENTS_V2, content: "" });
    expect((await refusalOf(edit({ content: "old" }))).fields).toEqual([
      "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ]);
  });
});
