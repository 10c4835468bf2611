import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { manifest } from "../../functions/manifest.ts";
import { providers } from "../../functions/races/providers/index.ts";
import type { FunctionRow, QueuePolicy } from "../../shared/runtime/function/function-row.ts";
import {
  type FunctionSettingName,
  isRequired,
  isSecretSetting,
  settingsOf,
} from "../settings/function-settings.ts";

/** Where Terraform reads what the manifest says. */
export const FUNCTIONS_JSON = "terraform/functions.json";

/** What Terraform reads about a setting. */
interface SettingFacts {
  /** Its value comes from Secret Manager. */
  readonly secret: boolean;
  /** No function that lists it starts without it. */
  readonly required: boolean;
}

/** What Terraform reads about a function: its row, and what follows from it. */
interface FunctionFacts extends Omit<FunctionRow, "deps" | "does" | "settings" | "ownSettings"> {
  /** The name under which the bundle registers it with functions-framework. */
  readonly entryPoint: string;
  /** All settings that it is given. */
  readonly settings: readonly FunctionSettingName[];
  /** Those of them that come from Secret Manager. */
  readonly secrets: readonly FunctionSettingName[];
}

/** All that `terraform/functions.json` holds. */
interface FunctionsForTerraform {
  readonly functions: Readonly<Record<string, FunctionFacts>>;
  /** Every topic that is published to, subscribed to, or given what failed; sorted. */
  readonly topics: readonly string[];
  readonly queues: Readonly<Record<string, QueuePolicy>>;
  /** Every setting that any function lists; sorted. */
  readonly settings: Readonly<Record<string, SettingFacts>>;
  /** The providers of merch sales, by the ends of their webhooks' addresses. */
  readonly providers: readonly string[];
}

/** What the manifest and the settings' schemas come to for Terraform. Says nothing twice. */
export function functionsForTerraform(
  rows: Readonly<Record<string, FunctionRow>> = manifest,
): FunctionsForTerraform {
  const all = Object.entries(rows);
  const queues = all.flatMap(([name, { trigger }]): [string, QueuePolicy][] =>
    trigger.kind === "queue" ? [[name, trigger.retry]] : [],
  );
  const names = sorted(all.flatMap(([, row]) => settingsOf(row)));
  return {
    functions: Object.fromEntries(all.map(([name, row]) => [name, factsOf(name, row)])),
    topics: sorted(all.flatMap(([, row]) => topicsOf(row))),
    queues: Object.fromEntries(queues),
    settings: Object.fromEntries(
      names.map((name) => [name, { secret: isSecretSetting(name), required: isRequired(name) }]),
    ),
    providers: providers.map(({ name }) => name),
  };
}

/** Writes `terraform/functions.json`, formatted as every file here. */
export function writeFunctionsJson(): void {
  const { status, stdout, stderr } = spawnSync(
    "node_modules/.bin/biome",
    ["format", `--stdin-file-path=${FUNCTIONS_JSON}`],
    { input: JSON.stringify(functionsForTerraform(), null, 2), encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${FUNCTIONS_JSON} could not be formatted: ${stderr}`);
  writeFileSync(FUNCTIONS_JSON, stdout);
}

function factsOf(name: string, row: FunctionRow): FunctionFacts {
  const { deps: _deps, does: _does, ownSettings: _own, ...facts } = row;
  const settings = sorted(settingsOf(row));
  return { entryPoint: name, ...facts, settings, secrets: settings.filter(isSecretSetting) };
}

function topicsOf({ publishes, trigger }: FunctionRow): string[] {
  if (trigger.kind !== "topic") return [...publishes];
  const { deadLetter } = trigger.retry;
  return [...publishes, trigger.topic, ...(deadLetter ? [deadLetter.topic] : [])];
}

function sorted<T extends string>(names: readonly T[]): T[] {
  return [...new Set(names)].sort();
}
