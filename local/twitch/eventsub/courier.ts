import type { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { Fault, FaultPlan } from "../../kit/faults.ts";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { type DeliveryOutcome, HttpSender } from "../../kit/http/sender.ts";
import { Postponer } from "../../kit/postponer.ts";
import { Timers } from "../../kit/timers.ts";
import type { EventLog } from "../event-log.ts";
import { headersOf, type Message } from "./message.ts";

/** Twitch documents no number; its own command line tool waits this long. */
const ANSWER_DEADLINE_MS = 10_000;

/**
 * Delays before each retry, by the local clock. Twitch documents none; these all stay within the
 * ten minutes after which a callback should reject a message.
 */
const RETRY_DELAYS_MS = [10_000, 30_000, 60_000, 180_000];

/** What `Courier` needs. */
export interface CourierContext {
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly activity: Activity;
  readonly log: EventLog;
}

/** Delivers messages to their callbacks. Planned faults apply as "deliver stream.online". */
export class Courier {
  #context: CourierContext;
  #sender: HttpSender;
  #timers: Timers;
  #postponer: Postponer;
  #stopped = false;

  constructor(context: CourierContext) {
    this.#context = context;
    this.#sender = new HttpSender(context.clock, context.fetch);
    this.#timers = new Timers(context.clock);
    this.#postponer = new Postponer(this.#timers);
  }

  /** Tries once and calls back with the outcome before the delivery counts as finished. */
  tryOnce(message: Message, onOutcome: (outcome: DeliveryOutcome) => void, retry = 0): void {
    const { type, subscriptionType } = message;
    const name = type === "notification" ? subscriptionType : type;
    const fault = this.#context.faults.next("twitch", `deliver ${name}`);
    const send = (sent: Fault | undefined) => void this.#send(message, retry, sent, onOutcome);
    const late = () => ({ service: "Twitch", what: `sends ${name} late`, about: message.id });
    if (!this.#postponer.postpone(fault, () => send(undefined), late)) send(fault);
  }

  /**
   * Retries until the callback answers 2xx, `shouldRetry` returns false after a failure, or no attempts
   * are left.
   */
  tryRepeatedly(message: Message, shouldRetry: (succeeded: boolean) => boolean, retry = 0): void {
    const onOutcome = (outcome: DeliveryOutcome) => {
      const succeeded = isSuccess(outcome);
      const delayMs = RETRY_DELAYS_MS[retry];
      if (!shouldRetry(succeeded) || succeeded || delayMs === undefined || this.#stopped) return;
      const again = () => this.tryRepeatedly(message, shouldRetry, retry + 1);
      this.#timers.after(delayMs, again, () => ({
        service: "Twitch",
        what: `sends ${message.subscriptionType} again`,
        about: `${message.id}, attempt ${retry + 2}`,
      }));
    };
    this.tryOnce(message, onOutcome, retry);
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
    this.#sender.stop();
  }

  async #send(
    message: Message,
    retry: number,
    fault: Fault | undefined,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ): Promise<void> {
    const { activity, log } = this.#context;
    activity.begin();
    const delivery = {
      url: message.callback,
      method: "POST",
      headers: headersOf(message, retry),
      body: message.body,
      deadlineMs: ANSWER_DEADLINE_MS,
    };
    const outcome = await this.#sender.sendWithFault(delivery, fault);
    log.add({
      kind: "message",
      messageId: message.id,
      messageType: message.type,
      subscriptionType: message.subscriptionType,
      retry,
      result: resultOf(outcome),
    });
    onOutcome(outcome);
    this.#postponer.overtake();
    activity.end();
  }
}

/** The status, or why there was none. */
export function resultOf(outcome: DeliveryOutcome): number | "deadline" | "connection" {
  return outcome.kind === "answered" ? outcome.status : outcome.reason;
}

export function isSuccess(outcome: DeliveryOutcome): boolean {
  return outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300;
}
