import { type Builders, createBuilders } from "../../../functions/members/store/builders.ts";
import { exportVariables } from "../../../local/kit/environment.ts";
import { connectFirestore } from "../../../shared/clients/firestore.ts";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { describeError } from "../../../shared/runtime/errors.ts";
import { settingNames } from "../../settings/function-settings.ts";
import { configOf, type Environment, isSecret, type Values } from "../../settings/values.ts";
import { googleRemedy } from "./google/rest.ts";
import { connectSecrets, type SecretStore } from "./google/secrets.ts";
import type { AreaReport } from "./report.ts";

/** What `./dev setup` and `./dev doctor` work with. */
export interface CommandContext {
  /** Overrides the files below `folder`. */
  readonly environment: Environment;
  /** Contains `c500.env` and `terraform/`. */
  readonly folder: string;
  /** The clock they wait by. */
  readonly clock: Clock;
}

/** Points Google's libraries at the emulators that the environment names. */
export function useEmulatorsOf(environment: Environment): void {
  exportVariables({
    FIRESTORE_EMULATOR_HOST: environment["FIRESTORE_EMULATOR_HOST"],
    PUBSUB_EMULATOR_HOST: environment["PUBSUB_EMULATOR_HOST"],
    ...(environment["SECRET_MANAGER_EMULATOR_HOST"] && { METADATA_SERVER_DETECTION: "none" }),
  });
}

/** Opens Secret Manager; checks that the project can be reached and has all secrets. */
export async function openSecrets(
  values: Values,
  environment: Environment,
  area: AreaReport,
): Promise<SecretStore | undefined> {
  const projectId = values.GOOGLE_CLOUD_PROJECT;
  if (projectId === undefined) return undefined;
  const store = connectSecrets(projectId, environment["SECRET_MANAGER_EMULATOR_HOST"]);
  try {
    const ids = await store.ids();
    area.ok(`Secret Manager of the project ${projectId} can be reached`);
    const missing = settingNames.filter((name) => isSecret(name) && !ids.includes(name));
    if (missing.length > 0) {
      area.wrong(
        `Secret Manager has no secret ${missing.join(", ")}`,
        "Create them with: terraform -chdir=terraform apply -var deploy_functions=false -target=google_secret_manager_secret.secret",
      );
    }
    return store;
  } catch (error) {
    area.wrong(
      `Secret Manager of the project ${projectId} cannot be reached: ${describeError(error)}`,
      googleRemedy(error, "secretmanager", projectId),
    );
    return undefined;
  }
}

/** The registered builders, read from Firestore. */
export function openBuilders(values: Values): Builders | undefined {
  const config = configOf(values, ["GOOGLE_CLOUD_PROJECT"]);
  return config && createBuilders(connectFirestore(config));
}

/** Whether the interactions function is deployed: it refuses unsigned requests with 401. */
export async function isDeployed(interactionsUrl: string): Promise<boolean> {
  return (await answerTo(interactionsUrl)) === UNSIGNED;
}

/** The status with which an endpoint answers an unsigned body; undefined when there is no answer. */
export async function answerTo(url: string, init: RequestInit = {}): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...init,
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

const UNSIGNED = 401;
/** A cold start takes a few seconds. */
const ANSWER_TIMEOUT_MS = 20_000;
