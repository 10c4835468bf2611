import { featureOf, functionNames, manifest } from "../../functions/manifest.ts";
import type {
  Filter,
  FunctionRow,
  QueuePolicy,
  RetryPolicy,
  Trigger,
} from "../../shared/runtime/function/function-row.ts";
import { isSecretSetting, settingsOf } from "../settings/function-settings.ts";
import { named, page, table } from "./markdown.ts";

const INTRO = `Each feature lists its functions in its \`functions.ts\`; [\`functions/manifest.ts\`](../../functions/manifest.ts)
composes the lists. The local cloud and Terraform are wired from it.`;

const ACCESS = `## What each function may do

Each function runs as a service account of its own. It may publish to its topics, put tasks into its queues and read
its secrets, and nothing more. "Anyone" can reach a public function over the internet; for all others Google checks the
caller's identity token first. [Security](../security.md#what-each-function-may-do) says more.`;

const SIZE = `## Size and retries

"Instances" is the least and the most of them; "at once" is how many requests one instance serves. Cloud Tasks gives a
task up once both its attempts and its time are used up. Pub/Sub moves a message to \`dead-letters\` after the last
attempt.`;

const rows = functionNames.map((name) => {
  const row: FunctionRow = manifest[name];
  return { ...row, name: `\`${name}\``, feature: featureOf(name) };
});

/** `docs/reference/functions.md`. */
export function functionsPage(): string {
  const features = [...new Set(rows.map(({ feature }) => feature))];
  return page("Functions", "the features' `functions.ts`", [
    INTRO,
    ...features.flatMap((feature) => [
      `## ${feature}`,
      table(
        ["function", "called by", "does"],
        rows
          .filter((row) => row.feature === feature)
          .map(({ name, trigger, does }) => [name, sourceOf(trigger), does]),
      ),
    ]),
    ACCESS,
    table(
      ["function", "called by", "publishes to", "puts tasks into", "secrets"],
      rows.map((row) => [
        row.name,
        callerOf(row.trigger),
        named(row.publishes),
        named(row.enqueues),
        named(settingsOf(row).filter(isSecretSetting)),
      ]),
    ),
    SIZE,
    table(
      ["function", "memory", "timeout", "instances", "at once", "retries"],
      rows.map((row) => [
        row.name,
        `${row.memoryMiB} MiB`,
        `${row.timeoutSeconds} s`,
        `${row.minInstances} to ${row.maxInstances}`,
        String(row.concurrency),
        retriesOf(row.trigger),
      ]),
    ),
  ]);
}

/** Where its calls come from. */
function sourceOf(trigger: Trigger): string {
  if (trigger.kind === "http") return trigger.isPublic ? "HTTP, public" : "HTTP, named services";
  if (trigger.kind === "queue") return "its queue";
  if (trigger.kind === "schedule") return `Cloud Scheduler, every ${trigger.everyMinutes} minutes`;
  const filter = trigger.filter ? `, ${filterOf(trigger.filter)}` : "";
  return `topic \`${trigger.topic}\`${filter}`;
}

function filterOf(filter: Filter): string {
  return Object.entries(filter)
    .map(([attribute, value]) =>
      typeof value === "string"
        ? `\`${attribute} = ${value}\``
        : `\`${attribute} = ${value.startsWith}*\``,
    )
    .join(", ");
}

/** Who can call it. */
function callerOf(trigger: Trigger): string {
  if (trigger.kind === "http") return trigger.isPublic ? "anyone" : "named services";
  if (trigger.kind === "topic") return `Pub/Sub, \`${trigger.topic}\``;
  return trigger.kind === "queue" ? "Cloud Tasks" : "Cloud Scheduler";
}

function retriesOf(trigger: Trigger): string {
  if (trigger.kind === "http") return "the caller's";
  if (trigger.kind === "schedule") return "the next run";
  const most =
    trigger.kind === "queue" ? mostOfTasks(trigger.retry) : mostOfMessages(trigger.retry);
  const { minimumBackoffSeconds: least, maximumBackoffSeconds: longest } = trigger.retry;
  return `${most}, ${least} s to ${longest} s apart`;
}

function mostOfTasks({ maxAttempts, maxRetryDurationSeconds }: QueuePolicy): string {
  return `${maxAttempts} attempts and ${maxRetryDurationSeconds / 3600} h`;
}

function mostOfMessages({ deadLetter }: RetryPolicy): string {
  return deadLetter
    ? `${deadLetter.maxDeliveryAttempts} attempts`
    : "as long as the topic keeps them";
}
