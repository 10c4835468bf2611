import { createHash } from "node:crypto";
import Stripe from "stripe";
import type { Addresses } from "../addresses.ts";

/** Stripe sends the platform's events and those of connected accounts to separate endpoints. */
export const endpointKinds = ["platform", "connect"] as const;
export type EndpointKind = (typeof endpointKinds)[number];

/** Exactly the events that the functions behind `stripe-events` handle. */
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

/** The API version of the events that our code reads; an endpoint's version is fixed when it is created. */
export const API_VERSION = Stripe.API_VERSION;

const KIND = "c500_endpoint";
const PROJECT = "c500_project";
const SECRET = "c500_secret";
const FINGERPRINT_LENGTH = 16;

/** The metadata by which an endpoint is found again. */
export function endpointMark(kind: EndpointKind, projectId: string): Record<string, string> {
  return { [KIND]: kind, [PROJECT]: projectId };
}

/** The metadata that is added once the endpoint's secret is stored: Stripe shows a secret only once. */
export function secretMark(secret: string): Record<string, string> {
  const hash = createHash("sha256").update(secret).digest("hex");
  return { [SECRET]: hash.slice(0, FINGERPRINT_LENGTH) };
}

/** One of the installation's endpoints, and whether we have its secret. */
export interface OwnEndpoint {
  readonly endpoint: Stripe.WebhookEndpoint;
  /** The one of our secrets with which Stripe signs what this endpoint receives. */
  readonly secret: string | undefined;
  /** Whether its secret was stored: false if a setup crashed before that. The secret may be one we no longer have. */
  readonly isMarked: boolean;
}

/** All endpoints of the account. */
export async function listEndpoints(stripe: Stripe): Promise<Stripe.WebhookEndpoint[]> {
  const found: Stripe.WebhookEndpoint[] = [];
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) found.push(endpoint);
  return found;
}

/** Those of one kind that a setup of this project created. */
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

/** Endpoints that also send to us, though no setup created them: each event then arrives twice. */
export function strangeEndpoints(
  all: readonly Stripe.WebhookEndpoint[],
  addresses: Addresses,
): Stripe.WebhookEndpoint[] {
  return all.filter(
    ({ url, metadata, status }) =>
      addresses.isOurs("stripe", url) && metadata[KIND] === undefined && status === "enabled",
  );
}

/** What is wrong with an endpoint and can be changed, in words. */
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
