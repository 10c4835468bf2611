import { createHash } from "node:crypto";
import Stripe from "stripe";
import type { Addresses } from "./addresses.ts";

/** Stripe keeps the platform's events and those of connected accounts apart. */
export const endpointKinds = ["platform", "connect"] as const;
export type EndpointKind = (typeof endpointKinds)[number];

/** Exactly what the functions behind `stripe-events` handle. */
export const handledEvents = {
  platform: [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
  ],
  connect: ["account.updated", "account.application.deauthorized"],
} as const satisfies Record<
  EndpointKind,
  readonly Stripe.WebhookEndpointCreateParams.EnabledEvent[]
>;

/** The version our code reads events in: an endpoint's is fixed when it is made. */
export const API_VERSION = Stripe.API_VERSION;

const KIND = "c500_endpoint";
const PROJECT = "c500_project";
const SECRET = "c500_secret";
const FINGERPRINT_LENGTH = 16;

/** What an endpoint carries, so that it is found again. */
export function endpointMark(kind: EndpointKind, projectId: string): Record<string, string> {
  return { [KIND]: kind, [PROJECT]: projectId };
}

/** What it carries besides, once its secret is kept: Stripe never shows that again. */
export function secretMark(secret: string): Record<string, string> {
  const hash = createHash("sha256").update(secret).digest("hex");
  return { [SECRET]: hash.slice(0, FINGERPRINT_LENGTH) };
}

/** An installation's endpoints of one kind, and whether we have the secret of each. */
export interface OwnEndpoint {
  readonly endpoint: Stripe.WebhookEndpoint;
  /** The one of our secrets that signs what it sends. */
  readonly secret: string | undefined;
  /** Whether its secret was kept: by a setup that did not die in between, maybe in a version that is not ours. */
  readonly isMarked: boolean;
}

/** All endpoints of the account. */
export async function listEndpoints(stripe: Stripe): Promise<Stripe.WebhookEndpoint[]> {
  const found: Stripe.WebhookEndpoint[] = [];
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) found.push(endpoint);
  return found;
}

/** Those that a setup of this project made, of one kind. */
export function ownEndpoints(
  all: readonly Stripe.WebhookEndpoint[],
  kind: EndpointKind,
  projectId: string,
  secrets: readonly string[],
): OwnEndpoint[] {
  return all
    .filter(({ metadata }) => metadata[KIND] === kind && metadata[PROJECT] === projectId)
    .map((endpoint) => ({
      endpoint,
      isMarked: endpoint.metadata[SECRET] !== undefined,
      secret: secrets.find((each) => secretMark(each)[SECRET] === endpoint.metadata[SECRET]),
    }));
}

/** Those that send to us too, though no setup made them: each event then comes twice. */
export function strangeEndpoints(
  all: readonly Stripe.WebhookEndpoint[],
  addresses: Addresses,
): Stripe.WebhookEndpoint[] {
  return all.filter(
    ({ url, metadata, status }) =>
      addresses.isOurs("stripe", url) && metadata[KIND] === undefined && status === "enabled",
  );
}

/** What of an endpoint is other than it should be and can be changed, in words. */
export function endpointFaults(
  endpoint: Stripe.WebhookEndpoint,
  kind: EndpointKind,
  addresses: Addresses,
): string[] {
  const wanted = new Set<string>(handledEvents[kind]);
  const missing = [...wanted].filter((type) => !endpoint.enabled_events.includes(type));
  const extra = endpoint.enabled_events.filter((type) => !wanted.has(type));
  return [
    ...(endpoint.status === "enabled" ? [] : ["it is disabled"]),
    ...(addresses.isOurs("stripe", endpoint.url) ? [] : [`it sends to ${endpoint.url}`]),
    ...(missing.length > 0 ? [`it does not send ${missing.join(", ")}`] : []),
    ...(extra.length > 0 ? [`it sends ${extra.join(", ")} too`] : []),
  ];
}
