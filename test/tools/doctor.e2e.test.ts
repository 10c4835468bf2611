import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PubSub } from "@google-cloud/pubsub";
import { CloudTasksClient } from "@google-cloud/tasks";
import { credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { invokersOf } from "../../local/functions/invoker.ts";
import { registerCommands } from "../../tools/setup/register-commands.ts";
import { stripeClient } from "../support/clients/stripe-client.ts";
import { community, seeder, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { commandsOn } from "./commands.ts";

const OPERATORS = { id: community.operatorsChannelId, guildId: community.guildId };

let cloud: TestCloud;
let commands: ReturnType<typeof commandsOn>;
let stripe: Stripe;

beforeAll(async () => {
  cloud = await startTestCloud({ onSockets: true, environment: {}, rateLimits: false });
  commands = commandsOn(cloud);
  stripe = stripeClient(cloud);
  const { id, twitchId } = await seeder(cloud).builder();
  await cloud.firestore.doc(`builders/${id}`).update({ twitch_user_id: twitchId });
  expect((await commands.setup()).code).toBe(0);
  await cloud.settle();
});
afterAll(async () => {
  commands.close();
  await cloud.stop();
});

test("a running installation passes every check, and nothing in it is changed", async () => {
  const requests = cloud.twitch.events().length;
  const before = { endpoints: await stripe.webhookEndpoints.list(), log: cloud.discord.events() };
  const { code, output, wrong } = await commands.doctor();
  expect(wrong).toEqual([]);
  expect(code).toBe(0);
  expect(output).toMatch(/ok +Cloud Tasks +\d+ of \d+ queues are running/);
  expect(output).toMatch(/ok +Twitch +EventSub: 1 of 1 builders have all subscriptions/);
  expect(output).toMatch(/ok +Firestore +(\d+) of \1 indexes are ready/);
  expect(output).toMatch(/ok +Pub\/Sub +(\d+) of \1 subscriptions push to their functions/);
  expect(output).toMatch(
    /ok +endpoints +(\d+) of \1 private functions refuse a caller without a token/,
  );
  expect(output).toMatch(
    /ok +Cloud Tasks +a task went through the queue drop-board to its function/,
  );
  expect(output).toMatch(/ok +Google Cloud +Cloud Run may use 20 vCPUs in us-central1/);
  expect((await stripe.webhookEndpoints.list()).data).toEqual(before.endpoints.data);
  expect(cloud.discord.events()).toEqual(before.log);
  const asked = cloud.twitch.events().slice(requests);
  expect(asked.filter((event) => event.kind === "subscription")).toEqual([]);
});

test("every planted fault is named with its remedy", async () => {
  const { GOOGLE_CLOUD_PROJECT: project = "", FUNCTIONS_BASE_URL: functions } = cloud.settings;
  const [apiEndpoint = "", port] = (cloud.settings["CLOUD_TASKS_EMULATOR_HOST"] ?? "").split(":");
  const sslCreds = credentials.createInsecure();
  const tasks = new CloudTasksClient({ apiEndpoint, port: Number(port), sslCreds });
  await tasks.pauseQueue({ name: tasks.queuePath(project, "us-central1", "hammer-drop") });
  await tasks.close();

  cloud.discord.addChannel({ ...OPERATORS, name: "operators", botMay: { embedLinks: false } });
  cloud.discord.addGuild({ id: community.guildId, name: "C500", botPermissions: "0" });
  const commandsPath = `/applications/${community.applicationId}/guilds/${community.guildId}/commands`;
  await commands.discord().put(commandsPath as `/${string}`, { body: [] });

  const { data: endpoints } = await stripe.webhookEndpoints.list();
  const [connect, platform] = endpoints;
  await stripe.webhookEndpoints.update(connect?.id ?? "", { disabled: true });
  await stripe.webhookEndpoints.update(platform?.id ?? "", { enabled_events: ["refund.created"] });

  const [online] = cloud.twitch.subscriptions();
  cloud.twitch.revoke(online?.id ?? "", "notification_failures_exceeded");
  await commands.secrets("POST", "/STRIPE_SECRET_KEY/versions/1:disable");
  const pubsub = new PubSub({ projectId: project });
  await pubsub.subscription("go-live").modifyPushConfig({ pushEndpoint: `${functions}/elsewhere` });
  await pubsub.subscription("refund").delete();
  await pubsub.close();
  const indexes = `http://${cloud.settings["FIRESTORE_ADMIN_EMULATOR_HOST"]}/v1`;
  const list = `projects/${project}/databases/(default)/collectionGroups/units/indexes`;
  const { indexes: units } = (await (await fetch(`${indexes}/${list}`)).json()) as {
    indexes: { name: string }[];
  };
  for (const { name } of units) await fetch(`${indexes}/${name}`, { method: "DELETE" });

  const { code, wrong } = await commands.doctor();
  const named = [
    /Cloud Tasks +the queue hammer-drop is PAUSED.*→ gcloud tasks queues resume hammer-drop/,
    /the bot lacks "Create Events": .* → Server Settings, Roles, the bot's role, allow "Create Events"/,
    /the bot lacks "Embed Links" in #operators, to show their cards → Edit the channel, Permissions/,
    /commands that are missing or outdated at Discord: .*race.*→ Run \.\/dev setup/,
    /the connect endpoint we_\w+: it is disabled → Run \.\/dev setup/,
    /the platform endpoint we_\w+: it does not send checkout\.session\.completed,.*→ Run/,
    /has no stream\.online: it ended with notification_failures_exceeded → The sweeper/,
    /the secret STRIPE_SECRET_KEY has no enabled version.*→ Run \.\/dev setup/,
    /the subscription go-live: it pushes to http\S+\/elsewhere → Run terraform/,
    /the subscription refund: it is missing → Run terraform/,
    /the index units \(state, number\) is missing → Run terraform/,
  ];
  for (const finding of named) expect(wrong).toContainEqual(expect.stringMatching(finding));
  expect(wrong).toHaveLength(named.length);
  expect(code).toBe(1);
});

test("an endpoint that does not answer, or accepts what it should refuse, is named", async () => {
  await registerCommands({
    apiBaseUrl: cloud.settings["DISCORD_API_BASE_URL"] ?? "",
    applicationId: community.applicationId,
    botToken: cloud.settings["DISCORD_BOT_TOKEN"] ?? "",
    guildId: community.guildId,
  });
  const { wrong } = await commands.doctor({
    FUNCTIONS_BASE_URL: cloud.settings["PUBLIC_SITE_URL"],
    PUBLIC_SITE_URL: "http://127.0.0.1:9",
    DISCORD_BOT_TOKEN: "of-somebody-else",
    UPSTASH_REDIS_REST_TOKEN: "wrong",
  });
  const named = [
    /Discord does not accept the bot's token: 401.*→ Create a new one with Reset Token/,
    /\/discord-interactions answers \d+; 401 was expected/,
    /the site at http:\/\/127\.0\.0\.1:9 does not answer → Check .* and deploy: npx .* --project [a-z]/,
    /Redis does not accept the token: \S.*→ Copy UPSTASH_REDIS_REST_URL/,
  ];
  for (const finding of named) expect(wrong).toContainEqual(expect.stringMatching(finding));
});

test("a worker that refuses its queue's tasks is named, and the task is deleted", async () => {
  const { wrong } = await commands.doctor({ TASKS_SERVICE_ACCOUNT: "tasks-of-another@{name}" });
  expect(wrong).toContainEqual(
    expect.stringMatching(
      /a task of the queue drop-board did not get through: HTTP status code 403 → /,
    ),
  );
  const ours = cloud.tasks?.tasks().filter(({ queueId }) => queueId === "drop-board") ?? [];
  expect(ours.map(({ state }) => state)).toContain("deleted");
});

test("a private function that accepts any caller is named", async () => {
  const open = { FUNCTION_URL_TEMPLATE: `${cloud.functions.url}/{name}` };
  const { wrong } = await commands.doctor(open);
  expect(wrong).toContainEqual(
    expect.stringMatching(
      /\/shop accepted a caller without a token: it answered \d+ → .*get-iam-policy shop/,
    ),
  );
  expect(wrong.filter((line) => line.includes("without a token")).length).toBeGreaterThan(20);
});

test("a function's policy shows who may call it even if a call from outside cannot", async () => {
  const { project } = cloud;
  // Internal ingress: a call from outside is answered with 404, even if anyone may invoke it.
  project?.setInvokers("go-live", ["serviceAccount:c500-push@p.example", "allUsers"]);
  // Accepts a token of any Google account.
  project?.setInvokers("hammer-drop", ["allAuthenticatedUsers"]);
  project?.setInvokers("sweeper", undefined);
  project?.setInvokers("vod-link", undefined);
  const { output, wrong } = await commands.doctor();
  for (const finding of [
    /go-live may be called by allUsers, through the role roles\/run\.invoker → .* remove-iam-policy-binding go-live --project \S+ --region us-central1 --member allUsers --role roles\/run\.invoker/,
    /hammer-drop may be called by allAuthenticatedUsers, .*→ .*binding hammer-drop/,
    /not deployed: (sweeper, vod-link|vod-link, sweeper) → Deploy/,
  ]) {
    expect(wrong).toContainEqual(expect.stringMatching(finding));
  }
  expect(wrong.filter((line) => line.includes("endpoints"))).toHaveLength(3);
  const [, refusing, all] = /(\d+) of (\d+) private functions refuse/.exec(output) ?? [];
  expect(Number(all) - Number(refusing)).toBe(4);
  const asDeployed = invokersOf(cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "");
  for (const [name, members] of asDeployed) project?.setInvokers(name, members);
});

test("a function is not reported as closed if neither a call nor its policy shows it", async () => {
  const { output, wrong } = await commands.doctor({ CLOUD_RUN_EMULATOR_HOST: "127.0.0.1:1" });
  expect(wrong).toContainEqual(
    expect.stringMatching(
      /who may call (\d+) private functions cannot be read: .+ → Run this again/,
    ),
  );
  const [, refusing, all] = /(\d+) of (\d+) private functions refuse/.exec(output) ?? [];
  expect(Number(refusing)).toBeGreaterThan(0);
  expect(Number(refusing)).toBeLessThan(Number(all));
});

test("a quota below what the functions' limits assume is reported", async () => {
  cloud.project?.setVcpuQuota(10);
  const finding = /Cloud Run may use only 10 vCPUs in us-central1.* assume 20.*→ .*vcpu_quota = 10/;
  expect((await commands.doctor()).wrong).toContainEqual(expect.stringMatching(finding));
  mkdirSync(join(commands.folder, "terraform"), { recursive: true });
  writeFileSync(join(commands.folder, "terraform/terraform.tfvars"), "vcpu_quota = 10\n");
  expect((await commands.doctor()).wrong).not.toContainEqual(expect.stringMatching(/processors/));
});
