import type { Database } from "../../../../shared/ports/database.ts";
import { dropDocument } from "../../documents/drop.ts";
import { type Drop, MAX_STOCK } from "../../domain/drop.ts";
import { type DropChange, fieldsAfter, refusalOfChange } from "../../domain/drop-change.ts";
import { makeUnits } from "./units.ts";

/** The changed drop, or why it did not change. */
export type DropChangeResult =
  | { readonly outcome: "changed"; readonly drop: Drop }
  | { readonly outcome: "not-found" | "never-posted" | "still-draft" | "no-draft" | "no-terms" }
  | { readonly outcome: "too-many"; readonly room: number };

const readApplied = dropDocument.part("appliedIds");

/** Changes that builders make to their drops, each once: a drop keeps the ids of the changes made to it. */
export function createDropChanges(database: Database) {
  return {
    /** Whether a change of this drop was made under the id. */
    async hasApplied(id: string, changeId: string): Promise<boolean> {
      const snapshot = await dropDocument.place(await database(), id).get();
      return snapshot.exists && (readApplied(snapshot).appliedIds ?? []).includes(changeId);
    },

    /** Changes a builder's own drop, once per `changeId`. Another builder's drop is `not-found`. */
    async change(
      id: string,
      builderId: string,
      change: DropChange,
      changeId: string,
    ): Promise<DropChangeResult> {
      const firestore = await database();
      const reference = dropDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction): Promise<DropChangeResult> => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return { outcome: "not-found" };
        const drop = dropDocument.read(snapshot);
        if (drop.builderId !== builderId) return { outcome: "not-found" };
        const applied = readApplied(snapshot).appliedIds ?? [];
        if (applied.includes(changeId)) return { outcome: "changed", drop };
        const refusal = refusalOfChange(change, drop);
        if (refusal) return { outcome: refusal };
        const changes = fieldsAfter(change, drop);
        const stock = changes.stock ?? drop.stock;
        if (stock > MAX_STOCK) return { outcome: "too-many", room: MAX_STOCK - drop.stock };
        const appliedIds = [...applied, changeId];
        dropDocument.update(transaction, reference, { ...changes, appliedIds });
        makeUnits(firestore, transaction, id, { first: drop.stock + 1, last: stock });
        return { outcome: "changed", drop: { ...drop, ...changes } };
      });
    },
  };
}
