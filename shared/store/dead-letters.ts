import type { Database } from "../clients/firestore.ts";
import type { DeadLetter } from "../events/message-dead-lettered.ts";
import { createdNow } from "./document.ts";

export type DeadLetters = ReturnType<typeof createDeadLetters>;

/** The `dead_letters` collection: what could not be done, kept until an operator has seen to it. */
export function createDeadLetters(database: Database) {
  return {
    /** Keeps a message once, however often it is delivered, with the trace that tells its story. */
    async keep(letter: DeadLetter, traceId: string | undefined, now: Date): Promise<void> {
      const firestore = await database();
      const reference = firestore.collection("dead_letters").doc(letter.id);
      await createdNow(reference, {
        function_name: letter.functionName,
        reason: letter.reason,
        attributes: letter.attributes,
        body: letter.body,
        trace_id: traceId ?? null,
        kept_at: now,
      });
    },
  };
}
