import { type NewOf, unlessThere } from "../../../shared/documents/define-document.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { dropDocument } from "../documents/drop.ts";
import type { Drop } from "../domain/drop.ts";
import { createDropChanges } from "./drops/changes.ts";
import { createDropLists } from "./drops/lists.ts";
import { createDropOpenings } from "./drops/opening.ts";
import { createPostRecords } from "./drops/posts.ts";
import { createDropTerms } from "./drops/terms.ts";
import { createStockLevels, makeUnits } from "./drops/units.ts";

/** A drop before it is posted. */
export type NewDrop = Omit<
  NewOf<typeof dropDocument>,
  "post" | "image" | "event" | "isClosed" | "draftState" | "hasWaiting" | "appliedIds"
> & { readonly isDraft: boolean };

export type Drops = ReturnType<typeof createDrops>;

/**
 * The `inventory` collection: one document per drop, with one document per unit below it, so that concurrent buyers
 * do not contend for one document.
 */
export function createDrops(database: Database) {
  return {
    ...createDropOpenings(database),
    ...createPostRecords(database),
    ...createDropChanges(database),
    ...createDropTerms(database),
    ...createStockLevels(database),
    ...createDropLists(database),

    async get(id: string): Promise<Drop | undefined> {
      const snapshot = await dropDocument.place(await database(), id).get();
      return snapshot.exists ? dropDocument.read(snapshot) : undefined;
    },

    /** Creates a drop and its units. Idempotent. */
    async create({ isDraft, ...drop }: NewDrop): Promise<void> {
      const firestore = await database();
      const batch = firestore.batch();
      const place = dropDocument.place(firestore, drop.id);
      const draftState = isDraft ? "draft" : undefined;
      dropDocument.create(batch, place, { ...drop, isClosed: isDraft, draftState });
      makeUnits(firestore, batch, drop.id, { first: 1, last: drop.stock });
      await unlessThere(batch.commit());
    },
  };
}
