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
 * somebody may be waiting: it is set after the wait is stored, and looked after once it was removed, so that it is never
 * missing for long.
 */
export function createDropWaits(database: Database) {
  return {
    /** Adds someone to a drop's list; false when they are on it already. */
    async add(dropId: string, userId: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = placeOf(firestore, dropId, userId);
      const isNew = await dropWaitDocument.createNow(place, { dropId, userId, since: now });
      await dropDocument.updateNow(dropDocument.place(firestore, dropId), { hasWaiting: true });
      return isNew;
    },

    /** Takes someone off a drop's list. Idempotent. */
    async remove(dropId: string, userId: string): Promise<void> {
      await placeOf(await database(), dropId, userId).delete();
    },

    /** The first to wait for a drop. */
    async oldest(dropId: string, limit: number): Promise<DropWait[]> {
      const found = await waitsFor(await database(), dropId)
        .limit(limit)
        .get();
      return found.docs.flatMap(dropWaitDocument.readable);
    },

    /** Removes a drop's mark when nobody waits for it any more. */
    async unmarkIfEmpty(dropId: string): Promise<void> {
      const firestore = await database();
      const place = dropDocument.place(firestore, dropId);
      await dropDocument.updateNow(place, { hasWaiting: false });
      // Somebody who joined meanwhile has found the mark still there.
      const left = await waitsFor(firestore, dropId).limit(1).get();
      if (!left.empty) await dropDocument.updateNow(place, { hasWaiting: true });
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
