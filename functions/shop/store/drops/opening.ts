import type { Database } from "../../../../shared/ports/database.ts";
import { dropDocument } from "../../documents/drop.ts";
import type { Drop } from "../../domain/drop.ts";

/** A draft that opens, and one that could not. */
export function createDropOpenings(database: Database) {
  return {
    /**
     * Puts a draft that is due on sale, before it is posted, and returns it as it is then; one that is being opened
     * is returned again. Undefined when there is nothing to open: it is open, discarded, or due later.
     */
    async beginOpening(id: string, now: Date): Promise<Drop | undefined> {
      const firestore = await database();
      const place = dropDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const drop = snapshot.exists ? dropDocument.read(snapshot) : undefined;
        if (!drop?.opensAt || drop.opensAt > now) return undefined;
        if (drop.draftState === "opening") return drop;
        if (drop.draftState !== "draft") return undefined;
        const opening = { draftState: "opening", isClosed: false } as const;
        dropDocument.update(transaction, place, opening);
        return { ...drop, ...opening };
      });
    },

    /**
     * Makes a drop that could not be opened at this time a draft again, which its builder opens. Nothing happens when
     * it is posted or discarded, or has another time since.
     */
    async backToDraft(id: string, opensAt: Date | undefined): Promise<void> {
      const place = dropDocument.place(await database(), id);
      await dropDocument.changeUnlocked(place, dropDocument.read, (drop) => {
        const isSame = drop.opensAt?.getTime() === opensAt?.getTime();
        const isDue = drop.draftState === "draft" || drop.draftState === "opening";
        if (!isSame || !isDue) return undefined;
        return { draftState: "draft", isClosed: true, opensAt: undefined };
      });
    },
  };
}
