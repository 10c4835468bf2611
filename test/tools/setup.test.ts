import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import Stripe from "stripe";
import { listenWith } from "../../local/kit/http.ts";
import { endpointMark, handledEvents } from "../../tools/checks/stripe-endpoints.ts";
import { UsageError } from "../../tools/cli/command-line.ts";
import { readArguments } from "../../tools/setup/arguments.ts";
import { community, seeder, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { stripeClient } from "../support/stripe-client.ts";
import { commandsOn, person, STOP } from "./commands.ts";

const SECRETS = [
  "DISCORD_BOT_TOKEN",
  "FORGOTTEN_KEY",
  "KOFI_VERIFICATION_TOKEN",
  "SHOPIFY_WEBHOOK_SECRET",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRETS",
  "TWITCH_CLIENT_SECRET",
  "TWITCH_EVENTSUB_SECRET",
];
/** A new installation has none of these: a setup makes them. */
const UNMADE = {
  STRIPE_WEBHOOK_SECRETS: undefined,
  TWITCH_EVENTSUB_SECRET: undefined,
  FORGOTTEN_KEY: undefined,
};

let cloud: TestCloud;
let commands: ReturnType<typeof commandsOn>;
let stripe: Stripe;

beforeAll(async () => {
  cloud = await startTestCloud({ onSockets: true, environment: {}, rateLimits: false });
  commands = commandsOn(cloud);
  stripe = stripeClient(cloud);
});
beforeEach(async () => {
  await forgetEverything();
});
afterAll(async () => {
  commands.close();
  await cloud.stop();
});

/** Makes the installation one that nobody has set up: Terraform has made secrets without values. */
async function forgetEverything(): Promise<void> {
  cloud.faults.clear();
  rmSync(join(commands.folder, "terraform"), { recursive: true, force: true });
  for (const name of SECRETS) {
    await commands.secrets("DELETE", `/${name}`);
    await commands.secrets("POST", `?secretId=${name}`, { replication: { automatic: {} } });
  }
  for (const { id } of (await stripe.webhookEndpoints.list()).data) {
    await stripe.webhookEndpoints.del(id);
  }
  const discord = commands.discord();
  await discord.put(commandsPath, { body: [] });
  await discord.patch("/applications/@me", { body: { interactions_endpoint_url: "" } });
}

const commandsPath =
  `/applications/${community.applicationId}/guilds/${community.guildId}/commands` as const;

const endpoints = async () => (await stripe.webhookEndpoints.list()).data;
const project = () => cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "";

async function kept(name: string): Promise<string> {
  const { payload } = await commands.secrets("GET", `/${name}/versions/latest:access`);
  return Buffer.from(payload?.data ?? "", "base64").toString();
}

async function versions(name: string): Promise<number> {
  return (await commands.secrets("GET", `/${name}/versions`)).versions?.length ?? 0;
}

function variables() {
  const text = readFileSync(join(commands.folder, "terraform/c500.auto.tfvars.json"), "utf8");
  return JSON.parse(text) as {
    project_id: string;
    settings: Record<string, string>;
    secret_versions: Record<string, string>;
  };
}

describe("a new installation", () => {
  test("is set up by a run, works once it is deployed, and another run changes nothing", async () => {
    const first = await commands.setup(UNMADE);
    expect(first.wrong).toEqual([]);
    expect(first.code).toBe(0);
    expect(first.said).toMatch(/by hand +Twitch +EventSub subscriptions cannot be made before/);
    expect(first.said).toMatch(
      /by hand +Shopify +webhooks of Shopify's admin do not report disputes/,
    );
    expect(first.said).toMatch(/by hand +Ko-fi +Ko-fi reports neither refunds nor disputes/);
    const registered = await commands.discord().get(commandsPath);
    expect(registered).toContainEqual(expect.objectContaining({ name: "c500" }));
    expect(await commands.discord().get("/applications/@me")).toMatchObject({
      interactions_endpoint_url: cloud.url("discord-interactions"),
    });
    const url = cloud.url("stripe-webhook");
    const common = { url, api_version: Stripe.API_VERSION, status: "enabled" };
    expect(await endpoints()).toMatchObject([
      { ...common, enabled_events: handledEvents.connect },
      { ...common, enabled_events: handledEvents.platform },
    ]);
    expect(variables()).toMatchObject({
      project_id: project(),
      settings: { DISCORD_GUILD_ID: community.guildId, STRIPE_LIVEMODE: "false" },
      secret_versions: { STRIPE_WEBHOOK_SECRETS: "2", DISCORD_BOT_TOKEN: "1" },
    });
    const written = JSON.stringify(variables());
    for (const name of ["FUNCTIONS_BASE_URL", "FUNCTION_URL_TEMPLATE", "UPSTASH_API_KEY"]) {
      expect(written).not.toContain(name);
    }
    for (const name of SECRETS) expect(written).not.toContain(await kept(name));

    const deployed = Object.fromEntries(
      await Promise.all(SECRETS.map(async (name) => [name, await kept(name)] as const)),
    );
    await cloud.functions.start({ ...cloud.settings, ...deployed });
    const { id, twitchId } = await seeder(cloud).builder();
    await cloud.firestore.doc(`builders/${id}`).update({ twitch_user_id: twitchId });
    const second = await commands.setup(UNMADE);
    expect(second.wrong).toEqual([]);
    await cloud.settle();
    const statuses = cloud.twitch.subscriptions().map(({ type, status }) => `${type} ${status}`);
    expect(statuses).toEqual(["stream.online enabled", "stream.offline enabled"]);
    cloud.stripe.sellMerch({ title: "A shirt", price: 1000 });
    await cloud.settle();
    const published = cloud.pubsub?.published("stripe-events") ?? [];
    expect(published.map(({ attributes }) => attributes["type"])).toEqual([
      "checkout.session.completed",
    ]);

    const third = await commands.setup(UNMADE);
    expect(third.said).toMatch(/, 0 changed, /);
    expect((await commands.doctor(UNMADE)).wrong).toEqual([]);
    expect(await versions("STRIPE_WEBHOOK_SECRETS")).toBe(2);
  });

  test("that is not deployed yet is told what comes next, and fails nothing", async () => {
    const nowhere = { FUNCTIONS_BASE_URL: "http://127.0.0.1:9" };
    const { code, said } = await commands.setup({ ...UNMADE, ...nowhere });
    expect(code).toBe(0);
    expect(said).toMatch(
      /by hand +Discord +interactions cannot be sent to http:\/\/127\.0\.0\.1:9/,
    );
    expect(said).toMatch(/→ Deploy them \(.*terraform.* apply\), then run \.\/dev setup again/);
  });

  test("whose secrets Terraform has not made is sent there first", async () => {
    await commands.secrets("DELETE", "/STRIPE_WEBHOOK_SECRETS");
    const { code, wrong } = await commands.setup(UNMADE);
    expect(wrong).toEqual([
      expect.stringMatching(
        /no secret STRIPE_WEBHOOK_SECRETS → .*terraform apply -var deploy_functions=false -target=google_secret_manager_secret\.secret$/,
      ),
    ]);
    expect(code).toBe(1);
    expect(await endpoints()).toEqual([]);
  });
});

describe("a run that died", () => {
  test("between an endpoint's making and the keeping of its secret has it made anew", async () => {
    const { id: lost } = await stripe.webhookEndpoints.create({
      url: cloud.url("stripe-webhook"),
      enabled_events: ["*"],
      metadata: endpointMark("platform", project()),
    });
    const { said } = await commands.setup(UNMADE);
    expect(said).toContain(`the endpoint ${lost} was deleted: nobody has its secret`);
    expect((await endpoints()).map(({ id }) => id)).not.toContain(lost);
    expect((await kept("STRIPE_WEBHOOK_SECRETS")).split(",")).toHaveLength(2);
  });

  test("and one that could not keep a secret leave no endpoint that nobody can check", async () => {
    const operation = /STRIPE_WEBHOOK_SECRETS:addVersion/;
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "secrets", operation, fault, times: 1 });
    const { code, wrong } = await commands.setup(UNMADE);
    expect(wrong).toEqual([expect.stringMatching(/STRIPE_WEBHOOK_SECRETS could not be kept/)]);
    expect(code).toBe(1);
    expect(await endpoints()).toEqual([]);
    expect((await commands.setup(UNMADE)).code).toBe(0);
    expect(await endpoints()).toHaveLength(2);
  });
});

test.each([[1], [2], [3]])(
  "secrets that Secret Manager does not show (%i times) are not taken for lost: nothing is deleted or replaced",
  async (times) => {
    await commands.setup(UNMADE);
    const before = await endpoints();
    const eventSub = await kept("TWITCH_EVENTSUB_SECRET");
    const operation = /(STRIPE_WEBHOOK_SECRETS|TWITCH_EVENTSUB_SECRET)\/versions.*/;
    cloud.faults.add({ target: "secrets", operation, fault: { kind: "fail", code: 403 }, times });
    expect((await commands.setup(UNMADE)).code).toBe(1);
    cloud.faults.clear();
    expect(await endpoints()).toEqual(before);
    expect(await kept("TWITCH_EVENTSUB_SECRET")).toBe(eventSub);
  },
);

test("endpoints that were changed are fixed, those of others are left", async () => {
  await commands.setup(UNMADE);
  const [connect, platform] = await endpoints();
  await stripe.webhookEndpoints.update(connect?.id ?? "", { disabled: true });
  await stripe.webhookEndpoints.update(platform?.id ?? "", { url: "https://old.example/stripe" });
  const events: ["*"] = ["*"];
  const byHand = { url: cloud.url("stripe-webhook"), enabled_events: events };
  const { id: strange } = await stripe.webhookEndpoints.create(byHand);
  const other = { url: "https://shop.example", enabled_events: events };
  const { id: unrelated } = await stripe.webhookEndpoints.create(other);
  const { said, code } = await commands.setup(UNMADE);
  expect(code).toBe(0);
  expect(said).toMatch(new RegExp(`by hand +Stripe +${strange} sends to`));
  expect(said).not.toContain(unrelated);
  expect(await versions("STRIPE_WEBHOOK_SECRETS")).toBe(2);
  expect(await endpoints()).toMatchObject([
    { id: unrelated },
    { id: strange, status: "enabled" },
    { id: connect?.id, status: "enabled" },
    { id: platform?.id, url: cloud.url("stripe-webhook") },
  ]);
});

describe("what is wrong is said, with where to fix it, and not kept", () => {
  const cases: [string, Record<string, string>, RegExp, string?][] = [
    [
      "a bot's token that is not good",
      { DISCORD_BOT_TOKEN: "stolen" },
      /does not take the bot's token.*→ Make a new one with Reset Token at https:\/\/discord/,
      "DISCORD_BOT_TOKEN",
    ],
    [
      "a token of another application",
      { DISCORD_APPLICATION_ID: "77" },
      /of the application c500 \(\d+\), not of DISCORD_APPLICATION_ID → Set DISCORD_APPLICATION_ID/,
      "DISCORD_BOT_TOKEN",
    ],
    [
      "a public key that is not the application's",
      { DISCORD_PUBLIC_KEY: "ab".repeat(32) },
      /DISCORD_PUBLIC_KEY is not the application's.*→ Set it to [0-9a-f]{64}/,
    ],
    [
      "a server that the bot is not in",
      { DISCORD_GUILD_ID: "78" },
      /the bot is not in the server 78.*→ .*oauth2\/authorize\?client_id=\d+&scope=bot/,
    ],
    [
      "a channel that there is not",
      { DISCORD_ORDERS_CHANNEL_ID: "79" },
      /DISCORD_ORDERS_CHANNEL_ID: there is no channel 79: Unknown Channel.*→ Copy the channel's id/,
    ],
    [
      "a role that there is not",
      { DISCORD_DROP_ROLE_ID: "80" },
      /DISCORD_DROP_ROLE_ID: the server has no role 80 → Copy the role's id/,
    ],
    [
      "a Stripe key that is not good",
      { STRIPE_SECRET_KEY: "sk_test_of_nobody" },
      /Stripe does not take the key.*→ Set STRIPE_SECRET_KEY to the secret key/,
      "STRIPE_SECRET_KEY",
    ],
    [
      "a key of the other mode",
      { STRIPE_LIVEMODE: "true" },
      /STRIPE_SECRET_KEY is of test mode, but STRIPE_LIVEMODE is true → Take the key of live mode/,
      "STRIPE_SECRET_KEY",
    ],
    [
      "a Twitch secret that is not good",
      { TWITCH_CLIENT_SECRET: "guessed" },
      /Twitch gives no token.*→ Set TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET/,
      "TWITCH_CLIENT_SECRET",
    ],
    [
      "a token that is not Redis's",
      { UPSTASH_REDIS_REST_TOKEN: "guessed" },
      /Redis does not take the token.*→ Copy UPSTASH_REDIS_REST_URL/,
    ],
    [
      "a setting that cannot be right",
      { PUBLIC_SITE_URL: "our site" },
      /PUBLIC_SITE_URL is malformed → Address of the public site/,
    ],
    [
      "a project that cannot be reached",
      { GOOGLE_CLOUD_PROJECT: "another" },
      /project another cannot be reached.*→ Is another the project's id\?/,
    ],
  ];

  test.each(cases)("%s", async (...[, changes, finding, secret]) => {
    const { code, wrong } = await commands.setup(changes);
    expect(code).toBe(1);
    expect(wrong).toContainEqual(expect.stringMatching(finding));
    if (secret) expect(await versions(secret)).toBe(0);
  });

  test("an endpoint that Discord does not take", async () => {
    const answer401 = createServer((_request, response) => void response.writeHead(401).end());
    const refusing = await listenWith(answer401);
    const { code, wrong } = await commands.setup({ FUNCTIONS_BASE_URL: refusing.url });
    expect(code).toBe(1);
    expect(wrong).toContainEqual(
      expect.stringMatching(
        /Discord called http\S+ and does not take it: .*PING.*→ It wants a PONG/,
      ),
    );
    await refusing.stop();
  });
});

describe("a renewal", () => {
  test("makes Stripe's endpoints beside the old ones, which the next run deletes with their secrets", async () => {
    await commands.setup(UNMADE);
    const before = (await endpoints()).map(({ id }) => id);
    const secrets = (await kept("STRIPE_WEBHOOK_SECRETS")).split(",");
    await cloud.clock.advance(1000);
    const renewed = await commands.setup(UNMADE, {}, "stripe");
    expect(renewed.wrong).toEqual([]);
    expect((await endpoints()).map(({ id }) => id)).toEqual(expect.arrayContaining(before));
    expect(await endpoints()).toHaveLength(4);
    const both = (await kept("STRIPE_WEBHOOK_SECRETS")).split(",");
    expect(both).toEqual([...secrets, expect.any(String), expect.any(String)]);
    expect(variables().secret_versions["STRIPE_WEBHOOK_SECRETS"]).toBe(
      String(await versions("STRIPE_WEBHOOK_SECRETS")),
    );

    const next = await commands.setup(UNMADE);
    expect(next.wrong).toEqual([]);
    expect(await endpoints()).toHaveLength(2);
    for (const { id } of await endpoints()) expect(before).not.toContain(id);
    expect((await kept("STRIPE_WEBHOOK_SECRETS")).split(",")).toEqual(both.slice(2));
    expect((await commands.setup(UNMADE)).said).not.toMatch(/changed +Stripe/);
  });

  test("is asked for by a service's name, and nothing else is understood", () => {
    expect(readArguments([])).toEqual({ renew: undefined });
    expect(readArguments(["--renew", "stripe"])).toEqual({ renew: "stripe" });
    for (const wrong of [["--renew"], ["--renew", "twitch"], ["--new"], ["stripe"]]) {
      expect(() => readArguments(wrong)).toThrow(UsageError);
    }
  });
});

describe("c500.env", () => {
  test("is read, and the environment wins over it", async () => {
    mkdirSync(commands.folder, { recursive: true });
    const file = join(commands.folder, "c500.env");
    writeFileSync(file, "# ours\nDISCORD_DROP_ROLE_ID=81\nDISCORD_GENERAL_CHANNEL_ID=82\n");
    const { wrong } = await commands.setup({ DISCORD_DROP_ROLE_ID: undefined });
    rmSync(file);
    expect(wrong).toEqual([expect.stringContaining("the server has no role 81")]);
    expect(existsSync(file)).toBe(false);
  });
});

describe("on a terminal", () => {
  const unknown = {
    TWITCH_CLIENT_SECRET: undefined,
    KOFI_VERIFICATION_TOKEN: undefined,
    DISCORD_GUILD_ID: "our server",
  };

  test("what is missing or cannot be right is asked for, until it fits; secrets do not show", async () => {
    const secret = cloud.settings["TWITCH_CLIENT_SECRET"] ?? "";
    const terminal = person({
      DISCORD_GUILD_ID: ["the C500 server", community.guildId],
      TWITCH_CLIENT_SECRET: ["", secret],
      KOFI_VERIFICATION_TOKEN: [""],
    });
    const { code, said, wrong } = await commands.setup(unknown, terminal);
    expect(wrong).toEqual([]);
    expect(code).toBe(0);
    expect(said).toContain("DISCORD_GUILD_ID: Id of the community's Discord server");
    expect(said).toContain("the C500 server");
    expect(said).not.toContain(secret);
    expect(await kept("TWITCH_CLIENT_SECRET")).toBe(secret);
    expect(variables().settings["DISCORD_GUILD_ID"]).toBe(community.guildId);
  });

  test("what was answered once is not asked for again", async () => {
    const secret = cloud.settings["TWITCH_CLIENT_SECRET"] ?? "";
    const answers = { DISCORD_GUILD_ID: [community.guildId], TWITCH_CLIENT_SECRET: [secret] };
    const missing = { DISCORD_GUILD_ID: undefined, TWITCH_CLIENT_SECRET: undefined };
    await commands.setup(missing, person(answers));
    expect((await commands.setup(missing, person({}))).code).toBe(0);
  });

  test("Ctrl+C stops it before anything is changed", async () => {
    const terminal = person({ DISCORD_GUILD_ID: [STOP] });
    const { code, said } = await commands.setup({ DISCORD_GUILD_ID: undefined }, terminal);
    expect(code).toBe(130);
    expect(said).toContain("Stopped. Run it again at any time");
    expect(await endpoints()).toEqual([]);
    expect(await versions("DISCORD_BOT_TOKEN")).toBe(0);
  });
});
