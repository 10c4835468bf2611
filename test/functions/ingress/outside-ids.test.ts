import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { buttons, commands } from "../../../functions/ingress/commands.ts";
import type { CommandDefinition } from "../../../shared/discord/definitions/define-command.ts";
import type { OptionDefinition } from "../../../shared/discord/definitions/options.ts";
import { optionTypes } from "../../../shared/discord/definitions/registration.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let builder: { id: string; login: string };

beforeAll(async () => {
  cloud = await startTestCloud();
  people = shoppers(cloud);
  // Someone who may use everything and is live: a refusal before the id is read would prove nothing.
  builder = await people.builder({ isLive: true });
  const { id, login } = builder;
  cloud.discord.addUser({ id, username: login, permissions: MANAGE_SERVER });
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const MANAGE_SERVER = String(1n << 5n);
const COMMAND = 2;
const COMPONENT = 3;
const FORM = 5;

/** Ids that Firestore reserves, or would read as another path. */
const BAD_IDS = ["__x__", ".", "..", "a/b", " ", `${"x".repeat(2000)}`];

const trouble = () => cloud.logLines.filter((line) => line.includes('"severity":"ERROR"'));
const deadLetters = async () => {
  const { docs } = await cloud.firestore.collection("dead_letters").get();
  return docs.map((document) => document.data());
};

/** Sends an interaction and expects an explanation, no dead letter, and no redelivery. */
async function expectWords(type: number, data: object) {
  const before = trouble().length;
  const use = { user: builder.id, channelId: community.generalChannelId, type, data };
  const seen = await cloud.discord.client.raw(cloud.url("discord-interactions"), use);
  await cloud.settle();
  expect(seen.failure).toBeUndefined();
  const now = JSON.stringify(seen.response);
  const later = cloud.discord.interaction(seen.id)?.original;
  expect(`${now}${later?.content ?? ""}${JSON.stringify(later?.embeds ?? [])}`).toMatch(/\w \w/);
  if (now.includes('"type":5')) expect(later?.content || later?.embeds.length).toBeTruthy();
  expect(await deadLetters()).toEqual([]);
  expect(trouble().slice(before)).toEqual([]);
}

const STRING = 3;
const values: Readonly<Record<string, unknown>> = { integer: 1, flag: true, user: "1" };

/** The options that identify what a command is about: typed by hand, or a Discord user. */
const namesSomething = ({ kind, choices }: OptionDefinition) =>
  kind === "user" || (kind === "text" && !choices);

/** Optional values without which a command would not read an id. */
const ASKED_FOR: readonly string[] = ["context", "close", "amount"];

/** An invocation of a command with one malformed option; all others that it needs are valid. */
function dataOf({ words, options }: CommandDefinition, wrong: string, value: string) {
  const given = Object.entries(options)
    .filter(([name, { required }]) => name === wrong || required || ASKED_FOR.includes(name))
    .map(([name, option]) => {
      const choices = Object.keys(option.choices ?? {});
      const right = choices.at(-1) ?? values[option.kind] ?? "1";
      return { name, type: optionTypes[option.kind], value: name === wrong ? value : right };
    });
  const [name, ...below] = words.split(" ");
  const [outer, inner] = below.length === 2 ? below : [undefined, below[0]];
  const command = inner ? [{ name: inner, type: 1, options: given }] : given;
  return {
    id: "1",
    name,
    type: 1,
    options: outer ? [{ name: outer, type: 2, options: command }] : command,
  };
}

const uses = commands.flatMap((command) =>
  Object.entries(command.options)
    .filter(([, option]) => namesSomething(option))
    .map(([option]) => [`/${command.words} ${option}:`, command, option] as const),
);

describe("an id that no document can have", () => {
  test.each(uses)("in %s is answered with an explanation", async (_name, command, option) => {
    for (const id of BAD_IDS) await expectWords(COMMAND, dataOf(command, option, id));
  });

  test.each(["order", "orders"])(
    "among the orders of /c500 live context:%s too",
    async (context) => {
      const options = (orders: string) => [
        { name: "context", type: STRING, value: context },
        { name: "orders", type: STRING, value: orders },
      ];
      for (const id of BAD_IDS) {
        const live = [{ name: "live", type: 1, options: options(`o1,${id}`) }];
        await expectWords(COMMAND, { id: "1", name: "c500", type: 1, options: live });
      }
    },
  );

  test.each(buttons.map(({ name }) => name))(
    "in the button %s is answered with an explanation",
    async (name) => {
      for (const id of BAD_IDS.filter((each) => each.length < 80)) {
        await expectWords(COMPONENT, { custom_id: `${name}:${id}`, component_type: 2 });
      }
    },
  );

  test("in the form of a bid is answered with an explanation", async () => {
    const components = [{ type: 18, component: { type: 4, custom_id: "amount", value: "55" } }];
    for (const id of BAD_IDS) {
      await expectWords(FORM, { custom_id: `bid-custom:${id}`, components });
    }
  });

  test.each(BAD_IDS)("in a body of the internal API is a 400: %p", async (id) => {
    const post = async (path: string, body: object) => {
      const key = createHash("sha256").update(id).digest("hex");
      const headers = { "content-type": "application/json", "idempotency-key": key };
      const url = cloud.url(`internal-api/api/internal/${path}`);
      const response = await cloud.fetch(url, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    const refusal = { status: 400, body: { error: expect.any(String), code: expect.any(String) } };
    const checkout = (drop_id: string, buyer_discord_id: string) =>
      post("create-checkout", { drop_id, buyer_discord_id });
    const live = (builder_discord_id: string, live_context: string) =>
      post("go-live-trigger", { builder_discord_id, live_context });
    expect(await checkout(id, "1")).toEqual(refusal);
    expect(await checkout("d1", id)).toEqual(refusal);
    expect(await live(id, "chat")).toEqual(refusal);
    expect(await live(builder.id, `order:${id}`)).toEqual(refusal);
  });
});

test("what Firestore refuses as invalid is stored once and not redelivered", async () => {
  const INVALID_ARGUMENT = 3;
  const operation = /Batch|Get|Query/;
  const fault = { kind: "fail", code: INVALID_ARGUMENT } as const;
  cloud.faults.add({ target: "firestore", operation, fault, times: 1 });
  const before = trouble().length;
  const use = { user: builder.id, channelId: community.generalChannelId, type: COMPONENT };
  const data = { custom_id: "drop-details:1", component_type: 2 };
  const { id } = await cloud.discord.client.raw(cloud.url("discord-interactions"), {
    ...use,
    data,
  });
  await cloud.settle();
  expect(trouble().slice(before)).toHaveLength(1);
  expect(await deadLetters()).toEqual([
    expect.objectContaining({ reason: expect.stringContaining("INVALID_ARGUMENT") }),
  ]);
  expect(cloud.discord.interaction(id)?.original?.content).toMatch(/\w \w/);
});
