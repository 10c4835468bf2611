import { createHmac, randomBytes } from "node:crypto";
import {
  type EndpointKind,
  endpointKinds,
  endpointMark,
  handledEvents,
  secretMark,
} from "../../tools/doctor/checks/stripe/endpoints.ts";
import { settingNames } from "../../tools/settings/function-settings.ts";
import { isSecret } from "../../tools/settings/values.ts";
import type { SecretsEmulator } from "../google/secrets/index.ts";
import { makeShopSettings } from "../shops/index.ts";
import type { NewWebhookEndpoint } from "../stripe/index.ts";

type Settings = Readonly<Record<string, string | undefined>>;

/** The secrets that the functions share with the services of a local cloud. */
export type CloudSecrets = ReturnType<typeof makeSecrets>;

/** Generates the secrets, except those that the environment sets for services that only send. */
export function makeSecrets(given: Settings) {
  const made = {
    botToken: secret(),
    discordClient: secret(),
    sessionKey: secret(),
    twitchClient: secret(),
    eventSub: secret(),
    forgottenKey: secret(),
    redis: secret(),
    upstashAccount: secret(),
    stripe: `sk_test_${secret()}`,
    stripeReading: `rk_test_${secret()}`,
    stripeEvents: `whsec_${secret()}`,
    stripeConnectEvents: `whsec_${secret()}`,
  };
  const derive = (purpose: string) =>
    createHmac("sha256", made.botToken).update(purpose).digest("hex");
  return { ...made, shops: makeShopSettings(given, derive) };
}

/** Stripe's webhook endpoints as `./dev setup` would create them. */
export function stripeEndpoints(
  url: string,
  projectId: string,
  { stripeEvents, stripeConnectEvents }: CloudSecrets,
): NewWebhookEndpoint[] {
  const secrets: Record<EndpointKind, string> = {
    platform: stripeEvents,
    connect: stripeConnectEvents,
  };
  return endpointKinds.map((kind) => ({
    url,
    secret: secrets[kind],
    connect: kind === "connect",
    events: handledEvents[kind],
    metadata: { ...endpointMark(kind, projectId), ...secretMark(secrets[kind]) },
  }));
}

/** Stores in Secret Manager every secret that the functions received. */
export function storeSecrets(vault: SecretsEmulator, settings: Settings): void {
  for (const name of settingNames.filter(isSecret)) {
    const value = settings[name];
    if (value) vault.keep(name, value);
  }
}

function secret(): string {
  return randomBytes(24).toString("hex");
}
