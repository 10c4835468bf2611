import { deadLetterDocument } from "../../../../shared/documents/definitions/dead-letter.ts";
import {
  type DeadLetter,
  REPLAY_ATTRIBUTE,
} from "../../../../shared/events/message-dead-lettered.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import type { KeptDeadLetter } from "../dead-letters.ts";
import type { ChangeDeadLetter, DeadLetterChanges } from "./change.ts";

/** A message that could not be handled: the first time, or when it was replayed. */
interface Failure {
  readonly deadLetter: DeadLetter;
  readonly traceId: string | undefined;
  readonly now: Date;
}

/** Stores what could not be handled. */
export function createFailures(database: Database, change: ChangeDeadLetter) {
  return {
    /**
     * Stores a failure and returns the id of its dead letter. A failed replay reopens the original dead letter and is
     * added to its history. Idempotency: a failure that is delivered again changes nothing.
     */
    async keep(deadLetter: DeadLetter, traceId: string | undefined, now: Date): Promise<string> {
      const failure = { deadLetter, traceId, now };
      const deadLetters = deadLetterDocument.all(await database());
      const replayId = deadLetter.attributes[REPLAY_ATTRIBUTE] ?? deadLetter.id;
      const sentAgain = await deadLetters
        .where("replay_ids", "array-contains", replayId)
        .limit(1)
        .get();
      const [before] = sentAgain.docs;
      if (!before) {
        await deadLetterDocument.createNow(deadLetters.doc(deadLetter.id), firstFailure(failure));
        return deadLetter.id;
      }
      await change(before.id, (kept) =>
        kept.failedReplayIds.includes(replayId)
          ? { result: undefined }
          : { changes: failedReplay(kept, replayId, failure), result: undefined },
      );
      return before.id;
    },
  };
}

/** How a new dead letter is stored. */
function firstFailure({ deadLetter, traceId, now }: Failure) {
  const { functionName, reason, attributes, body, isReport = false } = deadLetter;
  return {
    functionName,
    reason,
    attributes,
    body,
    keptAt: now,
    traceId,
    isReport,
    state: "open" as const,
    attempts: 1,
    history: [{ what: "failed" as const, at: now, reason }],
  };
}

/** The changes that reopen a dead letter whose replay failed. */
function failedReplay(
  { attempts, history, failedReplayIds }: KeptDeadLetter,
  replayId: string,
  { deadLetter: { reason }, traceId, now }: Failure,
): DeadLetterChanges {
  return {
    state: "open",
    attempts: attempts + 1,
    keptAt: now,
    reason,
    failedReplayIds: [...failedReplayIds, replayId],
    replayBegunAt: undefined,
    traceId,
    history: [...history, { what: "failed", at: now, reason }],
  };
}
