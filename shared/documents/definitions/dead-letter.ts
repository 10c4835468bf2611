import { defineDocument } from "../define-document.ts";
import {
  fallback,
  flag,
  integer,
  internal,
  list,
  map,
  oneOf,
  optional,
  personal,
  readApart,
  record,
  text,
  time,
} from "../fields.ts";

/** Whether somebody still has to see to a dead letter. */
export const deadLetterStates = ["open", "replayed", "discarded"] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

const OTHERS = {
  erase: "delete-document",
  export: "left out: a message may hold other people's data",
} as const;
const OPERATORS = "for operators";

const event = record("", {
  what: oneOf("what", ["failed", "replayed", "discarded"]),
  at: time("at"),
  /** Why it failed, or was discarded. */
  reason: optional(text("reason")),
});

export const deadLetterDocument = defineDocument({
  collection: "dead_letters",
  about: "A message that failed for good, as operators see it and send it again.",
  key: { what: "the function's name and the message's id" },
  kept: "forever; once it is closed, until a person whom it names is forgotten",
  exportedIn: ["errors_kept"],
  fields: {
    functionName: text("function_name"),
    /** Why it failed the last time. */
    reason: personal(text("reason"), OTHERS),
    /** When it failed the last time. */
    keptAt: time("kept_at"),
    state: fallback(oneOf("state", deadLetterStates), "open"),
    /** How often it has come here: once, and once for each time it was sent again and failed again. */
    attempts: fallback(internal(integer("attempts"), OPERATORS), 1),
    attributes: personal(map("attributes", text()), OTHERS),
    body: personal(text("body"), OTHERS),
    isReport: fallback(internal(flag("is_report"), OPERATORS), false),
    history: fallback(personal(list("history", event), OTHERS), []),
    /** The times it was sent again, by their ids, and those that failed again. */
    replayIds: fallback(internal(list("replay_ids", text()), OPERATORS), []),
    failedReplayIds: fallback(internal(list("failed_replay_ids", text()), OPERATORS), []),
    replayBegunAt: optional(internal(time("replay_begun_at"), OPERATORS)),
    traceId: readApart(internal(text("trace_id"), OPERATORS)),
  },
});
