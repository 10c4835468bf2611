import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import type { KeptState } from "../../kit/kept-state.ts";
import type { WebhookEndpointObject } from "../objects.ts";
import { flag, mergeMetadata, metadata, text, url } from "../parameters.ts";
import { noSuch, StripeError } from "../stripe-error.ts";

/** An endpoint that there is from the start. */
export interface NewWebhookEndpoint {
  readonly url: string;
  readonly secret: string;
  /** Whether it gets the events of connected accounts, or the platform's own. */
  readonly connect: boolean;
  /** All types unless told. */
  readonly events?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Where events go, and what they are signed with. */
export interface WebhookEndpoint {
  readonly secret: string;
  readonly connect: boolean;
  /** What the API shows of it. */
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

/** https://docs.stripe.com/api/webhook_endpoints/update: neither version nor kind can be changed. */
export const endpointChanges = z.strictObject({
  url: z.optional(url),
  enabled_events: z.optional(events),
  description: z.optional(z.string()),
  disabled: z.optional(flag),
  metadata: z.optional(metadata),
});

/** The webhook endpoints there are. A secret shows only in the answer to its making. */
export class WebhookEndpoints {
  #apiVersion: string;
  #nowSeconds: () => number;
  #byId = new Map<string, WebhookEndpoint>();

  constructor(apiVersion: string, nowSeconds: () => number) {
    this.#apiVersion = apiVersion;
    this.#nowSeconds = nowSeconds;
  }

  keepIn(state: KeptState): void {
    state.maps("stripe.endpoints", { endpoints: this.#byId });
  }

  /** Oldest first. */
  all(): WebhookEndpoint[] {
    return [...this.#byId.values()];
  }

  get(id: string): WebhookEndpoint {
    const endpoint = this.#byId.get(id);
    if (!endpoint) throw noSuch("webhook endpoint", id);
    return endpoint;
  }

  /** Those that an event of this type goes to. */
  of(type: string, isConnect: boolean): WebhookEndpoint[] {
    return this.all().filter(
      ({ connect, shown: { status, enabled_events: wanted } }) =>
        connect === isConnect &&
        status === "enabled" &&
        (wanted.includes("*") || wanted.includes(type)),
    );
  }

  /** Whether there still is one, and it is not disabled: waiting events are for no other. */
  takes({ shown: { id } }: WebhookEndpoint): boolean {
    return this.#byId.get(id)?.shown.status === "enabled";
  }

  furnish({ connect, secret, ...given }: NewWebhookEndpoint): void {
    const wanted = { url: given.url, enabled_events: [...(given.events ?? ["*"])] };
    this.#put(connect, secret, { ...wanted, metadata: { ...given.metadata } });
  }

  create(given: z.infer<typeof endpointParameters>): WebhookEndpointObject & { secret: string } {
    const { api_version: version = null } = given;
    if (version !== null && version !== this.#apiVersion) {
      const message = `Invalid API version: ${version}; only ${this.#apiVersion} is modelled.`;
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
