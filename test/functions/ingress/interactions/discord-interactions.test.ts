import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { commands, groups } from "../../../../functions/ingress/commands.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { interactionBody } from "../../../support/going-live/go-live.ts";

const cloud = await useCloud();

const post = (request: RequestInit) => cloud.fetch(cloud.url("discord-interactions"), request);
const goLivesStored = async () =>
  (await cloud.firestore.collection("go_lives").count().get()).data().count;
const live = (context: unknown, type = 3) =>
  interactionBody("100000000000000001", [{ name: "context", type, value: context }]);

/** A request signed as Discord signs it. */
function signed(content: object | string, aheadMs = 0) {
  const body = typeof content === "string" ? content : JSON.stringify(content);
  const timestamp = String(Math.floor((cloud.clock.nowMs() + aheadMs) / 1000));
  const key = createPrivateKey(cloud.discord.privateKey);
  return {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-signature-ed25519": sign(null, Buffer.from(timestamp + body), key).toString("hex"),
      "x-signature-timestamp": timestamp,
    },
  };
}

/** A command or a part of one, as Discord returns it. */
interface Registered {
  readonly name: string;
  readonly options?: readonly (Registered & { readonly type: number })[];
}

/** The full names of a command and its subcommands; 1 and 2 are Discord's types of subcommands and their groups. */
function wordsOf({ name, options = [] }: Registered): string[] {
  const inner = options.filter(({ type }) => type <= 2);
  return inner.length === 0 ? [name] : inner.flatMap(wordsOf).map((words) => `${name} ${words}`);
}

async function nothingStored(request: RequestInit): Promise<Response> {
  const before = await goLivesStored();
  const response = await post(request);
  await cloud.settle();
  expect(await goLivesStored()).toBe(before);
  return response;
}

describe("the signature", () => {
  test("Discord's validation of the endpoint passes: a PONG, and 401 for bad signatures", async () => {
    await expect(
      cloud.discord.verifyEndpoint(cloud.url("discord-interactions")),
    ).resolves.toBeUndefined();
  });

  const good = () => signed(live("chat"));
  const withHeaders = (changes: Record<string, string | undefined>): RequestInit => {
    const { headers, ...request } = good();
    const changed = Object.entries({ ...headers, ...changes }).filter(
      ([, value]) => value !== undefined,
    );
    return { ...request, headers: Object.fromEntries(changed) as Record<string, string> };
  };
  const SIGNATURE = "x-signature-ed25519" as const;
  const TIMESTAMP = "x-signature-timestamp" as const;

  test.each([
    ["no signature", () => withHeaders({ [SIGNATURE]: undefined })],
    ["no timestamp", () => withHeaders({ [TIMESTAMP]: undefined })],
    ["an empty signature", () => withHeaders({ [SIGNATURE]: "" })],
    [
      "a truncated signature",
      () => withHeaders({ [SIGNATURE]: good().headers[SIGNATURE].slice(0, 126) }),
    ],
    [
      "a signature with extra characters",
      () => withHeaders({ [SIGNATURE]: `${good().headers[SIGNATURE]}00` }),
    ],
    ["a signature that is not hex", () => withHeaders({ [SIGNATURE]: "z".repeat(128) })],
    ["a time that differs from the signed one", () => withHeaders({ [TIMESTAMP]: "1700000001" })],
    ["a time that is not a number", () => withHeaders({ [TIMESTAMP]: "now" })],
    [
      "a body that differs from the signed one",
      () => ({ ...good(), body: JSON.stringify(live("drop")) }),
    ],
    ["no body", () => ({ ...good(), body: "" })],
    ["a signed time six minutes ahead", () => signed(live("chat"), 6 * 60_000)],
    [
      "a key that is not Discord's",
      () => {
        const { privateKey } = generateKeyPairSync("ed25519");
        const { headers, body, ...request } = good();
        const signature = sign(
          null,
          Buffer.from(`${headers[TIMESTAMP]}${body}`),
          privateKey,
        ).toString("hex");
        return { ...request, body, headers: { ...headers, [SIGNATURE]: signature } };
      },
    ],
  ])("%s is answered with 401 and changes nothing", async (_what, request) => {
    expect((await nothingStored(request())).status).toBe(401);
  });

  test.each([
    ["a body that is not JSON", "{oops", "application/json", 400],
    ["text instead of JSON", JSON.stringify({ type: 1 }), "text/plain", 415],
    ["a form", "a=b", "application/x-www-form-urlencoded", 415],
    ["an unknown type of interaction", JSON.stringify({ type: 99 }), "application/json", 400],
    ["an interaction without its parts", JSON.stringify({ type: 2 }), "application/json", 400],
    ["a list", "[]", "application/json", 400],
  ])("%s is answered with 4xx although it is signed", async (_what, body, contentType, status) => {
    const { headers, ...request } = signed(body);
    const response = await nothingStored({
      ...request,
      headers: { ...headers, "content-type": contentType },
    });
    expect(response.status).toBe(status);
  });

  test("a body of ten megabytes is refused, signed or not", async () => {
    const big = signed(JSON.stringify({ type: 1, padding: "x".repeat(10_000_000) }));
    expect((await nothingStored(big)).status).toBe(413);
  });

  test("GET is answered with 405", async () => {
    expect((await post({ method: "GET" })).status).toBe(405);
  });
});

describe("commands", () => {
  test("a command is answered with an ephemeral thinking message once it is published", async () => {
    const response = await post(signed(live("chat")));
    expect(await response.json()).toEqual({ type: 5, data: { flags: 64 } });
    await cloud.settle();
  });

  const ephemeral = (content: RegExp) => ({
    type: 4,
    data: { content: expect.stringMatching(content), flags: 64, allowed_mentions: { parse: [] } },
  });

  test("the answer to an unknown command explains how to find the right one, and operators read of it once a day", async () => {
    const body = { ...live("chat"), data: { name: "c500", options: [{ name: "dance", type: 1 }] } };
    const response = await nothingStored(signed(body));
    expect(await response.json()).toEqual(ephemeral(/I don't know that command/));
    await nothingStored(signed({ ...body, id: String(BigInt(body.id) + 1n) }));
    const { docs } = await cloud.firestore.collection("dead_letters").get();
    expect(docs.map((letter) => letter.get("reason"))).toEqual([
      expect.stringContaining('"/c500 dance"'),
    ]);
  });

  test.each([
    ["a number for text", live(5)],
    ["another type of option", live("chat", 4)],
    ["no context at all", interactionBody("100000000000000001", [])],
    [
      "an option that does not exist",
      interactionBody("1", [{ name: "party", type: 3, value: "x" }]),
    ],
    ["no user", { ...live("chat"), member: undefined }],
  ])("%s is refused with an explanation", async (_what, body) => {
    const response = await nothingStored(signed(body));
    expect(await response.json()).toEqual(ephemeral(/didn't arrive the way I expected/));
  });

  test("every command can be registered within Discord's limits", async () => {
    const { registrationBody } = await import(
      "../../../../shared/discord/definitions/registration.ts"
    );
    const { DISCORD_API_BASE_URL, DISCORD_APPLICATION_ID, DISCORD_BOT_TOKEN } = cloud.settings;
    const server = `applications/${DISCORD_APPLICATION_ID}/guilds/${community.guildId}`;
    const url = `${DISCORD_API_BASE_URL}/v10/${server}/commands`;
    const response = await cloud.fetch(url, {
      method: "PUT",
      headers: {
        authorization: `Bot ${DISCORD_BOT_TOKEN}`,
        "content-type": "application/json",
        "user-agent": "DiscordBot (https://c500.store, 1)",
      },
      body: JSON.stringify(registrationBody(commands, groups)),
    });
    const registered = (await response.json()) as Registered[];
    expect(registered.flatMap(wordsOf).toSorted()).toEqual(
      commands.map(({ words }) => words).toSorted(),
    );
  });
});
