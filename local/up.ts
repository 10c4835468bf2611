import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { functionNames } from "../functions/manifest.ts";
import { isSecretSetting, settingNames } from "../tools/checks/function-settings.ts";
import { readTyped } from "../tools/cli/command-line.ts";
import { DEFAULT_PORT, devCommand } from "../tools/cli/commands.ts";
import { Mistake } from "../tools/cli/mistake.ts";
import { registerCommands } from "../tools/register-commands.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { community } from "./community.ts";
import { startControl } from "./control.ts";
import { frontPage } from "./control-page.ts";
import { PersistentState, StateFormatError } from "./kit/persistent-state.ts";
import { type Ports, portNames, portsFrom, takenOf } from "./ports.ts";
import { StateFile } from "./state-file.ts";

const FOLDER = ".local";
const ENDPOINTS = `${FOLDER}/endpoints.json`;
/** The functions' log lines since the start; the last run's stay until the next. */
const LOG = `${FOLDER}/log.jsonl`;

/** What a process that is killed may lose; writing takes some milliseconds. */
const SAVE_EVERY_MS = 3_000;

/** The settings that sign what goes in, or open a door: local only, made with the first state. */
const KEYS = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_PUBLIC_KEY",
  "TWITCH_CLIENT_ID",
  ...settingNames.filter(isSecretSetting),
];

/** Someone notices that the clock is ahead of the machine's by so much. */
const WORTH_SAYING_MS = 60_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

const { texts, switches } = readTyped(devCommand("up"), process.argv.slice(2));
const ports = await openPorts(texts["port"]);
mkdirSync(FOLDER, { recursive: true });
const stateFile = new StateFile(`${FOLDER}/state`);
if (switches.has("fresh")) stateFile.remove();
const state = openState();
say("Starting the local cloud…");
const logFile = createWriteStream(LOG);
const cloud = await startCloud({
  state,
  log: (line) => {
    logFile.write(`${line}\n`);
    sayIfError(line);
  },
  ports,
});
const { settings } = cloud;
const page = () => frontPage(whereIsWhat(cloud));
const save = () => stateFile.write(state.snapshot());
const control = await startControl({ ...cloud, page, save }, ports.control);
if (cloud.discord) {
  await registerCommands({
    apiBaseUrl: settings.DISCORD_API_BASE_URL ?? "",
    applicationId: settings.DISCORD_APPLICATION_ID ?? "",
    botToken: settings.DISCORD_BOT_TOKEN ?? "",
    guildId: community.guildId,
  });
  await cloud.discord.saveEndpoint(`${cloud.functions.url}/discord-interactions`);
}
save();
const saving = setInterval(save, SAVE_EVERY_MS);
writeFileSync(ENDPOINTS, `${JSON.stringify(endpoints(cloud, control.url), null, 2)}\n`);
say(`Ready, ${state.isRestored ? "with everything as the last run left it (--fresh starts empty)" : "empty"}.${clockText(cloud)} Where to click:
  ${control.url}/   all addresses, and how to drive Discord, Stripe, Twitch, the shops and the clock
  ${settings.PUBLIC_SITE_URL}/   the site: what is on sale; each drop has its page at /drop/ID
Addresses and keys for programs are in ${ENDPOINTS}, log lines in ${LOG}.
Press Ctrl+C to stop.`);

await new Promise<void>((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});
say("Stopping…");
clearInterval(saving);
save();
rmSync(ENDPOINTS, { force: true });
await control.stop();
await cloud.stop();
process.exit(0);

/** The ports from the one that was asked for. Throws Mistake where they are not free. */
async function openPorts(typed: string | undefined): Promise<Ports> {
  const first = typed === undefined ? DEFAULT_PORT : Number(typed);
  const wanted = portsFrom(first);
  if (!wanted) {
    throw new Mistake(
      `"${typed}" is not a port: --port is a number from 1024 to 65000, such as 7600.`,
    );
  }
  if (await isRunning()) {
    throw new Mistake(
      "./dev up is already running in this folder. Stop it there with Ctrl+C first.",
    );
  }
  const taken = await takenOf(wanted);
  if (taken.length === 0) return wanted;
  const last = first + portNames.length - 1;
  throw new Mistake(
    `Of the ports ${first} to ${last} another program has ${taken.join(", ")}. Stop it, or take others: ./dev up --port ${first + 100}`,
  );
}

/** What the last run left, if it had the same ports: addresses of its services are all over it. */
function openState(): PersistentState {
  try {
    const kept = new PersistentState(stateFile.read());
    kept.part("first port", () => ports.control, refuseOtherPort);
    return kept;
  } catch (error) {
    if (!(error instanceof StateFormatError)) throw error;
    throw new Mistake(
      `Another version of this code saved the last run's state: start without it, ./dev up --fresh.`,
    );
  }
}

function refuseOtherPort(before: number): void {
  if (before === ports.control) return;
  throw new Mistake(
    `The last run used port ${before}. Continue it with ./dev up --port ${before}, or start without it: ./dev up --fresh --port ${ports.control}.`,
  );
}

/** Where the clock is, if that is not where the machine's is: it goes on from where the last run ended. */
function clockText({ clock }: Pick<Cloud, "clock">): string {
  if (clock.aheadMs < WORTH_SAYING_MS) return "";
  return `\nThe clock was advanced and goes on from there: it is ${clock.now().toISOString()} here. --fresh starts at the machine's time.\n`;
}

/** Two at once would write the same data. What was killed left its addresses, but answers no more. */
async function isRunning(): Promise<boolean> {
  try {
    const { control: other } = JSON.parse(readFileSync(ENDPOINTS, "utf8"));
    return (await fetch(`${other}/clock`)).ok;
  } catch {
    return false;
  }
}

/** Errors are worth a look at once; the rest is in the file. */
function sayIfError(line: string): void {
  const { severity, function: name, message } = JSON.parse(line);
  if (severity === "ERROR") say(`Error in ${name}: ${message} (see ${LOG})`);
}

function whereIsWhat({ settings: all, functions, discord, stripe, twitch, shops }: Cloud) {
  const controlOf = (service: { url: string } | undefined) => service && `${service.url}/control`;
  return {
    site: all.PUBLIC_SITE_URL,
    controls: {
      "clock, faults": `http://127.0.0.1:${ports.control}`,
      discord: controlOf(discord),
      stripe: controlOf(stripe),
      twitch: controlOf(twitch),
      shops: controlOf(shops),
    },
    addresses: {
      functions: functions.url,
      ...servicesOf(all),
      shops: shops.url,
    },
  };
}

function servicesOf(all: Cloud["settings"]) {
  return {
    firestore: all.FIRESTORE_EMULATOR_HOST,
    pubsub: all.PUBSUB_EMULATOR_HOST,
    tasks: all.CLOUD_TASKS_EMULATOR_HOST,
    upstash: all.UPSTASH_REDIS_REST_URL,
    discord: all.DISCORD_API_BASE_URL,
    stripe: all.STRIPE_API_BASE_URL,
    twitchApi: all.TWITCH_API_BASE_URL,
    twitchAuth: all.TWITCH_AUTH_BASE_URL,
    secrets: all.SECRET_MANAGER_EMULATOR_HOST,
  };
}

function endpoints(running: Cloud, controlUrl: string) {
  const { settings: all, functions, discordPrivateKey } = running;
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, all[name]]));
  return {
    control: controlUrl,
    functions: Object.fromEntries(functionNames.map((name) => [name, `${functions.url}/${name}`])),
    services: { ...servicesOf(all), shops: running.shops.url },
    site: all.PUBLIC_SITE_URL,
    projectId: all.GOOGLE_CLOUD_PROJECT,
    keys: { ...pick(KEYS), DISCORD_PRIVATE_KEY: discordPrivateKey },
    settings: all,
    community,
  };
}
