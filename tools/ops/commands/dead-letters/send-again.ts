import * as z from "zod/mini";
import { type FunctionName, functionNames, manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import type { KeptDeadLetter } from "../../../../functions/operations/store/dead-letters.ts";
import { taskId } from "../../../../shared/clients/tasks.ts";
import type { EventBase } from "../../../../shared/events/define-event.ts";
import { REPLAY_ATTRIBUTE } from "../../../../shared/events/message-dead-lettered.ts";
import type { Filter, Trigger } from "../../../../shared/runtime/function/function-row.ts";
import { parseJson } from "../../../../shared/runtime/http.ts";

/** Attributes that Pub/Sub adds to what it gives up on, and the id of an earlier replay. */
const ADDED_ATTRIBUTE = new RegExp(`^(CloudPubSubDeadLetter|${REPLAY_ATTRIBUTE}$)`);
/** A command's secret that is not stored, and without which its function cannot work. */
const REMOVED_CODE = /"code"\s*:\s*"removed"/;

/** The body is read as it is: its own schema's version is checked by the function. */
const AS_IT_WAS = { version: 1, upgrades: [] } as const;

const eventBase = z.looseObject({ id: z.string() });

/** Why a dead letter cannot be sent again and what to do instead; undefined if it can. */
export function whyNotSent(deadLetter: KeptDeadLetter): string | undefined {
  const { functionName, isReport, body } = deadLetter;
  const trigger = triggerOf(functionName);
  if (isReport || trigger?.kind === "http") {
    return `It is a report of ${functionName}, not a message: do what it says, at the provider or by hand, then discard it.`;
  }
  if (trigger?.kind !== "topic" && trigger?.kind !== "queue") {
    return `Its receiver is unknown ("${functionName}"): find out from its body who sent it, then discard it.`;
  }
  if (REMOVED_CODE.test(body)) {
    return "It is a /payout, whose code is not stored. If it was booked, the sweeper finishes it; if not, staff have to run the command again. Then discard it.";
  }
  if (!payloadOf(deadLetter)) {
    return "It is not an event of ours: no function will ever read it. Find out who sent it, then discard it.";
  }
  if (trigger.kind === "queue") return undefined;
  const receivers = subscribersOf(trigger.topic, deadLetter.attributes);
  if (receivers.length === 1 && receivers[0] === functionName) return undefined;
  return `With its attributes, ${trigger.topic} would deliver it to ${receivers.join(" and ") || "nobody"}, not only to ${functionName}. Do its work by hand, then discard it.`;
}

/**
 * The id of a dead letter's replay: a failure under this id belongs to the same dead letter. A failed task is
 * identified by its queue and name, a failed message by an attribute.
 */
export function replayIdOf({ id, functionName }: KeptDeadLetter, number: number): string {
  const name = `${id}.replay-${number}`;
  const isTask = triggerOf(functionName)?.kind === "queue";
  return isTask ? `${functionName}.${taskId(name)}` : name;
}

/**
 * Sends a dead letter's message again, unchanged: to the topic if the failed function is its only subscriber, or
 * as a new task in the same queue. Functions are idempotent, so sending it twice does the work once.
 */
export async function sendAgain(
  deadLetter: KeptDeadLetter,
  number: number,
  { publisher, tasks, clock }: Pick<Deps, "publisher" | "tasks" | "clock">,
): Promise<void> {
  const payload = payloadOf(deadLetter);
  const trigger = triggerOf(deadLetter.functionName);
  if (!payload) throw new Error("A letter without an event was sent again");
  if (trigger?.kind === "queue") {
    // The task gets a new name: Cloud Tasks refuses a used one for an hour.
    const schema = z.pipe(
      z.custom<EventBase>(),
      z.transform(() => payload),
    );
    const named = { id: `${deadLetter.id}.replay-${number}` };
    const task = { queue: deadLetter.functionName, schema, ...AS_IT_WAS };
    await tasks.enqueue(task, named, clock.now());
  }
  if (trigger?.kind === "topic") {
    const attributes = {
      ...ownAttributes(deadLetter),
      [REPLAY_ATTRIBUTE]: replayIdOf(deadLetter, number),
    };
    const event = {
      topic: trigger.topic,
      schema: z.custom<EventBase>(),
      attributes: () => attributes,
      ...AS_IT_WAS,
    };
    await publisher.publish(event, payload);
  }
}

/** The functions to which a topic delivers a message with these attributes. */
export function subscribersOf(
  topic: string,
  attributes: Readonly<Record<string, string>>,
): FunctionName[] {
  return functionNames.filter((name) => {
    const trigger = triggerOf(name);
    return trigger?.kind === "topic" && trigger.topic === topic && passes(trigger, attributes);
  });
}

function passes(
  { filter = {} }: { readonly filter?: Filter },
  attributes: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    const value = attributes[key];
    if (value === undefined) return false;
    return typeof wanted === "string" ? value === wanted : value.startsWith(wanted.startsWith);
  });
}

function triggerOf(name: string): Trigger | undefined {
  const known = functionNames.find((each) => each === name);
  return known && manifest[known].trigger;
}

function payloadOf({ body }: KeptDeadLetter): EventBase | undefined {
  const parsed = parseJson(Buffer.from(body));
  return eventBase.safeParse(parsed).success ? (parsed as EventBase) : undefined;
}

function ownAttributes({ attributes }: KeptDeadLetter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !ADDED_ATTRIBUTE.test(name)),
  );
}
