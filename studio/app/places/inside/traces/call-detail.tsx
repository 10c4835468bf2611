import type { ComponentChildren } from "preact";
import type { Answer } from "../../../api/api.ts";
import { JsonTree, TextOrJson } from "../../../ui/json/json-tree.tsx";
import { durationText, Moment } from "../../../ui/moment.tsx";
import { at } from "../links.ts";
import { StateBadge } from "../state-badge.tsx";

type Opened = NonNullable<Answer<"traces", "open">>;
type Call = Opened["calls"][number];

/** What a call wrote, called, published and scheduled, in the order in which it happened. */
export function CallDetail({ call, zeroMs }: { readonly call: Call; readonly zeroMs: number }) {
  const steps = [
    ...call.lines.map((line) => ({ atMs: line.atMs, order: 1, shown: <Line line={line} /> })),
    ...call.outside.map((each) => ({ atMs: each.atMs, order: 0, shown: <Outside call={each} /> })),
    ...call.published.map((each) => ({
      atMs: each.atMs,
      order: 0,
      shown: <Published message={each} />,
    })),
    ...call.tasks.map((each) => ({ atMs: each.atMs, order: 0, shown: <Task task={each} /> })),
  ].sort((one, other) => one.atMs - other.atMs || one.order - other.order);
  return (
    <ol class="steps">
      {steps.map(({ atMs, shown }, index) => (
        <li key={index}>
          <span class="quiet small step-time">+{durationText(Math.max(0, atMs - zeroMs))}</span>
          {shown}
        </li>
      ))}
    </ol>
  );
}

function Step({
  kind,
  title,
  children,
}: {
  readonly kind: string;
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <details class="step">
      <summary>
        <span class={`step-kind is-${kind}`}>{kind}</span> {title}
      </summary>
      <div class="step-body">{children}</div>
    </details>
  );
}

function Line({ line: { severity, message, fields } }: { readonly line: Call["lines"][number] }) {
  const { stack, ...others } = fields;
  return (
    <Step kind={severity === "INFO" ? "log" : severity.toLowerCase()} title={message}>
      <JsonTree value={others} />
      {typeof stack === "string" && <pre class="text">{stack}</pre>}
    </Step>
  );
}

function Outside({ call }: { readonly call: Call["outside"][number] }) {
  const { service, what, status, durationMs, body } = call;
  const isBad = status === undefined || status >= 400;
  return (
    <Step
      kind={service}
      title={
        <>
          <span class="mono">{what}</span>{" "}
          <span class={isBad ? "problem" : "quiet"}>{status ?? "no answer"}</span>{" "}
          <span class="quiet">{durationText(durationMs)}</span>
        </>
      }
    >
      {body === "" ? <p class="quiet">Without a body.</p> : <TextOrJson text={body} />}
    </Step>
  );
}

function Published({ message }: { readonly message: Call["published"][number] }) {
  const { topic, attributes, deliveries, body, messageId } = message;
  const receivers = deliveries.map((each) => `${each.function} (${each.outcome})`).join(", ");
  return (
    <Step
      kind="published"
      title={
        <>
          {topic} → {receivers || "not delivered yet"}
        </>
      }
    >
      <p class="quiet small">
        Message {messageId}. <a href={at("queues", { message: messageId })}>Send it again…</a>
      </p>
      <JsonTree value={attributes} name="attributes" />
      <TextOrJson text={body} />
    </Step>
  );
}

function Task({
  task: { queue, dueMs, state, attempts, body },
}: {
  readonly task: Call["tasks"][number];
}) {
  return (
    <Step
      kind="task"
      title={
        <>
          {queue}, due <Moment ms={dueMs} withDay />{" "}
          <StateBadge
            state={state}
            text={attempts > 1 ? `${state}, ${attempts} attempts` : state}
          />
        </>
      }
    >
      <TextOrJson text={body} />
    </Step>
  );
}
