import { parseJson } from "../../../../../shared/runtime/http.ts";
import type { StudioHost } from "../../../host.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import { type Body, markersOf } from "./markers.ts";

/** A message or task that may have been handled before. */
interface Sent {
  readonly eventId: string;
  readonly body: string;
  /** Who receives it. */
  readonly functions: readonly string[];
}

/** Finds out whether a message was handled, by what functions have stored and by their log. */
export function openHandled({ cloud }: StudioHost, store: TraceStore) {
  const stored = cloud.inspectFirestore?.(cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "");
  return {
    /** Which function has handled a message, and when; undefined if that is not known of any. */
    whoHandled: (sent: Sent): string | undefined => {
      const logged = whoLogged(store, sent);
      if (logged) return logged;
      for (const name of sent.functions) {
        const paths = markersOf(name, asBody(sent.body)) ?? [];
        const path = paths.find((each) => stored?.document(each));
        if (path) return `${name} has stored ${path}.`;
      }
      return undefined;
    },

    /** What `whoHandled` goes by, in a sentence. */
    basisOf: ({ body, functions }: Omit<Sent, "eventId">): string => {
      const log = "the log since this start";
      const unmarked = functions.filter((name) => !stored || !markersOf(name, asBody(body)));
      if (unmarked.length === 0) {
        return `By what ${functions.join(" and ")} stored if anything came of it, and by ${log}.`;
      }
      return `By ${log} alone, because no document shows what ${unmarked.join(" and ")} handled.`;
    },
  };
}

function asBody(text: string): Body {
  const parsed = parseJson(Buffer.from(text));
  return typeof parsed === "object" && parsed !== null ? (parsed as Body) : {};
}

function whoLogged(store: TraceStore, { eventId, functions }: Sent): string | undefined {
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
