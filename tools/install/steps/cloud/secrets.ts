import { providerSecrets } from "../../../../functions/races/providers/settings.ts";
import { type AreaReport, Report } from "../../../doctor/checks/report.ts";
import {
  endpointKinds,
  listEndpoints,
  ownEndpoints,
} from "../../../doctor/checks/stripe/endpoints.ts";
import { checkWebhooks } from "../../../doctor/stripe.ts";
import type { FunctionSettingName } from "../../../settings/function-settings.ts";
import { listOf, malformedIn, VARIABLES_FILE } from "../../../settings/values.ts";
import { ownSecret, SecretKeeper } from "../../../setup/keep-secrets.ts";
import { setUpEndpoints } from "../../../setup/stripe.ts";
import {
  areVariablesCurrent,
  secretsToKeep,
  writeVariables,
} from "../../../setup/variables-file.ts";
import type { Installation } from "../../installation.ts";
import { BlockedError, carryOut, done, missing, type Step, standingOf } from "../../step.ts";
import { openStripe } from "../accounts/stripe.ts";

/** Generated once and never replaced: what was signed or stored with them would be lost. */
const OWN = ["FORGOTTEN_KEY", "SESSION_KEY", "TWITCH_EVENTSUB_SECRET"] as const;
/** Values that a person or a service has given. */
const GIVEN: readonly FunctionSettingName[] = [
  "DISCORD_BOT_TOKEN",
  "DISCORD_CLIENT_SECRET",
  "STRIPE_SECRET_KEY",
  "STRIPE_READ_KEY",
  "TWITCH_CLIENT_SECRET",
  "UPSTASH_REDIS_REST_TOKEN",
  ...providerSecrets,
];
const ENDPOINT_SECRETS = "STRIPE_WEBHOOK_SECRETS";

/** The secrets' values, in Secret Manager. */
export const secretValues: Step = {
  name: "secrets",
  async check(installation) {
    const { values, secrets } = installation;
    const wanted = GIVEN.filter((name) => values[name] !== undefined);
    const absent: string[] = [];
    for (const name of wanted) {
      if ((await secrets.newest(name))?.value !== values[name]) absent.push(name);
    }
    for (const name of OWN) {
      if ((await secrets.newestVersion(name)) === undefined) absent.push(name);
    }
    const all = wanted.length + OWN.length;
    return absent.length === 0
      ? done(`${all} are in Secret Manager`)
      : missing(`storing ${absent.length} in Secret Manager`);
  },
  run: (installation) =>
    carryOut(async (area) => {
      const { values } = installation;
      const keeper = keeperOf(installation, area);
      for (const name of GIVEN) {
        const value = values[name];
        if (value !== undefined) await keeper.keep(name, value);
      }
      for (const name of OWN) {
        const current = await keeper.current(name);
        if (current) await keeper.keep(name, ownSecret(name, values[name], current.value));
      }
    }),
};

/** Stripe's webhook endpoints. They come before the functions, which need their secrets. */
export const webhooks: Step = {
  name: "Stripe webhooks",
  async check(installation) {
    const { projectId, addresses } = installation;
    const secrets = listOf((await installation.secrets.newest(ENDPOINT_SECRETS))?.value);
    return await standingOf("both endpoints send to the functions", "missing", (area) =>
      checkWebhooks(openStripe(installation), { projectId, secrets, addresses }, area),
    );
  },
  run: (installation) =>
    carryOut(async (area) => {
      const { projectId, addresses } = installation;
      const keeper = keeperOf(installation, area);
      const stored = await keeper.current(ENDPOINT_SECRETS);
      if (!stored) return;
      const stripe = openStripe(installation);
      const setup = { stripe, projectId, addresses, keeper, area, isRenewal: false };
      await setUpEndpoints(listOf(stored.value), setup);
    }),
  async undo(installation) {
    if (installation.values.STRIPE_SECRET_KEY === undefined) return undefined;
    const stripe = openStripe(installation);
    const all = await listEndpoints(stripe);
    const own = endpointKinds.flatMap((kind) =>
      ownEndpoints(all, kind, installation.projectId, []),
    );
    for (const { endpoint } of own) await stripe.webhookEndpoints.del(endpoint.id);
    return own.length > 0 ? `${own.length} webhook endpoints are deleted at Stripe` : undefined;
  },
};

/** The settings and the secrets' versions, for Terraform. */
export const variables: Step = {
  name: "settings",
  async check(installation) {
    const { values, context } = installation;
    const isCurrent = areVariablesCurrent(context.folder, values, await versionsOf(installation));
    return isCurrent
      ? done(`${VARIABLES_FILE} is up to date`)
      : missing(`writing ${VARIABLES_FILE}`);
  },
  async run(installation) {
    const { values, context } = installation;
    const malformed = malformedIn(values);
    if (malformed.length > 0) {
      throw new BlockedError(
        `${malformed.join(", ")}: malformed`,
        "Correct it in c500.env, then press Enter; docs/reference/settings.md says what it has to be",
      );
    }
    writeVariables(context.folder, values, await versionsOf(installation));
  },
};

async function versionsOf(installation: Installation): Promise<Record<string, string>> {
  const quiet = new Report(() => undefined).area("");
  return await keeperOf(installation, quiet).versionsOf(secretsToKeep);
}

function keeperOf({ secrets, projectId }: Installation, area: AreaReport): SecretKeeper {
  return new SecretKeeper(secrets, projectId, area);
}
