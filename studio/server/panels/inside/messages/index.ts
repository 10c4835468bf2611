import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { subscribersOf } from "../../../../../tools/ops/commands/dead-letters/send-again.ts";
import type { StudioHost } from "../../../host.ts";
import { defineCall } from "../../../panel.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import { openHandled } from "./handled.ts";
import { whyMalformed } from "./shapes.ts";

/** How many messages of a subscription and tasks of a queue are listed. */
const MOST_LISTED = 100;
const PUBLISH_DEADLINE_MS = 10_000;
/** What Pub/Sub adds to what it gives up on, and the trace, which a repeat does not continue. */
const NOT_REPEATED = /^(CloudPubSubDeadLetter|traceparent$)/;

/** Pub/Sub's topics and subscriptions and Cloud Tasks' queues, with what waits in them. */
export function messagesPanel(host: StudioHost, store: TraceStore) {
  const { cloud } = host;
  const projectId = cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "";
  const { pubsub, tasks } = cloud;
  const handled = openHandled(host, store);

  const find = (messageId: string) => {
    const message = pubsub?.published().find((each) => each.messageId === messageId);
    if (!message) throw new Error(`Message ${messageId} is no longer known.`);
    return message;
  };

  return {
    calls: {
      read: defineCall(z.object({}), () => {
        const nowMs = cloud.clock.nowMs();
        const published = Map.groupBy(pubsub?.published() ?? [], ({ topicId }) => topicId);
        const queues = Map.groupBy(tasks?.tasks() ?? [], ({ queueId }) => queueId);
        return {
          nowMs,
          topics: (pubsub?.topicIds() ?? []).sort().map((id) => ({
            id,
            published: published.get(id)?.length ?? 0,
            lastMs: published.get(id)?.at(-1)?.publishedAtMs,
          })),
          subscriptions: (pubsub?.backlogs() ?? [])
            .map(({ subscription, messages }) => ({
              id: lastOf(subscription.name),
              topic: lastOf(subscription.topic),
              filter: subscription.filter,
              backlog: messages.length,
              delivering: messages.filter(({ state }) => state === "delivering").length,
              retrying: messages.filter(({ state }) => state === "waiting").length,
              oldestMs: messages[0]?.message.publishedAtMs,
              maxAttempts: subscription.deadLetterPolicy?.maxDeliveryAttempts,
              deadLettered: (pubsub?.published() ?? []).filter(
                ({ attributes }) =>
                  attributes["CloudPubSubDeadLetterSourceSubscription"] ===
                  lastOf(subscription.name),
              ).length,
            }))
            .sort((one, other) => other.backlog - one.backlog || (one.id < other.id ? -1 : 1)),
          queues: [...queues].sort().map(([id, all]) => ({
            id,
            waiting: all.filter(({ state }) => state === "waiting" || state === "due").length,
            dispatching: all.filter(({ state }) => state === "dispatching").length,
            done: all.filter(({ state }) => state === "done").length,
            dropped: all.filter(({ state }) => state === "dropped").length,
          })),
          waiting: (tasks?.tasks() ?? [])
            .filter(({ state }) => state !== "done" && state !== "dropped" && state !== "deleted")
            .sort((one, other) => one.nextAtMs - other.nextAtMs)
            .slice(0, MOST_LISTED)
            .map(({ queueId, taskId, nextAtMs, createdAtMs, state, attempts, body }) => ({
              queue: queueId,
              taskId,
              dueMs: nextAtMs,
              createdMs: createdAtMs,
              state,
              attempts: attempts.length,
              body: body.toString("utf8"),
            })),
        };
      }),

      backlog: defineCall(z.object({ subscription: z.string() }), ({ subscription }) => {
        const found = pubsub
          ?.backlogs()
          .find((each) => lastOf(each.subscription.name) === subscription);
        return (found?.messages ?? []).slice(0, MOST_LISTED).map((each) => ({
          messageId: each.message.messageId,
          publishedMs: each.message.publishedAtMs,
          attempts: each.attempts,
          state: each.state,
          nextMs: each.nextAtMs,
          attributes: each.message.attributes,
          body: each.message.data.toString("utf8"),
        }));
      }),

      runTask: defineCall(
        z.object({ queue: z.string(), taskId: z.string() }),
        ({ queue, taskId }) => {
          tasks?.runNow(queue, taskId);
          host.save();
        },
      ),

      message: defineCall(z.object({ messageId: z.string() }), ({ messageId }) => {
        const { topicId, attributes, data, publishedAtMs } = find(messageId);
        const body = data.toString("utf8");
        const receivers = subscribersOf(topicId, attributes);
        return {
          messageId,
          topic: topicId,
          publishedMs: publishedAtMs,
          attributes,
          body,
          receivers,
          /** What shows whether it was handled. */
          basis: handled.basisOf({ body, functions: receivers }),
        };
      }),

      /** Publishes a past message once more, as it was or with another body, in a trace of its own. */
      resend: defineCall(
        z.object({
          messageId: z.string(),
          body: z.string(),
          onlyIfNeverRan: z._default(z.boolean(), false),
        }),
        async ({ messageId, body, onlyIfNeverRan }) => {
          const { topicId, attributes: before } = find(messageId);
          const problem = whyMalformed(topicId, body);
          if (problem) throw new Error(problem);
          const sent = { eventId: before["event_id"] ?? "", body };
          const ran = onlyIfNeverRan
            ? handled.whoHandled({ ...sent, functions: subscribersOf(topicId, before) })
            : undefined;
          if (ran) throw new Error(`Not sent: ${ran}`);
          const traceId = randomBytes(16).toString("hex");
          const kept = Object.entries(before).filter(([name]) => !NOT_REPEATED.test(name));
          const attributes = {
            ...Object.fromEntries(kept),
            traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01`,
          };
          const topics = pubsub?.topicsOf(projectId, PUBLISH_DEADLINE_MS, Math.random);
          await topics?.publish(topicId, { data: Buffer.from(body), attributes });
          return { traceId };
        },
      ),
    },
    version: () => {
      const waiting = (pubsub?.backlogs() ?? []).map(({ messages }) =>
        messages.map(({ state }) => state[0]).join(""),
      );
      return `${host.logs.newest} ${waiting.join("|")}`;
    },
  };
}

const lastOf = (name: string) => name.slice(name.lastIndexOf("/") + 1);
