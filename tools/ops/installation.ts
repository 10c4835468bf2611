import { readFileSync } from "node:fs";
import { manifest } from "../../functions/manifest.ts";
import { exportVariables } from "../../local/kit/environment.ts";
import { type Clock, systemClock } from "../../shared/runtime/clock.ts";
import { type Config, environment, loadConfig } from "../../shared/runtime/config.ts";
import { createDeps, type Deps } from "../../shared/runtime/deps.ts";
import { createLog } from "../../shared/runtime/log.ts";

/** Something to operate on. */
interface Installation {
  /** What to call it. */
  readonly name: string;
  readonly deps: Deps;
}

/** What `./dev up` writes down while it runs. */
interface LocalEndpoints {
  readonly control: string;
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/** There while `./dev up` runs. */
export const ENDPOINTS = ".local/endpoints.json";

/**
 * Opens the local cloud that runs in this folder, else the installation whose settings are in the
 * environment, with what the sweeper may use. Throws ConfigError naming missing settings.
 */
export async function openInstallation(): Promise<Installation> {
  const local = readEndpoints();
  const settings = local?.settings ?? environment;
  exportVariables({
    FIRESTORE_EMULATOR_HOST: settings["FIRESTORE_EMULATOR_HOST"],
    PUBSUB_EMULATOR_HOST: settings["PUBSUB_EMULATOR_HOST"],
    ...(local && { METADATA_SERVER_DETECTION: "none" }),
  });
  const row = manifest.sweeper;
  const config = loadConfig(settings, row.settings) as Config;
  const clock = local ? await localClock(local.control) : systemClock;
  const log = createLog(() => undefined);
  return {
    name: local ? "the local cloud" : `project ${config.GOOGLE_CLOUD_PROJECT}`,
    deps: createDeps(config, clock, log, row.publishDeadlineMs),
  };
}

function readEndpoints(): LocalEndpoints | undefined {
  try {
    return JSON.parse(readFileSync(ENDPOINTS, "utf8"));
  } catch {
    return undefined;
  }
}

/** The local cloud's time, which may have been moved on. */
async function localClock(control: string): Promise<Clock> {
  const { nowMs } = (await (await fetch(`${control}/clock`)).json()) as { nowMs: number };
  const aheadMs = nowMs - systemClock.now().getTime();
  return {
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    sleep: (delayMs) => systemClock.sleep(delayMs),
  };
}
