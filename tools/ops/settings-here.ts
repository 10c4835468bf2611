import type { SettingName } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { ConfigError } from "../../shared/runtime/settings.ts";
import { withTaskSettings } from "../doctor/checks/google/project.ts";
import { googleRemedy } from "../doctor/checks/google/rest.ts";
import { connectSecrets, NoSuchSecretError } from "../doctor/checks/google/secrets.ts";
import type { CommandContext } from "../doctor/checks/installation.ts";
import {
  type Environment,
  isSecret,
  readGiven,
  refuseFaults,
  type Values,
  valuesOf,
} from "../settings/values.ts";

/**
 * The settings of the installation of a folder, as `./dev setup` and `./dev doctor` read them: the
 * environment, then `c500.env`, then Terraform's variables. Of `names`, secrets that were not given are read from
 * Secret Manager; other secrets are not read. Throws ConfigError if that is impossible, or if something was
 * given that would have no effect.
 */
export async function settingsHere(
  names: readonly SettingName[],
  { environment, folder }: Omit<CommandContext, "clock">,
): Promise<Environment> {
  refuseFaults(environment, folder);
  const given = readGiven(environment, folder);
  const settings: Record<string, string | undefined> = { ...given, ...valuesOf(given) };
  const projectId = settings["GOOGLE_CLOUD_PROJECT"];
  if (projectId === undefined) return settings;
  if (names.includes("FUNCTION_URL_TEMPLATE")) {
    Object.assign(settings, await taskSettings(valuesOf(settings), projectId, environment));
  }
  const store = connectSecrets(projectId, environment["SECRET_MANAGER_EMULATOR_HOST"]);
  for (const name of names.filter(isSecret)) {
    if (settings[name] !== undefined) continue;
    try {
      settings[name] = (await store.newest(name))?.value.trim();
    } catch (error) {
      if (error instanceof NoSuchSecretError) continue;
      const remedy = googleRemedy(error, "secretmanager", projectId);
      throw new ConfigError(`${name} cannot be read: ${describeError(error)}. ${remedy}.`);
    }
  }
  return settings;
}

async function taskSettings(values: Values, projectId: string, environment: Environment) {
  try {
    return await withTaskSettings(values, environment);
  } catch (error) {
    const remedy = googleRemedy(error, "cloudresourcemanager", projectId);
    throw new ConfigError(
      `The project's number cannot be read: ${describeError(error)}. ${remedy}.`,
    );
  }
}
