import type { Fault, FaultRule, FaultTarget } from "../../../../local/kit/faults.ts";

/** A fault that is switched on by its name. */
export interface Preset {
  readonly name: string;
  readonly service: string;
  readonly rule: Pick<FaultRule, "target" | "operation" | "fault">;
}

const UNAVAILABLE = 14;
const ABORTED = 10;
const SLOW_MS = 4_000;
const LATE_MS = 30_000;
const RETRY_AFTER_MS = 2_000;
/** A call to the service, as opposed to what the service delivers. */
const CALLS = /^(?!deliver |dispatch )/;
const DELIVERIES = /^(?:deliver|dispatch) /;

const down: Fault = { kind: "fail", code: 503 };
const unavailable: Fault = { kind: "fail", code: UNAVAILABLE };
const slow: Fault = { kind: "delay", ms: SLOW_MS };
const late: Fault = { kind: "delay", ms: LATE_MS };
const twice: Fault = { kind: "duplicate", copies: 2 };

function of(target: FaultTarget, service: string) {
  const preset =
    (operation: RegExp) =>
    (what: string, fault: Fault): Preset => ({
      name: `${service} ${what}`,
      service,
      rule: { target, operation, fault },
    });
  return { calls: preset(CALLS), deliveries: preset(DELIVERIES), only: preset };
}

const discord = of("discord", "Discord");
const stripe = of("stripe", "Stripe");
const twitch = of("twitch", "Twitch");
const shops = of("shops", "Shops");
const redis = of("upstash", "Redis");
const firestore = of("firestore", "Firestore");
const pubsub = of("pubsub", "Pub/Sub");
const tasks = of("tasks", "Cloud Tasks");

/** Every fault that the studio can switch on, by service. */
export const presets: readonly Preset[] = [
  discord.calls("answers 429", { kind: "fail", code: 429, retryAfterMs: RETRY_AFTER_MS }),
  discord.calls("is down", down),
  discord.calls("is slow", slow),
  discord.calls("loses its answers", { kind: "lose-answer" }),
  stripe.calls("is slow", slow),
  stripe.calls("is down", down),
  stripe.calls("loses its answers", { kind: "lose-answer" }),
  stripe.deliveries("sends webhooks twice", twice),
  stripe.deliveries("sends webhooks late", late),
  stripe.deliveries("sends webhooks out of order", { kind: "reorder" }),
  twitch.calls("is down", down),
  twitch.deliveries("sends events twice", twice),
  twitch.deliveries("sends events late", late),
  shops.deliveries("send webhooks twice", twice),
  shops.deliveries("send webhooks late", late),
  redis.calls("is slow", slow),
  redis.calls("is down", down),
  redis.calls("loses its answers", { kind: "lose-answer" }),
  firestore.only(/^Commit$/)("has contention", { kind: "fail", code: ABORTED }),
  firestore.calls("is unavailable", unavailable),
  firestore.calls("is slow", slow),
  pubsub.calls("refuses to publish", unavailable),
  pubsub.deliveries("repeats messages", twice),
  pubsub.deliveries("delivers out of order", { kind: "reorder" }),
  pubsub.deliveries("delivers late", late),
  tasks.calls("is unavailable", unavailable),
  tasks.deliveries("dispatches twice", twice),
  tasks.deliveries("dispatches late", late),
];
