import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { functionNames } from "../functions/manifest.ts";
import { registerCommands } from "../tools/register-commands.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { community } from "./community.ts";
import { startControl } from "./control.ts";

const FOLDER = ".local";
const ENDPOINTS = `${FOLDER}/endpoints.json`;

/** The settings that sign what goes in, or open a door: local only, made anew at each start. */
const KEYS = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_PUBLIC_KEY",
  "DISCORD_BOT_TOKEN",
  "TWITCH_CLIENT_ID",
  "TWITCH_CLIENT_SECRET",
  "TWITCH_EVENTSUB_SECRET",
  "UPSTASH_REDIS_REST_TOKEN",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRETS",
  "KOFI_VERIFICATION_TOKEN",
  "SHOPIFY_WEBHOOK_SECRET",
];

const say = (line: string) => process.stdout.write(`${line}\n`);

if (await isRunning()) {
  process.stderr.write(
    "It is running already, from this folder. Stop it there with Ctrl+C first.\n",
  );
  process.exit(1);
}
mkdirSync(FOLDER, { recursive: true });
say("Starting the local cloud…");
const cloud = await startCloud({ dataDir: `${FOLDER}/firestore`, log: say });
const control = await startControl(cloud);
const { settings } = cloud;
if (cloud.discord) {
  await registerCommands({
    apiBaseUrl: settings.DISCORD_API_BASE_URL ?? "",
    applicationId: settings.DISCORD_APPLICATION_ID ?? "",
    botToken: settings.DISCORD_BOT_TOKEN ?? "",
    guildId: community.guildId,
  });
  await cloud.discord.saveEndpoint(`${cloud.functions.url}/discord-interactions`);
}
writeFileSync(ENDPOINTS, `${JSON.stringify(endpoints(cloud, control.url), null, 2)}\n`);
say(
  `Ready. Addresses and keys are in ${ENDPOINTS}; Firestore's data stays in ${FOLDER}/firestore.`,
);
say(`The site is at ${settings.PUBLIC_SITE_URL}. Press Ctrl+C to stop.`);

await new Promise<void>((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});
rmSync(ENDPOINTS, { force: true });
await control.stop();
await cloud.stop();
process.exit(0);

/** Two at once would write the same data. What was killed left its addresses, but answers no more. */
async function isRunning(): Promise<boolean> {
  try {
    const { control: other } = JSON.parse(readFileSync(ENDPOINTS, "utf8"));
    return (await fetch(`${other}/clock`)).ok;
  } catch {
    return false;
  }
}

function endpoints(running: Cloud, controlUrl: string) {
  const { settings: all, functions, discordPrivateKey } = running;
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, all[name]]));
  return {
    control: controlUrl,
    functions: Object.fromEntries(functionNames.map((name) => [name, `${functions.url}/${name}`])),
    services: {
      firestore: all.FIRESTORE_EMULATOR_HOST,
      pubsub: all.PUBSUB_EMULATOR_HOST,
      tasks: all.CLOUD_TASKS_EMULATOR_HOST,
      upstash: all.UPSTASH_REDIS_REST_URL,
      discord: all.DISCORD_API_BASE_URL,
      stripe: all.STRIPE_API_BASE_URL,
      twitchApi: all.TWITCH_API_BASE_URL,
      twitchAuth: all.TWITCH_AUTH_BASE_URL,
      shops: running.shops.url,
      secrets: all.SECRET_MANAGER_EMULATOR_HOST,
    },
    site: all.PUBLIC_SITE_URL,
    projectId: all.GOOGLE_CLOUD_PROJECT,
    keys: { ...pick(KEYS), DISCORD_PRIVATE_KEY: discordPrivateKey },
    settings: all,
    community,
  };
}
