import { Badge } from "../../ui/badge/badge.tsx";

const KINDS: Readonly<Record<string, "good" | "bad" | "warn">> = {
  ok: "good",
  done: "good",
  failed: "bad",
  kept: "bad",
  open: "bad",
  dropped: "bad",
  retried: "warn",
  again: "warn",
  refused: "warn",
  running: "warn",
  waiting: "warn",
};

/** The state of a trace, call, task or dead letter. */
export function StateBadge({
  state,
  text = state,
}: {
  readonly state: string;
  readonly text?: string;
}) {
  return <Badge kind={KINDS[state] ?? "plain"}>{text}</Badge>;
}
