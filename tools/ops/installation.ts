import { readFileSync } from "node:fs";
import { manifest } from "../../functions/manifest.ts";
import { createDeps, type Deps } from "../../functions/operations/deps.ts";
import { exportVariables } from "../../local/kit/environment.ts";
import { connectFirestore } from "../../shared/clients/firestore.ts";
import { connectGoogle } from "../../shared/clients/google.ts";
import { type Clock, systemClock } from "../../shared/runtime/clock.ts";
import {
  type Config,
  environment,
  loadConfig,
  type SettingName,
} from "../../shared/runtime/config.ts";
import { createPlatformDeps } from "../../shared/runtime/deps.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { ConfigError } from "../../shared/runtime/settings.ts";
import { settingsHere } from "./settings-here.ts";

/** An installation that commands operate on. */
export interface Installation {
  /** Its name in messages. */
  readonly name: string;
  readonly deps: Deps;
}

/** The file that `./dev up` writes while it runs. */
interface LocalEndpoints {
  readonly control: string;
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/** Exists while `./dev up` runs. */
export const ENDPOINTS = ".local/endpoints.json";

/**
 * Opens the local cloud that runs in this folder, otherwise the installation that this folder's `c500.env`,
 * Terraform's variables and Secret Manager describe. Throws ConfigError naming missing
 * settings.
 */
export async function openInstallation(names: readonly SettingName[]): Promise<Installation> {
  const local = readEndpoints();
  const settings = local?.settings ?? (await settingsHere(names, { environment, folder: "." }));
  exportVariables({
    FIRESTORE_EMULATOR_HOST: settings["FIRESTORE_EMULATOR_HOST"],
    PUBSUB_EMULATOR_HOST: settings["PUBSUB_EMULATOR_HOST"],
    ...(local && { METADATA_SERVER_DETECTION: "none" }),
  });
  const config = loadConfig(settings, names) as Config;
  const clock = clockAt(local ? await localTime(local.control) : await cloudTime(config));
  const log = createLog(() => undefined);
  const connections = connectGoogle(config, manifest.sweeper.publishDeadlineMs);
  return {
    name: local ? "the local cloud" : `project ${config.GOOGLE_CLOUD_PROJECT}`,
    deps: createDeps(createPlatformDeps(config, clock, log, connections), connections.database),
  };
}

function readEndpoints(): LocalEndpoints | undefined {
  try {
    return JSON.parse(readFileSync(ENDPOINTS, "utf8"));
  } catch {
    return undefined;
  }
}

/** The local cloud's time, which may be ahead of the machine's. */
async function localTime(control: string): Promise<Date> {
  const answer = await fetch(`${control}/clock`).catch(() => undefined);
  if (!answer?.ok) {
    throw new ConfigError(
      `The local cloud of ${ENDPOINTS} does not answer. If it is not running, delete that file.`,
    );
  }
  const { nowMs } = (await answer.json()) as { nowMs: number };
  return new Date(nowMs);
}

/** Firestore's time: a laptop's clock must not decide whether an auction is over. */
async function cloudTime(config: Config): Promise<Date> {
  const firestore = await connectFirestore(config)();
  return (await firestore.doc("sweeps/none").get()).readTime.toDate();
}

/** A clock that starts at this time. */
function clockAt(time: Date): Clock {
  const aheadMs = time.getTime() - systemClock.now().getTime();
  return {
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    sleep: (delayMs) => systemClock.sleep(delayMs),
  };
}
