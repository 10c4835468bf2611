import { readFileSync } from "node:fs";
import { functionNames, manifest } from "../../functions/manifest.ts";
import type { Filter, Trigger } from "../../shared/runtime/function/function-row.ts";
import { invokerEmail } from "../functions/invoker.ts";
import type { IndexConfiguration } from "../google/firestore/types.ts";
import type { PubSubPlan, SubscriptionPlan } from "../google/pubsub/provision.ts";
import type { Schedule } from "../google/scheduler/index.ts";
import type { QueuePlan } from "../google/tasks/index.ts";

const rows = functionNames.map((name) => ({ name, ...manifest[name], trigger: triggerOf(name) }));

/** The manifest's topics and push subscriptions; functions are below `functionsUrl`. */
export function pubSubPlan(functionsUrl: string, projectId?: string): PubSubPlan {
  const topics = new Set<string>(rows.flatMap((row) => [...row.publishes]));
  const subscriptions = rows.flatMap(({ name, timeoutSeconds, trigger }): SubscriptionPlan[] => {
    if (trigger.kind !== "topic") return [];
    topics.add(trigger.topic);
    return [
      {
        id: name,
        topic: trigger.topic,
        pushEndpoint: `${functionsUrl}/${name}`,
        ...(projectId !== undefined && { pushAccount: invokerEmail(name, projectId) }),
        ackDeadlineSeconds: timeoutSeconds,
        ...trigger.retry,
        ...(trigger.filter ? { filter: filterExpression(trigger.filter) } : {}),
      },
    ];
  });
  return { topics: [...topics], subscriptions };
}

/** The manifest's Cloud Tasks queues. */
export function queuePlans(): QueuePlan[] {
  return rows.flatMap(({ name, trigger }) =>
    trigger.kind === "queue"
      ? [
          {
            id: name,
            maxAttempts: trigger.retry.maxAttempts,
            maxRetryDurationMs: trigger.retry.maxRetryDurationSeconds * 1000,
            minBackoffMs: trigger.retry.minimumBackoffSeconds * 1000,
            maxBackoffMs: trigger.retry.maximumBackoffSeconds * 1000,
            maxDoublings: trigger.retry.maxDoublings,
            maxConcurrentDispatches: trigger.retry.maxConcurrentDispatches,
          },
        ]
      : [],
  );
}

/**
 * The manifest's scheduled calls, as the account that may make them; functions are below
 * `functionsUrl`.
 */
export function schedules(functionsUrl: string, projectId: string): Schedule[] {
  return rows.flatMap(({ name, timeoutSeconds, trigger }) =>
    trigger.kind === "schedule"
      ? [
          {
            url: `${functionsUrl}/${name}`,
            account: invokerEmail(name, projectId),
            everyMinutes: trigger.everyMinutes,
            deadlineMs: timeoutSeconds * 1000,
          },
        ]
      : [],
  );
}

/** Production's indexes. */
export function indexDefinitions(): IndexConfiguration {
  return JSON.parse(readFileSync(new URL("../../firestore.indexes.json", import.meta.url), "utf8"));
}

function triggerOf(name: (typeof functionNames)[number]): Trigger {
  return manifest[name].trigger;
}

function filterExpression(filter: Filter): string {
  return Object.entries(filter)
    .map(([key, value]) =>
      typeof value === "string"
        ? `attributes.${key} = ${JSON.stringify(value)}`
        : `hasPrefix(attributes.${key}, ${JSON.stringify(value.startsWith)})`,
    )
    .join(" AND ");
}
