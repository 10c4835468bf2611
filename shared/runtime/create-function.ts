import type { Clock } from "./clock.ts";
import { type Config, loadConfig, type SettingName } from "./config.ts";
import { createDeps } from "./deps.ts";
import type { FunctionHandler, HttpHandler } from "./http.ts";
import type { Log } from "./log.ts";

/** What a function's row in the manifest says that concerns its start. */
interface StartRow {
  readonly settings: readonly SettingName[];
  readonly publishDeadlineMs: number;
}

/**
 * Readies a function: parses its settings and wires its dependencies. Throws ConfigError naming
 * every missing or malformed setting. The function sees no setting its row does not list.
 */
export function createFunction(
  row: StartRow,
  handler: FunctionHandler,
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  log: Log,
): HttpHandler {
  const config = loadConfig(environment, row.settings) as Config;
  return handler(createDeps(config, clock, log, row.publishDeadlineMs));
}
