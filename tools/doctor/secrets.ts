import { describeError } from "../../shared/runtime/errors.ts";
import {
  type FunctionSettingName,
  isRequired,
  settingNames,
} from "../settings/function-settings.ts";
import { isSecret } from "../settings/values.ts";
import { NoSuchSecretError, type SecretStore } from "./checks/google/secrets.ts";
import type { AreaReport } from "./checks/report.ts";

/** Checks that each secret has an enabled version. */
export async function checkSecrets(store: SecretStore, area: AreaReport): Promise<void> {
  let enabled = 0;
  for (const name of settingNames.filter(isSecret)) {
    try {
      if ((await store.newestVersion(name)) !== undefined) enabled += 1;
      else reportMissing(name, area);
    } catch (error) {
      // A secret that does not exist has been reported together with all the others.
      if (error instanceof NoSuchSecretError) continue;
      area.wrong(`the secret ${name} cannot be checked: ${describeError(error)}`, SIGN_IN);
    }
  }
  area.ok(`${enabled} secrets have an enabled version`);
}

const SIGN_IN = "Sign in as someone with access: gcloud auth application-default login";

function reportMissing(name: FunctionSettingName, area: AreaReport): void {
  const remedy = `Run ./dev setup, or enable one: gcloud secrets versions enable NUMBER --secret ${name}`;
  if (!isRequired(name))
    area.byHand(`the secret ${name} has no enabled version; nothing needs it`, remedy);
  else area.wrong(`the secret ${name} has no enabled version: functions cannot start`, remedy);
}
