import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { functionNames } from "../functions/manifest.ts";
import { openStudio } from "../studio/server/index.ts";
import { LogTail } from "../studio/server/log-tail.ts";
import { readTyped } from "../tools/cli/command-line.ts";
import { DEFAULT_PORT, devCommand, SCENES } from "../tools/cli/commands.ts";
import { Mistake } from "../tools/cli/mistake.ts";
import { isSecretSetting, settingNames } from "../tools/settings/function-settings.ts";
import { registerCommands } from "../tools/setup/register-commands.ts";
import { isAtTerminal, openInBrowser } from "./browser/open-in-browser.ts";
import { type Cloud, startCloud } from "./cloud/cloud.ts";
import { community } from "./cloud/community.ts";
import { type Ports, portNames, portsFrom, takenOf } from "./cloud/ports.ts";
import { StateFile } from "./cloud/state-file.ts";
import { startControl } from "./control/control.ts";
import { PersistentState, StateFormatError } from "./kit/persistent-state.ts";

const FOLDER = ".local";
const ENDPOINTS = `${FOLDER}/endpoints.json`;
/** The functions' log lines since the start; those of the last run stay until the next start. */
const LOG = `${FOLDER}/log.jsonl`;

/** How much a killed process may lose; writing takes some milliseconds. */
const SAVE_EVERY_MS = 3_000;

/**
 * Settings that sign or authorise requests. They are valid only locally and generated with the
 * first state.
 */
const KEYS = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_PUBLIC_KEY",
  "TWITCH_CLIENT_ID",
  ...settingNames.filter(isSecretSetting),
];

/** The clock is reported as ahead of the machine's from this difference on. */
const MIN_REPORTED_LEAD_MS = 60_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

const { texts, switches } = readTyped(devCommand("up"), process.argv.slice(2));
const scene = sceneFrom(texts["scene"], texts["seed"]);
const ports = await openPorts(texts["port"]);
mkdirSync(FOLDER, { recursive: true });
const stateFile = new StateFile(`${FOLDER}/state`);
if (switches.has("fresh")) stateFile.remove();
const state = openState();
print("Starting the local cloud…");
const logs = new LogTail();
const logFile = createWriteStream(LOG);
const cloud = await startCloud({
  state,
  log: (line) => {
    logFile.write(`${line}\n`);
    logs.add(line);
    printIfError(line);
  },
  ports,
});
const { settings } = cloud;
const save = () => stateFile.write(state.snapshot());
const studio = await openStudio({ cloud, logs, save });
const control = await startControl({ ...cloud, save, pages: studio.router }, ports.control);
const studioLink = `${control.url}/#token=${studio.token}`;
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
print(`Ready, ${state.isRestored ? "with everything as the last run left it (--fresh starts empty)" : "empty"}.${clockText(cloud)} 

  ${studioLink}

That is the studio: Discord, Twitch, Stripe, the shops, the clock and everything inside, in a browser.
The site is at ${settings.PUBLIC_SITE_URL}.
Addresses and keys for programs are in ${ENDPOINTS}, log lines in ${LOG}.
Press Ctrl+C to stop.`);
if (!switches.has("no-open") && isAtTerminal()) openInBrowser(studioLink);
if (scene) await startScene(scene);

await new Promise<void>((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});
print("Stopping…");
clearInterval(saving);
save();
rmSync(ENDPOINTS, { force: true });
await control.stop();
await studio.stop();
await cloud.stop();
process.exit(0);

/** The requested scene. Throws Mistake for an unknown one. */
function sceneFrom(name: string | undefined, typedSeed = "1") {
  if (name === undefined) return undefined;
  const found = SCENES.find((each) => each === name);
  if (!found) throw new Mistake(`There is no scene "${name}". Choose one of ${SCENES.join(", ")}.`);
  const seed = Number(typedSeed);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new Mistake(`"${typedSeed}" is no seed: --seed is a whole number, such as 7.`);
  }
  return { name: found, seed };
}

/** Sets up a scene as the studio would, and prints where to look. */
async function startScene(wanted: { readonly name: string; readonly seed: number }): Promise<void> {
  const response = await fetch(`${control.url}/api/scenes/start`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-studio-token": studio.token },
    body: JSON.stringify(wanted),
  });
  const { links = [], error } = (await response.json()) as {
    links?: { label: string; href: string }[];
    error?: string;
  };
  if (error !== undefined) print(`The scene ${wanted.name} failed: ${error}`);
  for (const { label, href } of links) print(`${label}: ${new URL(href, control.url).href}`);
}

/** The ports from the requested one on. Throws Mistake when they are not free. */
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
    `Another program listens on ${taken.join(", ")}, among the ports ${first} to ${last}. Stop it, or use others: ./dev up --port ${first + 100}`,
  );
}

/**
 * The state of the last run. It must have used the same ports, because the state contains URLs of
 * its services.
 */
function openState(): PersistentState {
  try {
    const restored = new PersistentState(stateFile.read());
    restored.part("first port", () => ports.control, refuseOtherPort);
    return restored;
  } catch (error) {
    if (!(error instanceof StateFormatError)) throw error;
    throw new Mistake(
      `Another version of this code saved the last run's state. Start without it: ./dev up --fresh`,
    );
  }
}

function refuseOtherPort(before: number): void {
  if (before === ports.control) return;
  throw new Mistake(
    `The last run used port ${before}. Continue it with ./dev up --port ${before}, or start without it: ./dev up --fresh --port ${ports.control}.`,
  );
}

/** Reports the clock's time if it is ahead of the machine's. */
function clockText({ clock }: Pick<Cloud, "clock">): string {
  if (clock.aheadMs < MIN_REPORTED_LEAD_MS) return "";
  return `\nThe clock was advanced and continues from there: it is ${clock.now().toISOString()}. --fresh starts at the machine's time.\n`;
}

/**
 * Two instances would write the same files. A killed one leaves its addresses but does not answer.
 */
async function isRunning(): Promise<boolean> {
  try {
    const { control: other } = JSON.parse(readFileSync(ENDPOINTS, "utf8"));
    return (await fetch(`${other}/clock`)).ok;
  } catch {
    return false;
  }
}

/** Prints errors immediately; everything else is only in the file. */
function printIfError(line: string): void {
  const { severity, function: name, message } = JSON.parse(line);
  if (severity === "ERROR") print(`Error in ${name}: ${message} (see ${LOG})`);
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
    studio: studioLink,
    functions: Object.fromEntries(functionNames.map((name) => [name, `${functions.url}/${name}`])),
    services: { ...servicesOf(all), shops: running.shops.url },
    site: all.PUBLIC_SITE_URL,
    projectId: all.GOOGLE_CLOUD_PROJECT,
    keys: { ...pick(KEYS), DISCORD_PRIVATE_KEY: discordPrivateKey },
    settings: all,
    community,
  };
}
