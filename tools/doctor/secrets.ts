import { describeError } from "../../shared/runtime/errors.ts";
import { type FunctionSettingName, isRequired, settingNames } from "../checks/function-settings.ts";
import type { AreaReport } from "../checks/report.ts";
import { NoSuchSecretError, type SecretStore } from "../checks/secrets.ts";
import { isSecret } from "../checks/values.ts";

/** Checks that each secret has a version that may be read. */
export async function checkSecrets(store: SecretStore, area: AreaReport): Promise<void> {
  let enabled = 0;
  for (const name of settingNames.filter(isSecret)) {
    try {
      if ((await store.newestVersion(name)) !== undefined) enabled += 1;
      else notifyMissing(name, area);
    } catch (error) {
      // That there is no such secret has been told with all the others that there are not.
      if (error instanceof NoSuchSecretError) continue;
      area.wrong(`the secret ${name} cannot be looked at: ${describeError(error)}`, SIGN_IN);
    }
  }
  area.ok(`${enabled} secrets have an enabled version`);
}

const SIGN_IN = "Sign in as someone who may: gcloud auth application-default login";

function notifyMissing(name: FunctionSettingName, area: AreaReport): void {
  const remedy = `Run ./dev setup, or enable one: gcloud secrets versions enable NUMBER --secret ${name}`;
  if (!isRequired(name))
    area.byHand(`the secret ${name} has no enabled version; nothing needs it`, remedy);
  else area.wrong(`the secret ${name} has no enabled version: functions cannot start`, remedy);
}
