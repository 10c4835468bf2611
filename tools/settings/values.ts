import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { type Config, loadConfig, type SettingName } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import {
  ConfigError,
  parseSetting,
  type SettingDefinition,
} from "../../shared/runtime/settings.ts";
import { Mistake } from "../cli/mistake.ts";
import { nearest } from "../cli/nearest.ts";
import { type Addresses, addressesOf, defaultFunctionsUrl } from "../doctor/checks/addresses.ts";
import { googleRemedy } from "../doctor/checks/google/rest.ts";
import { NoSuchSecretError, type SecretStore } from "../doctor/checks/google/secrets.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import { ENV_FILE, type EnvFile, type Fault, parseEnvFile } from "./env-file.ts";
import { type FunctionSettingName, functionSettings, settingNames } from "./function-settings.ts";
import { type Question, questions } from "./questions.ts";
import { CLOUD_RUN_REGIONS } from "./regions.ts";
import { describeUnknown, unknownNames } from "./setting-names.ts";
import { type ToolSettingName, toolSettings } from "./tool-settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
/** A setting of the functions, or one that only the tools read. */
export type GivenName = FunctionSettingName | ToolSettingName;
/** Settings as given, by name. */
export type Values = Partial<Record<GivenName, string>>;

/** The variables file that Terraform loads automatically. */
export const VARIABLES_FILE = join("terraform", "c500.auto.tfvars.json");

const ENDPOINT_SECRETS: SettingName = "STRIPE_WEBHOOK_SECRETS";

/** A setting that a person gives. */
interface GivenSetting extends SettingDefinition {
  /** All valid values, if they can be listed. */
  readonly choices?: readonly string[];
}
/** What the tools accept. Only the tools check the region, so that a new region of Google's breaks no function. */
const everySetting: Readonly<Record<GivenName, GivenSetting>> = {
  ...functionSettings,
  ...toolSettings,
  GOOGLE_CLOUD_REGION: {
    ...functionSettings.GOOGLE_CLOUD_REGION,
    schema: z.string().check(
      z.trim(),
      z.refine((value) => CLOUD_RUN_REGIONS.includes(value)),
    ),
    choices: CLOUD_RUN_REGIONS,
    form: "one of Cloud Run's regions: https://cloud.google.com/run/docs/locations",
  },
};
const givenNames = Object.keys(everySetting) as GivenName[];

/** Whether a setting's value is secret. */
export function isSecret(name: GivenName): boolean {
  return everySetting[name].secret === true;
}

/** Whether the functions or the tools would accept a value. */
export function isWellFormed(name: GivenName, value: string): boolean {
  return everySetting[name].schema.safeParse(value).success;
}

/** The Terraform variables that a command reads. */
const variables = z.object({
  project_id: z.optional(z.string()),
  region: z.optional(z.string()),
  settings: z._default(z.record(z.string(), z.string()), {}),
});

const isGiven = ([, value]: [string, string | undefined]) => value !== undefined && value !== "";

/** A place where settings are given. */
interface Place {
  readonly where: string;
  readonly from: "environment" | "file";
  readonly given: Environment;
}

/** All places. An earlier one goes before a later one. */
function placesOf(environment: Environment, folder: string): readonly Place[] {
  return [
    { where: "the environment", from: "environment", given: environment },
    { where: ENV_FILE, from: "file", given: readFile(folder).values },
    { where: VARIABLES_FILE, from: "file", given: readVariables(folder) },
  ];
}

/** The environment; then, for what it lacks, `c500.env`; then what the last setup wrote for Terraform. */
export function readGiven(environment: Environment, folder: string): Environment {
  const places = placesOf(environment, folder).toReversed();
  return Object.fromEntries(places.flatMap(({ given }) => Object.entries(given).filter(isGiven)));
}

/** The place from which a setting is taken; undefined if none gives it. */
export function placeOf(
  name: GivenName,
  environment: Environment,
  folder: string,
): Place | undefined {
  return placesOf(environment, folder).find(({ given }) => given[name]?.trim());
}

/** What would have no effect in these places: malformed lines and unknown names. */
function faultsIn(environment: Environment, folder: string): readonly Fault[] {
  const unknown = placesOf(environment, folder).flatMap(({ where, given, from }) => {
    const names = Object.entries(given).filter(isGiven);
    const remedy = `Correct it in ${where}, or remove it there`;
    return unknownNames(
      names.map(([name]) => name),
      from,
    ).map((each) => ({ what: describeUnknown(each), remedy }));
  });
  return [...readFile(folder).faults, ...unknown];
}

/** Reports everything that was given but would have no effect. Returns whether there is nothing of the kind. */
export function checkNames(environment: Environment, folder: string, area: AreaReport): boolean {
  const faults = faultsIn(environment, folder);
  for (const { what, remedy } of faults) area.wrong(what, remedy);
  return faults.length === 0;
}

/** Throws ConfigError if something was given that would have no effect, or if the region does not exist. */
export function refuseFaults(environment: Environment, folder: string): void {
  const given = readGiven(environment, folder);
  refuse([...faultsIn(environment, folder), ...regionFaults(given)]);
}

/** Throws ConfigError if the region is not one of Cloud Run's: no queue and no function would be found there. */
export function refuseUnknownRegion(environment: Environment): void {
  refuse(regionFaults(environment));
}

function regionFaults(given: Environment): Fault[] {
  const { GOOGLE_CLOUD_REGION } = valuesOf(given);
  return malformedFaults(GOOGLE_CLOUD_REGION === undefined ? {} : { GOOGLE_CLOUD_REGION });
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw new ConfigError(faults.map(({ what, remedy }) => `${what}. ${remedy}.`).join("\n"));
}

function readFile(folder: string): EnvFile {
  return parseEnvFile(readText(join(folder, ENV_FILE)) ?? "", givenNames);
}

function readVariables(folder: string): Environment {
  const text = readText(join(folder, VARIABLES_FILE));
  if (text === undefined) return {};
  const { project_id, region, settings: values } = parseVariables(text);
  return {
    ...(project_id !== undefined && { GOOGLE_CLOUD_PROJECT: project_id }),
    ...(region !== undefined && { GOOGLE_CLOUD_REGION: region }),
    ...values,
  };
}

function parseVariables(text: string): z.infer<typeof variables> {
  try {
    return variables.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "its structure is not as expected";
    throw new Mistake(
      `${VARIABLES_FILE} is broken (${why}). Delete it and run ./dev setup, which writes it again.`,
    );
  }
}

/** A file's text; undefined if there is no file. Throws Mistake for a folder in its place. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOENT") return undefined;
    // This error does not name the path.
    if (code === "EISDIR") throw new Mistake(`${path} is a folder; a file is needed there.`);
    throw error;
  }
}

/** The settings among the given variables, and what follows from them. */
export function valuesOf(given: Environment): Values {
  const values: Values = {};
  for (const name of givenNames) {
    const value = given[name]?.trim();
    if (value) values[name] = value;
  }
  const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_REGION: region = "us-central1" } = values;
  if (project) values.FUNCTIONS_BASE_URL ??= defaultFunctionsUrl(region, project);
  return values;
}

/**
 * Adds the secrets that were not given, in their newest versions from Secret Manager. The webhook endpoints'
 * secrets are merged with those that were given: an endpoint created by hand has a secret of its own.
 */
export async function withStoredSecrets(
  values: Values,
  store: SecretStore,
  area: AreaReport,
): Promise<Values> {
  const filled: Values = { ...values };
  for (const name of settingNames.filter(isSecret)) {
    if (filled[name] !== undefined && name !== ENDPOINT_SECRETS) continue;
    const stored = await readStored(name, store, area);
    if (stored === undefined) continue;
    const both = [...new Set([...listOf(stored), ...listOf(filled[name])])].join();
    filled[name] = name === ENDPOINT_SECRETS ? both : stored;
  }
  return filled;
}

async function readStored(
  name: FunctionSettingName,
  store: SecretStore,
  area: AreaReport,
): Promise<string | undefined> {
  try {
    return (await store.newest(name))?.value.trim();
  } catch (error) {
    if (!(error instanceof NoSuchSecretError)) {
      area.wrong(
        `the secret ${name} cannot be read: ${describeError(error)}`,
        googleRemedy(error, "secretmanager", "the project"),
      );
    }
    return undefined;
  }
}

/** The items of a comma-separated setting. */
export function listOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Whether a question still needs an answer. */
export function isOpen({ name, unlessKnown = [] }: Question, values: Values): boolean {
  const isSettled = unlessKnown.length > 0 && unlessKnown.every((other) => values[other]);
  return values[name] === undefined && !isSettled;
}

/** The settings whose values the functions would refuse. */
export function malformedIn(values: Values): GivenName[] {
  return givenNames.filter((name) => {
    const value = values[name];
    return value !== undefined && !isWellFormed(name, value);
  });
}

/** Reports which questions have no answer, and which settings the functions would refuse. */
export function checkAnswers(values: Values, area: AreaReport): void {
  const missing = questions.filter((question) => isOpen(question, values));
  for (const { what, remedy } of malformedFaults(values)) area.wrong(what, remedy);
  for (const { name, what, where, without } of missing) {
    if (without === undefined) {
      area.wrong(`${name} is missing`, `${what}: ${where}. Put it in ${ENV_FILE}.`);
    } else area.byHand(`${name} is not set. ${without}`, `${what}: ${where}`);
  }
  const known = questions.length - missing.length;
  area.ok(`${known} of ${questions.length} settings are known`);
}

function malformedFaults(values: Values): Fault[] {
  return malformedIn(values).map((name) => {
    const { choices = [] } = everySetting[name];
    const near = nearest(values[name] ?? "", choices);
    const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
    return { what: `${name} is malformed${hint}`, remedy: formOf(name) };
  });
}

/** What a setting should look like, and where a person finds it if they are asked for it. */
function formOf(name: GivenName): string {
  const { form } = everySetting[name];
  const asked = questions.find((question) => question.name === name);
  const found = asked && `${asked.what}: ${asked.where}`;
  return [found, form && `It is ${form}`].filter(Boolean).join(". ") || `See ${ENV_FILE}.example`;
}

/** Parsed settings; undefined if one of them is missing or malformed. */
export function configOf<N extends SettingName>(
  values: Values,
  names: readonly N[],
): Config<N> | undefined {
  const isUsable = names.every(
    (name) => parseSetting(functionSettings[name], values[name]).success,
  );
  return isUsable ? loadConfig(values, names) : undefined;
}

/** The installation's addresses; undefined while they cannot be known. */
export function addressesIn(values: Values): Addresses | undefined {
  if (malformedIn(values).includes("GOOGLE_CLOUD_REGION")) return undefined;
  const config = configOf(values, ["FUNCTIONS_BASE_URL", "PUBLIC_SITE_URL"]);
  return config && addressesOf(config.FUNCTIONS_BASE_URL, config.PUBLIC_SITE_URL);
}
