import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { APIApplicationCommand } from "discord-api-types/v10";
import { ANN, APPLICATION, CHANNEL, GUILD, refusalOf, startWorld, type World } from "./world.ts";

const OF_GUILD = `/applications/${APPLICATION}/guilds/${GUILD}/commands` as const;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const put = (body: object[], path: `/${string}` = OF_GUILD) =>
  world.rest.put(path, { body }) as Promise<APIApplicationCommand[]>;
const command = (name: string, more = {}) => ({ name, description: "About it", ...more });
const option = (name: string, more = {}) => ({ type: 3, name, description: "About it", ...more });
const times = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));

describe("registering", () => {
  test("all at once leaves only those, and the ones that stay keep their ids", async () => {
    const [bid] = await put([command("bid"), command("old")]);
    const after = await put([command("bid", { description: "Bid!" }), command("new")]);
    expect(after).toMatchObject([
      { name: "bid", id: bid?.id, description: "Bid!", type: 1, guild_id: GUILD },
      { name: "new" },
    ]);
    expect(await world.rest.get(OF_GUILD)).toEqual(after);
  });

  test("more than 200 new names a day is refused, known ones never", async () => {
    const batch = (prefix: string) => put(times(100, (index) => command(`${prefix}${index}`)));
    await batch("a");
    await batch("b");
    await batch("b");
    expect(await refusalOf(batch("c"))).toMatchObject({ status: 400, code: 30034 });
    await world.clock.advance(86_400_000);
    expect(await batch("c")).toHaveLength(100);
  });

  test.each([
    ["an upper-case name", command("Bid"), "0.name APPLICATION_COMMAND_INVALID_NAME"],
    ["a blank in the name", command("bid now"), "0.name APPLICATION_COMMAND_INVALID_NAME"],
    ["no description", { name: "bid" }, "0.description BASE_TYPE_REQUIRED"],
    [
      "a long description",
      command("bid", { description: "x".repeat(101) }),
      "0.description BASE_TYPE_MAX_LENGTH",
    ],
    [
      "26 options",
      command("bid", { options: times(26, (i) => option(`o${i}`)) }),
      "0.options BASE_TYPE_MAX_LENGTH",
    ],
    [
      "26 choices",
      command("bid", {
        options: [option("o", { choices: times(26, (i) => ({ name: "n", value: `${i}` })) })],
      }),
      "0.options.0.choices BASE_TYPE_MAX_LENGTH",
    ],
    [
      "a required option behind an optional one",
      command("bid", { options: [option("a"), option("b", { required: true })] }),
      "0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ],
    [
      "two options of one name",
      command("bid", { options: [option("a"), option("a")] }),
      "0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ],
    [
      "a choice of another type",
      command("bid", { options: [option("a", { choices: [{ name: "one", value: 1 }] })] }),
      "0.options.0.choices.0.value APPLICATION_COMMAND_INVALID_CHOICE_TYPE",
    ],
    [
      "choices beside autocomplete",
      command("bid", {
        options: [option("a", { autocomplete: true, choices: [{ name: "n", value: "v" }] })],
      }),
      "0.options.0.autocomplete APPLICATION_COMMAND_OPTIONS_INVALID_FIELD",
    ],
    [
      "a subcommand beside an option",
      command("bid", { options: [option("a"), { ...option("b"), type: 1 }] }),
      "0.options.1 APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ],
    [
      "more than 8,000 characters",
      command("bid", {
        options: times(2, (i) =>
          option(`o${i}`, {
            choices: times(25, () => ({ name: "n".repeat(80), value: "v".repeat(90) })),
          }),
        ),
      }),
      "0 APPLICATION_COMMAND_TOO_LARGE",
    ],
  ])("%s is refused", async (_what, body, field) => {
    const refusal = await refusalOf(put([body]));
    expect(refusal).toEqual({ status: 400, code: 50035, fields: [field] });
    expect(await world.rest.get(OF_GUILD)).toEqual([]);
  });

  test("two commands of one name, or a server's commands elsewhere, are refused", async () => {
    expect((await refusalOf(put([command("bid"), command("bid")]))).fields).toEqual([
      "1.name APPLICATION_COMMANDS_DUPLICATE_NAME",
    ]);
    const elsewhere = put([command("bid")], `/applications/${APPLICATION}/guilds/9/commands`);
    expect(await refusalOf(elsewhere)).toMatchObject({ status: 404, code: 10004 });
  });
});

describe("a registered command", () => {
  const live = (options: Record<string, string | number>, name = "c500 live") =>
    world.discord.client.command(world.endpoint.url, {
      user: ANN,
      channelId: CHANNEL,
      name,
      options,
    });

  beforeEach(() =>
    put([
      command("c500", {
        options: [
          {
            ...option("live"),
            type: 1,
            options: [
              option("context", { required: true, choices: [{ name: "Chat", value: "chat" }] }),
              option("orders", { max_length: 10 }),
              option("count", { type: 4, min_value: 1 }),
            ],
          },
        ],
      }),
    ]),
  );

  test("is sent with its id and its options' types", async () => {
    await live({ context: "chat", count: 2 });
    const [registered] = (await world.rest.get(OF_GUILD)) as APIApplicationCommand[];
    expect(world.endpoint.received[0]?.body.data).toEqual({
      id: registered?.id,
      guild_id: GUILD,
      name: "c500",
      type: 1,
      options: [
        {
          name: "live",
          type: 1,
          options: [
            { name: "context", type: 3, value: "chat" },
            { name: "count", type: 4, value: 2 },
          ],
        },
      ],
    });
  });

  test.each([
    ["without a required option", {}, undefined],
    ["with a value that is not a choice", { context: "other" }, undefined],
    ["with a text that is too long", { context: "chat", orders: "12345678901" }, undefined],
    ["with a number out of range", { context: "chat", count: 0 }, undefined],
    ["with a value of another type", { context: "chat", count: "two" }, undefined],
    ["with an option it does not have", { context: "chat", other: "x" }, undefined],
    ["without its subcommand", {}, "c500"],
    ["with a subcommand it does not have", {}, "c500 sleep"],
  ])("cannot be run %s", async (_what, options, name) => {
    await expect(live(options, name)).rejects.toThrow(
      expect.objectContaining({ name: "ImpossibleError" }),
    );
    expect(world.endpoint.received).toEqual([]);
  });
});
