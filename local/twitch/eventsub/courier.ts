import type { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { Fault, FaultPlan } from "../../kit/faults.ts";
import type { InProcessFetch } from "../../kit/in-process.ts";
import { Postponer } from "../../kit/postponer.ts";
import { type DeliveryOutcome, HttpSender } from "../../kit/sender.ts";
import { Timers } from "../../kit/timers.ts";
import type { EventLog } from "../event-log.ts";
import { headersOf, type Message } from "./message.ts";

/** Twitch names no number; its own command line tool waits this long. */
const ANSWER_DEADLINE_MS = 10_000;

/**
 * The waits before each further try, by the local clock. Twitch names none; all of these are within
 * the ten minutes after which a callback should refuse a message.
 */
const RETRY_DELAYS_MS = [10_000, 30_000, 60_000, 180_000];

/** What a courier needs. */
export interface CourierContext {
  /** How endpoints are called; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly activity: Activity;
  readonly log: EventLog;
}

/** Brings messages to their callbacks, struck by the faults planned for "deliver stream.online". */
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

  /** Tries once and tells what came of it, before it counts as no longer under way. */
  tryOnce(message: Message, tell: (outcome: DeliveryOutcome) => void, retry = 0): void {
    const { type, subscriptionType } = message;
    const name = type === "notification" ? subscriptionType : type;
    const fault = this.#context.faults.next("twitch", `deliver ${name}`);
    const send = (sent: Fault | undefined) => void this.#send(message, retry, sent, tell);
    if (!this.#postponer.postpone(fault, () => send(undefined))) send(fault);
  }

  /** Tries until it is answered by 2xx, `goOn` says no to a failure, or the tries are used up. */
  tryRepeatedly(message: Message, goOn: (succeeded: boolean) => boolean, retry = 0): void {
    const tell = (outcome: DeliveryOutcome) => {
      const succeeded = isSuccess(outcome);
      const delayMs = RETRY_DELAYS_MS[retry];
      if (!goOn(succeeded) || succeeded || delayMs === undefined || this.#stopped) return;
      this.#timers.after(delayMs, () => {
        this.tryRepeatedly(message, goOn, retry + 1);
      });
    };
    this.tryOnce(message, tell, retry);
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
    tell: (outcome: DeliveryOutcome) => void,
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
    const outcome = await this.#sender.sendStruck(delivery, fault);
    log.add({
      kind: "message",
      messageId: message.id,
      messageType: message.type,
      subscriptionType: message.subscriptionType,
      retry,
      result: resultOf(outcome),
    });
    tell(outcome);
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
