import type { ComponentChildren } from "preact";
import "./badge.css";

/** A state in a word or two. */
export function Badge({
  kind = "plain",
  children,
}: {
  kind?: "plain" | "good" | "bad" | "warn";
  children: ComponentChildren;
}) {
  return <span class={`badge ${kind}`}>{children}</span>;
}
