import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SettingName } from "../../shared/runtime/config.ts";
import { settingNames } from "../settings/function-settings.ts";
import { isSecret, isWellFormed, VARIABLES_FILE, type Values } from "../settings/values.ts";

/** Terraform derives these itself, and accepts no values for them. */
const MADE_BY_TERRAFORM: readonly SettingName[] = [
  "FUNCTIONS_BASE_URL",
  "FUNCTION_URL_TEMPLATE",
  "GOOGLE_CLOUD_PROJECT",
  "GOOGLE_CLOUD_REGION",
  "TASKS_SERVICE_ACCOUNT",
  "CLOUD_TASKS_EMULATOR_HOST",
];
/** The secrets whose versions are passed to Terraform. */
export const secretsToKeep = settingNames.filter(isSecret);

/** Whether the file that Terraform loads automatically says what `writeVariables` would write. */
export function areVariablesCurrent(
  folder: string,
  values: Values,
  versions: Readonly<Record<string, string>>,
): boolean {
  return readIfThere(join(folder, VARIABLES_FILE)) === variablesOf(values, versions);
}

/**
 * Writes the file that Terraform loads automatically: the project, the settings that are not secret, and the
 * versions of the secrets. Atomic. Returns whether the file changed.
 */
export function writeVariables(
  folder: string,
  values: Values,
  versions: Readonly<Record<string, string>>,
): boolean {
  if (areVariablesCurrent(folder, values, versions)) return false;
  const path = join(folder, VARIABLES_FILE);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, variablesOf(values, versions));
  renameSync(`${path}.new`, path);
  return true;
}

function variablesOf(values: Values, versions: Readonly<Record<string, string>>): string {
  const settings = settingNames
    .filter((name) => !isSecret(name) && !MADE_BY_TERRAFORM.some((made) => made === name))
    .flatMap((name) => {
      const value = values[name];
      return value !== undefined && isWellFormed(name, value) ? [[name, value]] : [];
    });
  const { GOOGLE_CLOUD_PROJECT: project_id, GOOGLE_CLOUD_REGION: region } = values;
  const variables = {
    project_id,
    region,
    settings: Object.fromEntries(settings),
    secret_versions: versions,
  };
  return `${JSON.stringify(variables, null, 2)}\n`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
