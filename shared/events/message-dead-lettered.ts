import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

/**
 * A message that a function could not handle and that trying again would not help. What Pub/Sub
 * itself gives up on arrives on the same topic as the original message, under Pub/Sub's attributes.
 */
export const messageDeadLettered = defineEvent({
  topic: "dead-letters",
  schema: z.object({
    /** Subscription and message id, or queue and task name, so that the same message is kept once. */
    id: z.string(),
    functionName: z.string(),
    reason: z.string(),
    attributes: z.record(z.string(), z.string()),
    /** The message's data as text. */
    body: z.string(),
    /** True where there is no message to send again: a function found something that people must see to. */
    isReport: z.optional(z.boolean()),
  }),
  attributes: () => ({ kind: "refused" }),
});

export type DeadLetter = z.infer<typeof messageDeadLettered.schema>;

/** The attribute of a message that is sent again: that sending's id, by which its dead letter is known. */
export const REPLAY_ATTRIBUTE = "dead_letter_replay";
