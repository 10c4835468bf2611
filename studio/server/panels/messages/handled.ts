import type { TraceStore } from "../traces/trace-store.ts";

/**
 * Says which function has already handled an event successfully, and when; undefined if none of
 * these has, as far back as the log reaches.
 */
export function whoHandled(
  store: TraceStore,
  eventId: string,
  functions: readonly string[],
): string | undefined {
  for (const [traceId, entries] of store.traces) {
    const done = entries.find(
      ({ fields }) =>
        fields["event"] === "handled" &&
        fields["outcome"] === "done" &&
        (fields["eventId"] === eventId || fields["taskId"] === eventId) &&
        functions.includes(String(fields["function"])),
    );
    if (!done) continue;
    const at = new Date(done.atMs).toISOString();
    return `${done.fields["function"]} handled it at ${at} (trace ${traceId}).`;
  }
  return undefined;
}
