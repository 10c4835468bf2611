import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

/**
 * A message that a function could not handle and that retrying would not help. A message that Pub/Sub itself gives
 * up arrives on the same topic as the original message, with Pub/Sub's attributes.
 */
export const messageDeadLettered = defineEvent({
  topic: "dead-letters",
  schema: z.object({
    /** Subscription and message id, or queue and task name, so that the same message is stored once. */
    id: z.string(),
    functionName: z.string(),
    reason: z.string(),
    attributes: z.record(z.string(), z.string()),
    /** The message's data as text. */
    body: z.string(),
    /** True if there is no message to send again: a function reports something that people must handle. */
    isReport: z.optional(z.boolean()),
  }),
  attributes: () => ({ kind: "refused" }),
});

export type DeadLetter = z.infer<typeof messageDeadLettered.schema>;

/** The attribute of a replayed message: the replay's id, which identifies its dead letter. */
export const REPLAY_ATTRIBUTE = "dead_letter_replay";
