import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import type { PersistentState } from "../../kit/persistent-state.ts";
import type { WebhookEndpointObject } from "../objects/objects.ts";
import { flag, mergeMetadata, metadata, text, url } from "../requests/parameters.ts";
import { noSuch, StripeError } from "../requests/stripe-error.ts";

/** An endpoint that exists from the start. */
export interface NewWebhookEndpoint {
  readonly url: string;
  readonly secret: string;
  /** Whether it receives connected accounts' events instead of the platform's own. */
  readonly connect: boolean;
  /** All types by default. */
  readonly events?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An endpoint's target and signing secret. */
export interface WebhookEndpoint {
  readonly secret: string;
  readonly connect: boolean;
  /** The endpoint as the API shows it. */
  readonly shown: WebhookEndpointObject;
}

/** https://docs.stripe.com/webhooks#register-webhook */
const MAX_ENDPOINTS = 16;
const SECRET_BYTES = 24;

const events = z.array(text()).check(z.minLength(1, { error: "You must enable an event." }));

/** https://docs.stripe.com/api/webhook_endpoints/create */
export const endpointParameters = z.strictObject({
  url,
  enabled_events: events,
  api_version: z.optional(text()),
  connect: z.optional(flag),
  description: z.optional(z.string()),
  metadata: z.optional(metadata),
});

/** https://docs.stripe.com/api/webhook_endpoints/update: API version and kind cannot change. */
export const endpointChanges = z.strictObject({
  url: z.optional(url),
  enabled_events: z.optional(events),
  description: z.optional(z.string()),
  disabled: z.optional(flag),
  metadata: z.optional(metadata),
});

/** The webhook endpoints. A secret appears only in the response that creates it. */
export class WebhookEndpoints {
  #apiVersion: string;
  #nowSeconds: () => number;
  #byId = new Map<string, WebhookEndpoint>();

  constructor(apiVersion: string, nowSeconds: () => number) {
    this.#apiVersion = apiVersion;
    this.#nowSeconds = nowSeconds;
  }

  persistIn(state: PersistentState): void {
    state.maps("stripe.endpoints", { endpoints: this.#byId });
  }

  /** All endpoints, oldest first. */
  all(): WebhookEndpoint[] {
    return [...this.#byId.values()];
  }

  get(id: string): WebhookEndpoint {
    const endpoint = this.#byId.get(id);
    if (!endpoint) throw noSuch("webhook endpoint", id);
    return endpoint;
  }

  /** The endpoints that receive events of this type. */
  of(type: string, isConnect: boolean): WebhookEndpoint[] {
    return this.all().filter(
      ({ connect, shown: { status, enabled_events: wanted } }) =>
        connect === isConnect &&
        status === "enabled" &&
        (wanted.includes("*") || wanted.includes(type)),
    );
  }

  /** Whether the endpoint exists and is enabled; others receive no retries. */
  takes({ shown: { id } }: WebhookEndpoint): boolean {
    return this.#byId.get(id)?.shown.status === "enabled";
  }

  addInitial({ connect, secret, ...given }: NewWebhookEndpoint): void {
    const wanted = { url: given.url, enabled_events: [...(given.events ?? ["*"])] };
    this.#put(connect, secret, { ...wanted, metadata: { ...given.metadata } });
  }

  create(given: z.infer<typeof endpointParameters>): WebhookEndpointObject & { secret: string } {
    const { api_version: version = null } = given;
    if (version !== null && version !== this.#apiVersion) {
      const message = `Invalid API version: ${version}; the simulator supports only ${this.#apiVersion}.`;
      throw new StripeError(message, { param: "api_version" });
    }
    if (this.#byId.size >= MAX_ENDPOINTS) {
      const message = `You have reached the maximum of ${MAX_ENDPOINTS} test webhook endpoints.`;
      throw new StripeError(message);
    }
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString("base64url")}`;
    const { shown } = this.#put(given.connect ?? false, secret, {
      url: given.url,
      enabled_events: given.enabled_events,
      api_version: version,
      description: given.description || null,
      metadata: mergeMetadata({}, given.metadata),
    });
    return { ...shown, secret };
  }

  update(id: string, given: z.infer<typeof endpointChanges>): WebhookEndpointObject {
    const { shown } = this.get(id);
    const { description = shown.description } = given;
    return Object.assign(shown, {
      url: given.url ?? shown.url,
      enabled_events: given.enabled_events ?? shown.enabled_events,
      description: description || null,
      metadata: mergeMetadata(shown.metadata, given.metadata),
      ...(given.disabled !== undefined && { status: given.disabled ? "disabled" : "enabled" }),
    });
  }

  delete(id: string): { id: string; object: "webhook_endpoint"; deleted: true } {
    this.get(id);
    this.#byId.delete(id);
    return { id, object: "webhook_endpoint", deleted: true };
  }

  #put(
    connect: boolean,
    secret: string,
    given: Pick<WebhookEndpointObject, "url" | "enabled_events" | "metadata"> &
      Partial<WebhookEndpointObject>,
  ): WebhookEndpoint {
    const shown: WebhookEndpointObject = {
      id: `we_${randomBytes(12).toString("hex")}`,
      object: "webhook_endpoint",
      api_version: this.#apiVersion,
      application: null,
      created: this.#nowSeconds(),
      description: null,
      livemode: false,
      status: "enabled",
      ...given,
    };
    const endpoint = { connect, secret, shown };
    this.#byId.set(shown.id, endpoint);
    return endpoint;
  }
}
