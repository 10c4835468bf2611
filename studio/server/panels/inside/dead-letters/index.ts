import * as z from "zod/mini";
import { manifest } from "../../../../../functions/manifest.ts";
import {
  createDeadLetters,
  type KeptDeadLetter,
} from "../../../../../functions/operations/store/dead-letters.ts";
import { createPublisher } from "../../../../../shared/clients/pubsub.ts";
import { createTaskQueue } from "../../../../../shared/clients/tasks.ts";
import { currentSpan, inNewSpan } from "../../../../../shared/runtime/trace.ts";
import { replay } from "../../../../../tools/ops/commands/dead-letters/replay.ts";
import { whyNotSent } from "../../../../../tools/ops/commands/dead-letters/send-again.ts";
import type { CommitLog } from "../../../commits.ts";
import { pathOf } from "../../../commits.ts";
import type { StudioHost } from "../../../host.ts";
import { defineCall } from "../../../panel.ts";
import { openHandled } from "../messages/handled.ts";
import { whyMalformed } from "../messages/shapes.ts";
import type { TraceStore } from "../traces/trace-store.ts";

const PUBLISH_DEADLINE_MS = 10_000;

const one = z.object({ id: z.string().check(z.minLength(1)) });

/** Messages that failed for good: what they were, why they failed, and how to send them again. */
export function deadLettersPanel(host: StudioHost, store: TraceStore, commits: CommitLog) {
  const { cloud } = host;
  const projectId = cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "";
  const deps = () => openDeps(host);
  const handled = openHandled(host, store);

  const get = async (id: string): Promise<KeptDeadLetter> => {
    const found = await deps().deadLetters.get(id);
    if (!found) throw new Error(`There is no dead letter "${id}".`);
    return found;
  };

  return {
    calls: {
      list: defineCall(z.object({}), async () => {
        const found = [];
        for await (const letter of deps().deadLetters.since(new Date(0))) {
          found.push({ ...letter, keptAt: letter.keptAt.getTime() });
        }
        return found.reverse();
      }),

      open: defineCall(one, async ({ id }) => {
        const letter = await get(id);
        const stored = cloud.inspectFirestore?.(projectId).document(`dead_letters/${id}`);
        const trace = stored?.fields["trace_id"];
        return {
          id,
          function: letter.functionName,
          state: letter.state,
          reason: letter.reason,
          attempts: letter.attempts,
          attributes: letter.attributes,
          body: letter.body,
          history: letter.history.map(({ what, at, reason }) => ({
            what,
            atMs: at.getTime(),
            reason,
          })),
          /** What shows whether it was handled. */
          basis: handled.basisOf({ body: letter.body, functions: [letter.functionName] }),
          /** Why it cannot be sent again; undefined if it can. */
          problem: whyNotSent(letter),
          traceId: trace?.valueType === "stringValue" ? trace.stringValue : undefined,
        };
      }),

      /** Sends it again to the function that failed, with another body if one is given. */
      replay: defineCall(
        z.object({
          ...one.shape,
          body: z.optional(z.string()),
          onlyIfNeverRan: z._default(z.boolean(), false),
        }),
        async ({ id, body, onlyIfNeverRan }) => {
          const letter = await get(id);
          const carrier = carrierOf(letter.functionName);
          const problem = body === undefined ? undefined : whyMalformed(carrier, body);
          if (problem) throw new Error(problem);
          const ran = onlyIfNeverRan
            ? handled.whoHandled({
                eventId: eventIdOf(letter),
                body: body ?? letter.body,
                functions: [letter.functionName],
              })
            : undefined;
          if (ran) throw new Error(`Not sent: ${ran}`);
          const isAgain = letter.state !== "open";
          const { traceId, outcome } = await inNewSpan(projectId, undefined, async () => ({
            traceId: currentSpan()?.traceId,
            outcome: await replay(id, isAgain, deps(), body),
          }));
          if (!outcome.isSent) throw new Error(outcome.what);
          host.save();
          return { traceId, what: outcome.what };
        },
      ),

      discard: defineCall(
        z.object({ ...one.shape, reason: z.string() }),
        async ({ id, reason }) => {
          const given = reason.trim();
          if (given === "") throw new Error("Say why it is discarded.");
          const before = await deps().deadLetters.discard(id, given, cloud.clock.now());
          if (before !== "open") throw new Error(`It is ${before ?? "gone"} already.`);
          host.save();
        },
      ),
    },
    version: changesOf(commits),
  };
}

/** Counts the commits that touched dead letters. */
function changesOf(commits: CommitLog): () => number {
  let seen = 0;
  let version = 0;
  return () => {
    for (const { sequence, changes } of commits.after(seen)) {
      seen = sequence;
      if (changes.some(({ name }) => pathOf(name).startsWith("dead_letters/"))) version += 1;
    }
    return version;
  };
}

function openDeps({ cloud }: StudioHost) {
  const { databaseOf, pubsub, tasks, settings, clock } = cloud;
  if (!databaseOf || !pubsub || !tasks) {
    throw new Error("The environment names other servers, which the studio cannot look into.");
  }
  const projectId = settings["GOOGLE_CLOUD_PROJECT"] ?? "";
  const urls = {
    FUNCTION_URL_TEMPLATE: settings["FUNCTION_URL_TEMPLATE"] ?? "",
    TASKS_SERVICE_ACCOUNT: settings["TASKS_SERVICE_ACCOUNT"] ?? "",
  };
  return {
    deadLetters: createDeadLetters(async () => databaseOf(projectId, Math.random)),
    publisher: createPublisher(pubsub.topicsOf(projectId, PUBLISH_DEADLINE_MS, Math.random)),
    tasks: createTaskQueue(urls, tasks.queues(Math.random)),
    clock,
  };
}

/** The topic or queue that brought a function its message. */
function carrierOf(functionName: string): string {
  const row = Object.entries(manifest).find(([name]) => name === functionName)?.[1];
  return row?.trigger.kind === "topic" ? row.trigger.topic : functionName;
}

function eventIdOf({ attributes, body }: KeptDeadLetter): string {
  const { event_id: id } = attributes;
  if (id !== undefined) return id;
  try {
    return String(JSON.parse(body).id);
  } catch {
    return "";
  }
}
