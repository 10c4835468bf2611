import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import Stripe from "stripe";
import { listenWith } from "../../../local/kit/http/listen.ts";
import { UsageError } from "../../../tools/cli/command-line.ts";
import { endpointMark, handledEvents } from "../../../tools/doctor/checks/stripe/endpoints.ts";
import { readArguments } from "../../../tools/setup/arguments.ts";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { community, seeder, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { commandsOn, person, STOP } from "../commands.ts";

const SECRETS = [
  "DISCORD_BOT_TOKEN",
  "DISCORD_CLIENT_SECRET",
  "FORGOTTEN_KEY",
  "KOFI_VERIFICATION_TOKEN",
  "SESSION_KEY",
  "SHOPIFY_WEBHOOK_SECRET",
  "STRIPE_READ_KEY",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRETS",
  "TWITCH_CLIENT_SECRET",
  "TWITCH_EVENTSUB_SECRET",
];
/** A new installation has none of these: setup creates them. */
const UNMADE = {
  STRIPE_WEBHOOK_SECRETS: undefined,
  TWITCH_EVENTSUB_SECRET: undefined,
  FORGOTTEN_KEY: undefined,
  SESSION_KEY: undefined,
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

/** Turns the installation into a new one: Terraform has created secrets, without values. */
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

async function stored(name: string): Promise<string> {
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
  test("is set up by one run, works once it is deployed, and another run changes nothing", async () => {
    const first = await commands.setup(UNMADE);
    expect(first.wrong).toEqual([]);
    expect(first.code).toBe(0);
    expect(first.output).toMatch(
      /by hand +Twitch +EventSub subscriptions cannot be created before/,
    );
    expect(first.output).toMatch(
      /by hand +Shopify +webhooks of Shopify's admin do not report disputes/,
    );
    expect(first.output).toMatch(/by hand +Ko-fi +Ko-fi reports neither refunds nor disputes/);
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
    for (const name of SECRETS) expect(written).not.toContain(await stored(name));

    const deployed = Object.fromEntries(
      await Promise.all(SECRETS.map(async (name) => [name, await stored(name)] as const)),
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
    expect(third.output).toMatch(/, 0 changed, /);
    expect((await commands.doctor(UNMADE)).wrong).toEqual([]);
    expect(await versions("STRIPE_WEBHOOK_SECRETS")).toBe(2);
  });

  test("that is not deployed yet shows the next step, and the run succeeds", async () => {
    const nowhere = { FUNCTIONS_BASE_URL: "http://127.0.0.1:9" };
    const { code, output } = await commands.setup({ ...UNMADE, ...nowhere });
    expect(code).toBe(0);
    expect(output).toMatch(
      /by hand +Discord +interactions cannot be sent to http:\/\/127\.0\.0\.1:9/,
    );
    expect(output).toMatch(/→ Deploy them \(.*terraform.* apply\), then run \.\/dev setup again/);
  });

  test("whose secrets Terraform has not created points to Terraform first", async () => {
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

describe("a run that crashed", () => {
  test("between creating an endpoint and storing its secret has the endpoint created again", async () => {
    const { id: lost } = await stripe.webhookEndpoints.create({
      url: cloud.url("stripe-webhook"),
      enabled_events: ["*"],
      metadata: endpointMark("platform", project()),
    });
    const { output } = await commands.setup(UNMADE);
    expect(output).toContain(`the endpoint ${lost} was deleted: its secret was not stored`);
    expect((await endpoints()).map(({ id }) => id)).not.toContain(lost);
    expect((await stored("STRIPE_WEBHOOK_SECRETS")).split(",")).toHaveLength(2);
  });

  test("or could not store a secret leaves no endpoint whose events cannot be verified", async () => {
    const operation = /STRIPE_WEBHOOK_SECRETS:addVersion/;
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "secrets", operation, fault, times: 1 });
    const { code, wrong } = await commands.setup(UNMADE);
    expect(wrong).toEqual([expect.stringMatching(/STRIPE_WEBHOOK_SECRETS could not be stored/)]);
    expect(code).toBe(1);
    expect(await endpoints()).toEqual([]);
    expect((await commands.setup(UNMADE)).code).toBe(0);
    expect(await endpoints()).toHaveLength(2);
  });
});

test.each([[1], [2], [3]])(
  "secrets that Secret Manager fails to return (%i times) do not count as lost: nothing is deleted or replaced",
  async (times) => {
    await commands.setup(UNMADE);
    const before = await endpoints();
    const eventSub = await stored("TWITCH_EVENTSUB_SECRET");
    const operation = /(STRIPE_WEBHOOK_SECRETS|TWITCH_EVENTSUB_SECRET)\/versions.*/;
    cloud.faults.add({ target: "secrets", operation, fault: { kind: "fail", code: 403 }, times });
    expect((await commands.setup(UNMADE)).code).toBe(1);
    cloud.faults.clear();
    expect(await endpoints()).toEqual(before);
    expect(await stored("TWITCH_EVENTSUB_SECRET")).toBe(eventSub);
  },
);

test("our endpoints are fixed if they were changed; others' endpoints are left as they are", async () => {
  await commands.setup(UNMADE);
  const [connect, platform] = await endpoints();
  await stripe.webhookEndpoints.update(connect?.id ?? "", { disabled: true });
  await stripe.webhookEndpoints.update(platform?.id ?? "", { url: "https://old.example/stripe" });
  const events: ["*"] = ["*"];
  const byHand = { url: cloud.url("stripe-webhook"), enabled_events: events };
  const { id: strange } = await stripe.webhookEndpoints.create(byHand);
  const other = { url: "https://shop.example", enabled_events: events };
  const { id: unrelated } = await stripe.webhookEndpoints.create(other);
  const { output, code } = await commands.setup(UNMADE);
  expect(code).toBe(0);
  expect(output).toMatch(new RegExp(`by hand +Stripe +${strange} sends to`));
  expect(output).not.toContain(unrelated);
  expect(await versions("STRIPE_WEBHOOK_SECRETS")).toBe(2);
  expect(await endpoints()).toMatchObject([
    { id: unrelated },
    { id: strange, status: "enabled" },
    { id: connect?.id, status: "enabled" },
    { id: platform?.id, url: cloud.url("stripe-webhook") },
  ]);
});

describe("a wrong value is reported with where to fix it, and not stored", () => {
  const cases: [string, Record<string, string>, RegExp, string?][] = [
    [
      "an invalid bot token",
      { DISCORD_BOT_TOKEN: "stolen" },
      /does not accept the bot's token.*→ Create a new one with Reset Token at https:\/\/discord/,
      "DISCORD_BOT_TOKEN",
    ],
    [
      "a wrong client secret",
      { DISCORD_CLIENT_SECRET: "guessed" },
      /does not accept the client secret: invalid_client → Create a new one with Reset Secret/,
      "DISCORD_CLIENT_SECRET",
    ],
    [
      "a site that builders cannot come back to",
      { PUBLIC_SITE_URL: "https://elsewhere.example" },
      /elsewhere\.example\/discord\/callback is not among the application's redirects.*→ Add it/,
    ],
    [
      "a token of another application",
      { DISCORD_APPLICATION_ID: "77" },
      /belongs to the application c500 \(\d+\), not to DISCORD_APPLICATION_ID → Set DISCORD_APPLICATION_ID/,
      "DISCORD_BOT_TOKEN",
    ],
    [
      "a public key of another application",
      { DISCORD_PUBLIC_KEY: "ab".repeat(32) },
      /DISCORD_PUBLIC_KEY does not belong to the application.*→ Set it to [0-9a-f]{64}/,
    ],
    [
      "a server that the bot is not in",
      { DISCORD_GUILD_ID: "78" },
      /the bot is not in the server 78.*→ .*oauth2\/authorize\?client_id=\d+&scope=bot/,
    ],
    [
      "a channel that does not exist",
      { DISCORD_ORDERS_CHANNEL_ID: "79" },
      /DISCORD_ORDERS_CHANNEL_ID: there is no channel 79: Unknown Channel.*→ Copy the channel's id/,
    ],
    [
      "a role that does not exist",
      { DISCORD_DROP_ROLE_ID: "80" },
      /DISCORD_DROP_ROLE_ID: the server has no role 80 → Copy the role's id/,
    ],
    [
      "an invalid Stripe key",
      { STRIPE_SECRET_KEY: "sk_test_of_nobody" },
      /Stripe does not accept the key.*→ Set STRIPE_SECRET_KEY to the secret key/,
      "STRIPE_SECRET_KEY",
    ],
    [
      "a key of the other mode",
      { STRIPE_LIVEMODE: "true" },
      /STRIPE_SECRET_KEY is in test mode, but STRIPE_LIVEMODE is true → Take the key of live mode/,
      "STRIPE_SECRET_KEY",
    ],
    [
      "an invalid key of the site",
      { STRIPE_READ_KEY: "rk_test_of_nobody" },
      /the site's key cannot read.*→ .*Checkout Sessions: Read, Charges and Refunds: Read/,
      "STRIPE_READ_KEY",
    ],
    [
      "a key of the site of the other mode",
      { STRIPE_READ_KEY: "rk_live_of_nobody" },
      /STRIPE_READ_KEY is not a restricted key of test mode/,
      "STRIPE_READ_KEY",
    ],
    [
      "an invalid Twitch secret",
      { TWITCH_CLIENT_SECRET: "guessed" },
      /Twitch issues no token.*→ Set TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET/,
      "TWITCH_CLIENT_SECRET",
    ],
    [
      "an invalid Redis token",
      { UPSTASH_REDIS_REST_TOKEN: "guessed" },
      /Redis does not accept the token.*→ Copy UPSTASH_REDIS_REST_URL/,
    ],
    [
      "a malformed setting",
      { PUBLIC_SITE_URL: "our site" },
      /PUBLIC_SITE_URL is malformed → Address of the public site/,
    ],
    [
      "a project that cannot be reached",
      { GOOGLE_CLOUD_PROJECT: "another" },
      /project another cannot be reached.*→ Check that another is the project's id/,
    ],
  ];

  // Jest would pass a callback of its own as a fourth parameter where a case has three.
  test.each(cases)("%s", async (...row) => {
    const [, changes, finding, secret] = row;
    const { code, wrong } = await commands.setup(changes);
    expect(code).toBe(1);
    expect(wrong).toContainEqual(expect.stringMatching(finding));
    if (secret) expect(await versions(secret)).toBe(0);
  });

  test("an endpoint that Discord does not accept", async () => {
    const answer401 = createServer((_request, response) => void response.writeHead(401).end());
    const refusing = await listenWith(answer401);
    const { code, wrong } = await commands.setup({ FUNCTIONS_BASE_URL: refusing.url });
    expect(code).toBe(1);
    expect(wrong).toContainEqual(
      expect.stringMatching(
        /Discord called http\S+ and does not accept it: .*PING.*→ Discord expects a PONG/,
      ),
    );
    await refusing.stop();
  });
});

describe("a renewal", () => {
  test("creates Stripe endpoints beside the old ones, which the next run deletes with their secrets", async () => {
    await commands.setup(UNMADE);
    const before = (await endpoints()).map(({ id }) => id);
    const secrets = (await stored("STRIPE_WEBHOOK_SECRETS")).split(",");
    await cloud.clock.advance(1000);
    const renewed = await commands.setup(UNMADE, {}, "stripe");
    expect(renewed.wrong).toEqual([]);
    expect((await endpoints()).map(({ id }) => id)).toEqual(expect.arrayContaining(before));
    expect(await endpoints()).toHaveLength(4);
    const both = (await stored("STRIPE_WEBHOOK_SECRETS")).split(",");
    expect(both).toEqual([...secrets, expect.any(String), expect.any(String)]);
    expect(variables().secret_versions["STRIPE_WEBHOOK_SECRETS"]).toBe(
      String(await versions("STRIPE_WEBHOOK_SECRETS")),
    );

    const next = await commands.setup(UNMADE);
    expect(next.wrong).toEqual([]);
    expect(await endpoints()).toHaveLength(2);
    for (const { id } of await endpoints()) expect(before).not.toContain(id);
    expect((await stored("STRIPE_WEBHOOK_SECRETS")).split(",")).toEqual(both.slice(2));
    expect((await commands.setup(UNMADE)).output).not.toMatch(/changed +Stripe/);
  });

  test("takes a service's name and nothing else", () => {
    expect(readArguments([])).toEqual({ renew: undefined });
    expect(readArguments(["--renew", "stripe"])).toEqual({ renew: "stripe" });
    for (const wrong of [["--renew"], ["--renew", "twitch"], ["--new"], ["stripe"]]) {
      expect(() => readArguments(wrong)).toThrow(UsageError);
    }
  });
});

describe("c500.env", () => {
  test("is read, and the environment takes precedence", async () => {
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

  test("missing and malformed settings are asked for until they are well-formed; secrets are not echoed", async () => {
    const secret = cloud.settings["TWITCH_CLIENT_SECRET"] ?? "";
    const terminal = person({
      DISCORD_GUILD_ID: ["the C500 server", community.guildId],
      TWITCH_CLIENT_SECRET: ["", secret],
      KOFI_VERIFICATION_TOKEN: [""],
    });
    const { code, output, wrong } = await commands.setup(unknown, terminal);
    expect(wrong).toEqual([]);
    expect(code).toBe(0);
    expect(output).toContain("DISCORD_GUILD_ID: Id of the community's Discord server");
    expect(output).toContain("the C500 server");
    expect(output).not.toContain(secret);
    expect(await stored("TWITCH_CLIENT_SECRET")).toBe(secret);
    expect(variables().settings["DISCORD_GUILD_ID"]).toBe(community.guildId);
  });

  test("a question that was answered is not asked again", async () => {
    const secret = cloud.settings["TWITCH_CLIENT_SECRET"] ?? "";
    const answers = { DISCORD_GUILD_ID: [community.guildId], TWITCH_CLIENT_SECRET: [secret] };
    const missing = { DISCORD_GUILD_ID: undefined, TWITCH_CLIENT_SECRET: undefined };
    await commands.setup(missing, person(answers));
    expect((await commands.setup(missing, person({}))).code).toBe(0);
  });

  test("Ctrl+C stops setup before anything is changed", async () => {
    const terminal = person({ DISCORD_GUILD_ID: [STOP] });
    const { code, output } = await commands.setup({ DISCORD_GUILD_ID: undefined }, terminal);
    expect(code).toBe(130);
    expect(output).toContain("Stopped. Run it again at any time");
    expect(await endpoints()).toEqual([]);
    expect(await versions("DISCORD_BOT_TOKEN")).toBe(0);
  });
});
