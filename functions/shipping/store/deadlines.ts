import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { deadlineDocument, type deadlineKinds } from "../documents/deadline.ts";

/** Something that happens at a time unless something else happens before. */
export type Deadline = DocumentOf<typeof deadlineDocument>;

/** What a deadline is about. */
export type DeadlineKind = (typeof deadlineKinds)[number];

/** A deadline that is to be set: one for each kind and subject. */
export type NewDeadline = Omit<Deadline, "id">;

export type Deadlines = ReturnType<typeof createDeadlines>;

/** The `deadlines` collection: the sweeper does what is due. */
export function createDeadlines(database: Database) {
  return {
    /** What is due by `now`, the oldest first. */
    async due(now: Date, limit: number): Promise<Deadline[]> {
      const found = await deadlineDocument
        .all(await database())
        .where("due_at", "<=", now)
        .orderBy("due_at")
        .limit(limit)
        .get();
      return found.docs.flatMap(deadlineDocument.readable);
    },

    /** Sets a deadline; one of the same kind and subject is replaced. */
    async set(deadline: NewDeadline): Promise<void> {
      const firestore = await database();
      await firestore.runTransaction(async (transaction) =>
        setDeadlines(firestore, transaction, [deadline]),
      );
    },

    /** Forgets a deadline that was dealt with, unless it was set anew meanwhile. */
    async done({ id, version, dueAt }: Deadline): Promise<void> {
      const firestore = await database();
      const place = deadlineDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return;
        const found = deadlineDocument.read(snapshot);
        const isAnew = found.version !== version || found.dueAt.getTime() !== dueAt.getTime();
        if (!isAnew) transaction.delete(place);
      });
    },
  };
}

/** The id of the deadline of a kind and subject. */
export function deadlineId({ kind, subjectId }: Pick<NewDeadline, "kind" | "subjectId">): string {
  return `${kind}.${subjectId}`;
}

/** Sets deadlines in a transaction; one of the same kind and subject is replaced. */
export function setDeadlines(
  firestore: Firestore,
  transaction: Transaction,
  deadlines: readonly NewDeadline[],
): void {
  for (const deadline of deadlines) {
    const place = deadlineDocument.place(firestore, deadlineId(deadline));
    deadlineDocument.set(transaction, place, deadline);
  }
}
