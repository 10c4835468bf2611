import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { Fault, FaultPlan } from "../kit/faults.ts";
import type { InProcessFetch } from "../kit/http/in-process.ts";
import { type Delivery, type DeliveryOutcome, HttpSender } from "../kit/http/sender.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { Postponer } from "../kit/postponer.ts";
import { Timers } from "../kit/timers.ts";

/** One webhook. Sent again, it is the same to the byte. */
export interface Webhook extends Delivery {
  /** The shop's own id of it. */
  readonly id: string;
  /** The provider that sends it, by its name. */
  readonly shop: string;
  /** What it tells: "Shop Order", "orders/paid". */
  readonly topic: string;
  /** The waits before each further try. */
  readonly retryDelaysMs: readonly number[];
}

/** One try of a webhook. */
export interface Attempt {
  readonly atMs: number;
  readonly id: string;
  readonly shop: Webhook["shop"];
  readonly topic: string;
  /** 0 the first time. */
  readonly retry: number;
  /** The status it was answered with, or why there was no answer. */
  readonly result: number | "deadline" | "connection";
}

const MAX_KEPT = 10_000;

/** Brings webhooks to us, struck by the faults planned for "deliver kofi Shop Order". */
export class Courier {
  readonly activity = new Activity();
  #clock: LocalClock;
  #faults: FaultPlan;
  #sender: HttpSender;
  #timers: Timers;
  #postponer: Postponer;
  #sent = new Map<string, Webhook>();
  #attempts: Attempt[] = [];
  #stopped = false;
  #revision = 0;
  /** How often those have been tried that were not taken yet, by their ids. */
  #waiting = new Map<string, number>();

  constructor(clock: LocalClock, faults: FaultPlan, fetch?: InProcessFetch) {
    this.#clock = clock;
    this.#faults = faults;
    this.#sender = new HttpSender(clock, fetch);
    this.#timers = new Timers(clock);
    this.#postponer = new Postponer(this.#timers);
  }

  /** What waits is tried again as soon as everything runs. */
  persistIn(state: PersistentState): void {
    state.maps("shops", { sent: this.#sent, waiting: this.#waiting });
    state.list("shops.attempts", this.#attempts);
    state.onResume(() => {
      for (const [id, retry] of this.#waiting) {
        const webhook = this.#sent.get(id);
        if (webhook) this.#try(webhook, retry, () => undefined);
      }
    });
  }

  /** Sends a webhook until it is answered by 2xx or the tries are used up; `end` is given which of the two. */
  publish(webhook: Webhook, end: (isTaken: boolean) => void = () => undefined): void {
    this.#sent.set(webhook.id, webhook);
    this.#try(webhook, 0, end);
  }

  /** Sends a webhook once more, as it was. Throws when there was none of this id. */
  async repeat(id: string): Promise<Attempt["result"]> {
    const webhook = this.#sent.get(id);
    if (!webhook) throw new Error(`There was no webhook ${id}.`);
    return resultOf(await this.#send(webhook, 0));
  }

  /**
   * Sends a webhook as somebody would who does not know the secret: with another body under the same signature, and
   * without the secrets that the body holds. Throws when there was none of this id.
   */
  async repeatForged(id: string, secrets: readonly string[]): Promise<Attempt["result"]> {
    const webhook = this.#sent.get(id);
    if (!webhook) throw new Error(`There was no webhook ${id}.`);
    const known = secrets.filter((secret) => secret !== "");
    const text = known.reduce(
      (body, secret) => body.replaceAll(secret, "forged"),
      String(webhook.body),
    );
    return resultOf(await this.#send({ ...webhook, body: Buffer.from(`${text} `) }, 0));
  }

  /** Increases with every try. */
  get revision(): number {
    return this.#revision;
  }

  /** All tries so far, oldest first. */
  attempts(): Attempt[] {
    return [...this.#attempts];
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
    this.#sender.stop();
  }

  #try(webhook: Webhook, retry: number, end: (isTaken: boolean) => void): void {
    this.#waiting.set(webhook.id, retry);
    const tell = (outcome: DeliveryOutcome) => {
      const isTaken = outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300;
      const delayMs = webhook.retryDelaysMs[retry];
      if (this.#stopped) return;
      if (isTaken || delayMs === undefined) this.#waiting.delete(webhook.id);
      if (isTaken || delayMs === undefined) end(isTaken);
      else {
        this.#timers.after(
          delayMs,
          () => this.#try(webhook, retry + 1, end),
          () => ({
            service: "Shops",
            what: `${webhook.shop} sends ${webhook.topic} again`,
            about: `${webhook.id}, attempt ${retry + 2}`,
          }),
        );
      }
    };
    const fault = this.#faults.next("shops", `deliver ${webhook.shop} ${webhook.topic}`);
    const send = (sent?: Fault) => void this.#send(webhook, retry, sent, tell);
    const what = `${webhook.shop} sends ${webhook.topic} late`;
    const late = () => ({ service: "Shops", what, about: webhook.id });
    if (!this.#postponer.postpone(fault, send, late)) send(fault);
  }

  /** Tells what came of it before it counts as no longer under way. */
  async #send(
    webhook: Webhook,
    retry: number,
    fault?: Fault,
    tell?: (outcome: DeliveryOutcome) => void,
  ): Promise<DeliveryOutcome> {
    this.activity.begin();
    const outcome = await this.#sender.sendWithFault(webhook, fault);
    const { id, shop, topic } = webhook;
    const result = resultOf(outcome);
    this.#attempts.push({ atMs: this.#clock.nowMs(), id, shop, topic, retry, result });
    if (this.#attempts.length > MAX_KEPT) this.#attempts.shift();
    this.#revision += 1;
    tell?.(outcome);
    this.#postponer.overtake();
    this.activity.end();
    return outcome;
  }
}

function resultOf(outcome: DeliveryOutcome): Attempt["result"] {
  return outcome.kind === "answered" ? outcome.status : outcome.reason;
}
