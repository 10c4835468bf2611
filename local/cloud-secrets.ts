import { randomBytes, randomUUID } from "node:crypto";
import {
  type EndpointKind,
  endpointKinds,
  endpointMark,
  handledEvents,
  secretMark,
} from "../tools/checks/stripe-endpoints.ts";
import { isSecret, settingNames } from "../tools/checks/values.ts";
import type { SecretsEmulator } from "./secrets/index.ts";
import type { NewWebhookEndpoint } from "./stripe/index.ts";

type Settings = Readonly<Record<string, string | undefined>>;

/** The secrets that the functions share with the services of a local cloud. */
export type CloudSecrets = ReturnType<typeof makeSecrets>;

/** New ones, except where the environment gives one of a service that only sends. */
export function makeSecrets(given: Settings) {
  return {
    botToken: secret(),
    twitchClient: secret(),
    eventSub: secret(),
    forgottenKey: secret(),
    redis: secret(),
    upstashAccount: secret(),
    stripe: `sk_test_${secret()}`,
    stripeEvents: `whsec_${secret()}`,
    stripeConnectEvents: `whsec_${secret()}`,
    kofi: given["KOFI_VERIFICATION_TOKEN"] || randomUUID(),
    shopify: given["SHOPIFY_WEBHOOK_SECRET"] || secret(),
  };
}

/** Stripe's endpoints as a setup of this project would have made them. */
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

/** Every secret that a function may read is in Secret Manager, as the functions were given it. */
export function keepSecrets(vault: SecretsEmulator, settings: Settings): void {
  for (const name of settingNames.filter(isSecret)) {
    const value = settings[name];
    if (value) vault.keep(name, value);
  }
}

function secret(): string {
  return randomBytes(24).toString("hex");
}
