import type { Database } from "../../../../shared/ports/database.ts";
import type { ShippingTerms } from "../../../shipping/domain/terms.ts";
import type { TermsResult } from "../../../shipping/store/shipping-terms.ts";
import { dropDocument } from "../../documents/drop.ts";

/** The terms after a change, or why they did not change. */
export type DropTermsResult<Problem> = TermsResult<Problem> | { readonly outcome: "not-found" };

/** A builder's own drop, and the command that changes how it ships. */
export interface DropTermsChange {
  readonly dropId: string;
  readonly builderId: string;
  readonly changeId: string;
}

const readApplied = dropDocument.part("appliedIds");

/** How drops ship: fields of `inventory`. */
export function createDropTerms(database: Database) {
  return {
    /**
     * Changes how a builder's own drop ships, as `decide` says, once per `changeId`. Another builder's drop is
     * `not-found`. What is reserved or sold keeps what its order says.
     */
    async changeTerms<Problem extends string>(
      { dropId, builderId, changeId }: DropTermsChange,
      decide: (before: ShippingTerms | undefined) => ShippingTerms | Problem,
    ): Promise<DropTermsResult<Problem>> {
      const firestore = await database();
      const place = dropDocument.place(firestore, dropId);
      return firestore.runTransaction(async (transaction): Promise<DropTermsResult<Problem>> => {
        const snapshot = await transaction.get(place);
        const drop = snapshot.exists ? dropDocument.read(snapshot) : undefined;
        if (drop?.builderId !== builderId || drop.draftState === "discarded") {
          return { outcome: "not-found" };
        }
        const applied = readApplied(snapshot).appliedIds ?? [];
        if (applied.includes(changeId) && drop.shipping) {
          return { outcome: "changed", terms: drop.shipping };
        }
        const terms = decide(drop.shipping);
        if (typeof terms === "string") return { outcome: "refused", problem: terms };
        const changes = { shipping: terms, appliedIds: [...applied, changeId] };
        dropDocument.update(transaction, place, changes);
        return { outcome: "changed", terms };
      });
    },
  };
}
