import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import { idsBehind } from "../../../shared/documents/ids-behind.ts";
import type { Database, Firestore } from "../../../shared/ports/database.ts";
import { dropDocument } from "../documents/drop.ts";
import { dropWaitDocument } from "../documents/drop-wait.ts";

/** Somebody who waits for units of a drop. */
export type DropWait = DocumentOf<typeof dropWaitDocument>;

export type DropWaits = ReturnType<typeof createDropWaits>;

/**
 * The `drop_waits` collection: who is to be notified when a drop has units again. The drop carries a mark that
 * somebody may be waiting. It is set in one commit with a wait, and removed in one with the look at the list, so that
 * nobody waits for a drop without it.
 */
export function createDropWaits(database: Database) {
  return {
    /** Adds someone to a drop's list, with the drop's mark; false when they are on it already. */
    async add(dropId: string, userId: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = placeOf(firestore, dropId, userId);
      return firestore.runTransaction(async (transaction) => {
        if ((await transaction.get(place)).exists) return false;
        dropWaitDocument.create(transaction, place, { dropId, userId, since: now });
        dropDocument.update(transaction, dropDocument.place(firestore, dropId), {
          hasWaiting: true,
        });
        return true;
      });
    },

    /** Takes someone off a drop's list. Idempotent. */
    async remove(dropId: string, userId: string): Promise<void> {
      await placeOf(await database(), dropId, userId).delete();
    },

    /** Takes someone off a drop's list who was notified, unless they have joined it again since. Idempotent. */
    async notified({ id, since }: Pick<DropWait, "id" | "since">): Promise<void> {
      const firestore = await database();
      const place = dropWaitDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return;
        const isSame = dropWaitDocument.read(snapshot).since.getTime() === since.getTime();
        if (isSame) transaction.delete(place);
      });
    },

    /** The first to wait for a drop. */
    async oldest(dropId: string, limit: number): Promise<DropWait[]> {
      const found = await waitsFor(await database(), dropId)
        .limit(limit)
        .get();
      return found.docs.flatMap(dropWaitDocument.readable);
    },

    /** Removes a drop's mark when nobody waits for it any more. Nobody can join in between. */
    async unmarkIfEmpty(dropId: string): Promise<void> {
      const firestore = await database();
      await firestore.runTransaction(async (transaction) => {
        const left = await transaction.get(waitsFor(firestore, dropId).limit(1));
        if (!left.empty) return;
        dropDocument.update(transaction, dropDocument.place(firestore, dropId), {
          hasWaiting: false,
        });
      });
    },

    /** Ids of drops that somebody may be waiting for, behind an id. */
    async waitedFor(after: string | undefined, limit: number): Promise<string[]> {
      const marked = dropDocument.all(await database()).where("has_waiting", "==", true);
      return idsBehind(marked, after, limit);
    },
  };
}

function placeOf(firestore: Firestore, dropId: string, userId: string) {
  return dropWaitDocument.place(firestore, `${dropId}.${userId}`);
}

function waitsFor(firestore: Firestore, dropId: string) {
  return dropWaitDocument.all(firestore).where("drop_id", "==", dropId).orderBy("since");
}
