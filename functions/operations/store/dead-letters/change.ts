import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import { deadLetterDocument } from "../../../../shared/documents/definitions/dead-letter.ts";
import type { Database, DocumentSnapshot } from "../../../../shared/ports/database.ts";
import type { KeptDeadLetter } from "../dead-letters.ts";

/** Fields of a dead letter that change, and their new values. */
export type DeadLetterChanges = ChangesOf<typeof deadLetterDocument>;

/** Decides the changes to a dead letter, undefined for none, and what the caller is answered. */
type Decide<T> = (deadLetter: KeptDeadLetter) => { changes?: DeadLetterChanges; result: T };

/** Changes a dead letter; returns the result of `decide`, or undefined without a dead letter. */
export type ChangeDeadLetter = <T>(id: string, decide: Decide<T>) => Promise<T | undefined>;

/** Changes dead letters, each change in a transaction of its own. */
export function deadLetterChanges(database: Database): ChangeDeadLetter {
  return async (id, decide) => {
    const firestore = await database();
    const place = deadLetterDocument.place(firestore, id);
    return firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return undefined;
      const { changes, result } = decide(toDeadLetter(snapshot));
      if (changes) deadLetterDocument.update(transaction, place, changes);
      return result;
    });
  };
}

/** Reads a dead letter. One stored before states were introduced is open and has failed once. */
export function toDeadLetter(snapshot: DocumentSnapshot): KeptDeadLetter {
  const deadLetter = deadLetterDocument.read(snapshot);
  const { keptAt: at, reason, history } = deadLetter;
  return history.length > 0
    ? deadLetter
    : { ...deadLetter, history: [{ what: "failed", at, reason }] };
}
