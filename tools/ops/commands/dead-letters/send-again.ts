import * as z from "zod/mini";
import { type FunctionName, functionNames, manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import type { KeptDeadLetter } from "../../../../functions/operations/store/dead-letters.ts";
import { taskId } from "../../../../shared/clients/tasks.ts";
import type { EventBase } from "../../../../shared/events/define-event.ts";
import { REPLAY_ATTRIBUTE } from "../../../../shared/events/message-dead-lettered.ts";
import type { Filter, Trigger } from "../../../../shared/runtime/function-row.ts";
import { parseJson } from "../../../../shared/runtime/http.ts";

/** What Pub/Sub adds to what it gives up on, and the name of an earlier sending. */
const ADDED_ATTRIBUTE = new RegExp(`^(CloudPubSubDeadLetter|${REPLAY_ATTRIBUTE}$)`);
/** A secret of a command that is not kept, and that its function could not do without. */
const REMOVED_CODE = /"code"\s*:\s*"removed"/;

/** A body names the version of its own shape. */
const AS_IT_WAS = { version: 1, upgrades: [] } as const;

const eventBase = z.looseObject({ id: z.string() });

/** Why a dead letter cannot be sent again and what to do instead; undefined when it can. */
export function whyNotSent(deadLetter: KeptDeadLetter): string | undefined {
  const { functionName, isReport, body } = deadLetter;
  const trigger = triggerOf(functionName);
  if (isReport || trigger?.kind === "http") {
    return `It is a report of ${functionName}, not a message: see to what it says, at the provider or by hand, then discard it.`;
  }
  if (trigger?.kind !== "topic" && trigger?.kind !== "queue") {
    return `Nobody knows for whom it was ("${functionName}"): find out from its body who sent it, then discard it.`;
  }
  if (REMOVED_CODE.test(body)) {
    return "It is a /payout whose code is not kept. If it was booked, the sweeper finishes it; if not, have staff type it again. Then discard it.";
  }
  if (!payloadOf(deadLetter)) {
    return "It is not an event of ours: no function will ever read it. Find out who sent it, then discard it.";
  }
  if (trigger.kind === "queue") return undefined;
  const receivers = subscribersOf(trigger.topic, deadLetter.attributes);
  if (receivers.length === 1 && receivers[0] === functionName) return undefined;
  return `By its attributes ${trigger.topic} would give it to ${receivers.join(" and ") || "nobody"}, not to ${functionName} alone. Do what it asks for by hand, then discard it.`;
}

/**
 * The name of a dead letter's sending: a failure under it is the same dead letter's. A task that fails is known
 * by its queue and its own name, a message by an attribute.
 */
export function replayIdOf({ id, functionName }: KeptDeadLetter, number: number): string {
  const name = `${id}.replay-${number}`;
  const isTask = triggerOf(functionName)?.kind === "queue";
  return isTask ? `${functionName}.${taskId(name)}` : name;
}

/**
 * Sends a dead letter's message as it was: to the topic whose one subscriber failed, or as a new task of the
 * same queue. Functions bear repeats, so sending it twice does the work once.
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
    // The task has a name of its own: the old one cannot be used again within the hour.
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

/** The functions that a topic gives a message with these attributes to. */
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
