import type { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { Fault, FaultPlan } from "../../kit/faults.ts";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { type DeliveryOutcome, HttpSender } from "../../kit/http/sender.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { Postponer } from "../../kit/postponer.ts";
import { Timers } from "../../kit/timers.ts";
import type { StripeEvent } from "../objects/objects.ts";
import type { WebhookEndpoint, WebhookEndpoints } from "./endpoints.ts";
import { signatureHeader } from "./signature.ts";

/** A guess: Stripe does not document how long it waits for an answer. */
const ANSWER_DEADLINE_MS = 20_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Stripe retries for up to three days with growing gaps, whose length it does not document:
 * https://docs.stripe.com/webhooks#retries
 */
const RETRY_PERIOD_MS = 72 * HOUR_MS;
const RETRY_DELAYS_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS];
const LAST_RETRY_DELAY_MS = 10 * HOUR_MS;

/** How to sign a custom webhook; the time defaults to now. */
export interface SignedWith {
  readonly secret: string;
  readonly timestampMs?: number | undefined;
}

/** One try of a delivery. */
export interface Attempt {
  readonly atMs: number;
  readonly eventId: string;
  readonly type: string;
  readonly endpointId: string;
  /** The status of the response, or why there was none. */
  readonly result: number | "deadline" | "connection";
}

const MAX_ATTEMPTS = 2_000;

/** What `Courier` needs. */
export interface CourierContext {
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly activity: Activity;
  readonly endpoints: WebhookEndpoints;
}

/** Delivers events to their endpoints. Planned faults apply as "deliver refund.created". */
export class Courier {
  #context: CourierContext;
  #sender: HttpSender;
  #timers: Timers;
  #postponer: Postponer;
  #stopped = false;
  #attempts: Attempt[] = [];
  #revision = 0;
  /** Deliveries that are neither accepted nor given up. */
  #waiting = new Map<string, { event: StripeEvent; endpointId: string; retry: number }>();

  constructor(context: CourierContext) {
    this.#context = context;
    this.#sender = new HttpSender(context.clock, context.fetch);
    this.#timers = new Timers(context.clock);
    this.#postponer = new Postponer(this.#timers);
  }

  /**
   * Stores waiting deliveries in `state`. After a restart they are retried as soon as everything
   * runs.
   */
  persistIn(state: PersistentState): void {
    state.maps("stripe.webhooks", { waiting: this.#waiting });
    state.list("stripe.attempts", this.#attempts);
    state.onResume(() => {
      for (const { event, endpointId, retry } of this.#waiting.values()) {
        const endpoint = this.#context.endpoints.all().find(({ shown }) => shown.id === endpointId);
        if (endpoint) this.#tryRepeatedly(event, endpoint, retry);
      }
    });
  }

  /**
   * Delivers an event to each of its endpoints and retries until each has accepted it or the retry
   * period is over.
   */
  publish(event: StripeEvent): void {
    const endpoints = this.#endpointsOf(event);
    event.pending_webhooks = endpoints.length;
    for (const endpoint of endpoints) this.#tryRepeatedly(event, endpoint, 0);
  }

  /** Delivers an event once more to each of its endpoints. Returns the last one's status. */
  async repeat(event: StripeEvent): Promise<{ status: number | undefined }> {
    let status: number | undefined;
    for (const endpoint of this.#endpointsOf(event)) {
      status = statusOf(await this.#send(event, endpoint));
    }
    return { status };
  }

  /** Sends any body with the given signature options. */
  async sendSigned(
    url: string,
    body: Buffer,
    { secret, timestampMs = this.#context.clock.nowMs() }: SignedWith,
  ): Promise<{ status: number | undefined; body: string }> {
    const outcome = await this.#post(url, body, signatureHeader(body, secret, timestampMs));
    const answer = outcome.kind === "answered" ? outcome.body : undefined;
    return { status: statusOf(outcome), body: answer?.toString() ?? "" };
  }

  /** The latest tries, oldest first. */
  attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** Increases with every try. */
  get revision(): number {
    return this.#revision;
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
    this.#sender.stop();
  }

  #endpointsOf(event: StripeEvent): WebhookEndpoint[] {
    return this.#context.endpoints.of(event.type, event.account !== undefined);
  }

  #tryRepeatedly(event: StripeEvent, endpoint: WebhookEndpoint, retry: number): void {
    const endpointId = endpoint.shown.id;
    const key = `${event.id} ${endpointId}`;
    this.#waiting.set(key, { event, endpointId, retry });
    const onOutcome = (outcome: DeliveryOutcome) => {
      const status = statusOf(outcome);
      const isTaken = status !== undefined && status >= 200 && status < 300;
      if (isTaken) event.pending_webhooks -= 1;
      if (isTaken || !this.#isRetried(event, retry)) this.#waiting.delete(key);
      else this.#retryLater(event, endpoint, retry);
      this.#postponer.overtake();
    };
    const fault = this.#context.faults.next("stripe", `deliver ${event.type}`);
    const send = (sent?: Fault) => void this.#send(event, endpoint, sent, onOutcome);
    const late = () => ({
      service: "Stripe",
      what: `sends ${event.type} late`,
      about: event.id,
    });
    if (!this.#postponer.postpone(fault, send, late)) send(fault);
  }

  #retryLater(event: StripeEvent, endpoint: WebhookEndpoint, retry: number): void {
    if (this.#stopped) return;
    const again = () => {
      if (this.#context.endpoints.takes(endpoint)) this.#tryRepeatedly(event, endpoint, retry + 1);
      else this.#waiting.delete(`${event.id} ${endpoint.shown.id}`);
    };
    this.#timers.after(RETRY_DELAYS_MS[retry] ?? LAST_RETRY_DELAY_MS, again, () => ({
      service: "Stripe",
      what: `sends ${event.type} again`,
      about: `${event.id}, attempt ${retry + 2}`,
    }));
  }

  #isRetried(event: StripeEvent, retry: number): boolean {
    const delayMs = RETRY_DELAYS_MS[retry] ?? LAST_RETRY_DELAY_MS;
    const ageMs = this.#context.clock.nowMs() - event.created * 1000;
    return ageMs + delayMs <= RETRY_PERIOD_MS;
  }

  /** Every attempt is signed with its own time. */
  #send(
    event: StripeEvent,
    { secret, shown: { id: endpointId, url } }: WebhookEndpoint,
    fault?: Fault,
    onOutcome?: (outcome: DeliveryOutcome) => void,
  ): Promise<DeliveryOutcome> {
    const body = Buffer.from(JSON.stringify(event, null, 2));
    const signature = signatureHeader(body, secret, this.#context.clock.nowMs());
    return this.#post(url, body, signature, fault, (outcome) => {
      const result = outcome.kind === "answered" ? outcome.status : outcome.reason;
      const atMs = this.#context.clock.nowMs();
      this.#attempts.push({ atMs, eventId: event.id, type: event.type, endpointId, result });
      if (this.#attempts.length > MAX_ATTEMPTS) this.#attempts.shift();
      this.#revision += 1;
      onOutcome?.(outcome);
    });
  }

  /** Calls back with the outcome before the delivery counts as finished. */
  async #post(
    url: string,
    body: Buffer,
    signature: string,
    fault?: Fault,
    onOutcome?: (outcome: DeliveryOutcome) => void,
  ): Promise<DeliveryOutcome> {
    const { activity } = this.#context;
    activity.begin();
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "stripe-signature": signature,
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    };
    const delivery = { url, method: "POST", headers, body, deadlineMs: ANSWER_DEADLINE_MS };
    const outcome = await this.#sender.sendWithFault(delivery, fault);
    onOutcome?.(outcome);
    activity.end();
    return outcome;
  }
}

function statusOf(outcome: DeliveryOutcome): number | undefined {
  return outcome.kind === "answered" ? outcome.status : undefined;
}
