import type { ComponentChildren } from "preact";
import { Badge } from "../badge/badge.tsx";
import "./record.css";

type Kind = Parameters<typeof Badge>[0]["kind"];

/** One thing of a list: a line that opens to what can be done with it. */
export function RecordLine({
  lead,
  state,
  kind = "plain",
  title,
  aside,
  children,
}: {
  /** What stands first, such as an amount. */
  lead: ComponentChildren;
  state?: string;
  kind?: Kind;
  title: ComponentChildren;
  aside?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <details class="record">
      <summary>
        <strong class="lead">{lead}</strong>
        {state !== undefined && <Badge kind={kind}>{state}</Badge>}
        <span class="title">{title}</span>
        <span class="quiet aside">{aside}</span>
      </summary>
      <div class="body stack">{children}</div>
    </details>
  );
}

/** A list of such lines, or what to do to have some. */
export function Records({ empty, children }: { empty: string; children: ComponentChildren[] }) {
  if (children.length === 0) return <p class="quiet">{empty}</p>;
  return <div class="card records">{children}</div>;
}
