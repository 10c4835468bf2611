import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import * as z from "zod/mini";
import {
  type Config,
  loadConfig,
  type SettingName,
  settings,
} from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { type Addresses, addressesOf, defaultFunctionsUrl } from "./addresses.ts";
import { googleRemedy } from "./google-rest.ts";
import { type Question, questions } from "./questions.ts";
import type { AreaReport } from "./report.ts";
import { NoSuchSecretError, type SecretStore } from "./secrets.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
/** Settings as they were given, by name. */
export type Values = Partial<Record<SettingName, string>>;

/** A person's own file of settings, which git does not keep. */
export const ENV_FILE = "c500.env";
/** What Terraform reads by itself. */
export const VARIABLES_FILE = join("terraform", "c500.auto.tfvars.json");

const ENDPOINT_SECRETS: SettingName = "STRIPE_WEBHOOK_SECRETS";

export const settingNames = Object.keys(settings) as SettingName[];

/** Whether a setting's value is to be kept secret. */
export function isSecret(name: SettingName): boolean {
  return "secret" in settings[name];
}

/** Whether a value is one that the functions would take. */
export function isWellFormed(name: SettingName, value: string): boolean {
  return settings[name].schema.safeParse(value).success;
}

const variables = z.object({ settings: z._default(z.record(z.string(), z.string()), {}) });

/** The environment, filled up from `c500.env`, then from what the last setup gave to Terraform. */
export function readGiven(environment: Environment, folder: string): Environment {
  const file = parseEnv(readText(join(folder, ENV_FILE)) ?? "");
  const kept = readVariables(folder);
  const isGiven = ([, value]: [string, string | undefined]) => value !== undefined && value !== "";
  return Object.fromEntries([
    ...Object.entries(kept),
    ...Object.entries(file).filter(isGiven),
    ...Object.entries(environment).filter(isGiven),
  ]);
}

function readVariables(folder: string): Environment {
  const text = readText(join(folder, VARIABLES_FILE));
  if (text === undefined) return {};
  const { project_id, region, settings: kept } = JSON.parse(text) as Record<string, unknown>;
  const place = z.object({
    GOOGLE_CLOUD_PROJECT: z.optional(z.string()),
    GOOGLE_CLOUD_REGION: z.optional(z.string()),
  });
  return {
    ...place.parse({ GOOGLE_CLOUD_PROJECT: project_id, GOOGLE_CLOUD_REGION: region }),
    ...variables.parse({ settings: kept }).settings,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The settings among what was given, and what follows from them. */
export function valuesOf(given: Environment): Values {
  const values: Values = {};
  for (const name of settingNames) {
    const value = given[name]?.trim();
    if (value) values[name] = value;
  }
  const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_REGION: region = "us-central1" } = values;
  if (project) values.FUNCTIONS_BASE_URL ??= defaultFunctionsUrl(region, project);
  return values;
}

/**
 * Fills up the secrets that were not given with the newest that Secret Manager has. Of the webhook
 * endpoints' it takes what was given as well: an endpoint made by hand has a secret of its own.
 */
export async function withKeptSecrets(
  values: Values,
  store: SecretStore,
  area: AreaReport,
): Promise<Values> {
  const filled: Values = { ...values };
  for (const name of settingNames.filter(isSecret)) {
    if (filled[name] !== undefined && name !== ENDPOINT_SECRETS) continue;
    const kept = await readKept(name, store, area);
    if (kept === undefined) continue;
    const both = [...new Set([...listOf(kept), ...listOf(filled[name])])].join();
    filled[name] = name === ENDPOINT_SECRETS ? both : kept;
  }
  return filled;
}

async function readKept(
  name: SettingName,
  store: SecretStore,
  area: AreaReport,
): Promise<string | undefined> {
  try {
    return (await store.newest(name))?.value.trim();
  } catch (error) {
    if (!(error instanceof NoSuchSecretError)) {
      area.wrong(
        `the secret ${name} can not be read: ${describeError(error)}`,
        googleRemedy(error, "secretmanager", "the project"),
      );
    }
    return undefined;
  }
}

/** The parts of a setting that is a list with commas. */
export function listOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Says which questions have no answer, or one that the functions would refuse. */
export function checkAnswers(values: Values, area: AreaReport): void {
  const missing: Question[] = [];
  for (const question of questions) {
    const { name, where } = question;
    const value = values[name];
    if (value === undefined) missing.push(question);
    else if (!isWellFormed(name, value)) {
      area.wrong(`${name} is malformed`, `${question.what}: ${where}`);
    }
  }
  for (const { name, what, where, without } of missing) {
    if (without === undefined) {
      area.wrong(`${name} is missing`, `${what}: ${where}. Put it in ${ENV_FILE}.`);
    } else area.byHand(`${name} is not set. ${without}`, `${what}: ${where}`);
  }
  const known = questions.length - missing.length;
  area.ok(`${known} of ${questions.length} settings are known`);
}

/** Parsed settings, or undefined when one of them is missing or malformed. */
export function configOf<N extends SettingName>(
  values: Values,
  names: readonly N[],
): Config<N> | undefined {
  const isUsable = names.every((name) => {
    const value = values[name];
    return settings[name].schema.safeParse(value).success;
  });
  return isUsable ? loadConfig(values, names) : undefined;
}

/** Where the installation is, or undefined while that can not be known. */
export function addressesIn(values: Values): Addresses | undefined {
  const config = configOf(values, ["FUNCTIONS_BASE_URL", "PUBLIC_SITE_URL"]);
  return config && addressesOf(config.FUNCTIONS_BASE_URL, config.PUBLIC_SITE_URL);
}
