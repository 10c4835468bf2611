import { isNewer } from "../../../shared/discord/snowflake.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { shippingTermsDocument } from "../documents/shipping-terms.ts";
import type { ShippingTerms } from "../domain/terms.ts";

/** The terms after a change, why it cannot be, or that a newer command has changed them. */
export type TermsResult<Problem> =
  | { readonly outcome: "changed"; readonly terms: ShippingTerms }
  | { readonly outcome: "refused"; readonly problem: Problem }
  | { readonly outcome: "superseded" };

export type BuildersTerms = ReturnType<typeof createBuildersTerms>;

/** The `shipping_terms` collection. The document id is the builder's Discord user id. */
export function createBuildersTerms(database: Database) {
  const place = async (builderId: string) =>
    shippingTermsDocument.place(await database(), builderId);

  return {
    /** A builder's terms; undefined while they have set none. */
    async get(builderId: string): Promise<ShippingTerms | undefined> {
      const snapshot = await (await place(builderId)).get();
      return snapshot.exists ? shippingTermsDocument.read(snapshot).terms : undefined;
    },

    /** The terms that what a builder now offers takes; undefined while they have set none in its currency. */
    async forNew(builderId: string, currency: string): Promise<ShippingTerms | undefined> {
      const terms = await this.get(builderId);
      return terms?.currency === currency ? terms : undefined;
    },

    /** Whether the terms are as the command of this id left them. */
    async isChangedBy(builderId: string, changeId: string): Promise<boolean> {
      const snapshot = await (await place(builderId)).get();
      if (!snapshot.exists) return false;
      return shippingTermsDocument.read(snapshot).changeId === changeId;
    },

    /**
     * Changes a builder's terms as `decide` says. Idempotency: the command that changed them last changes nothing again
     * and gets what it left; one that is older than that changes nothing.
     */
    async change<Problem extends string>(
      { builderId, changeId }: { readonly builderId: string; readonly changeId: string },
      decide: (before: ShippingTerms | undefined) => ShippingTerms | Problem,
    ): Promise<TermsResult<Problem>> {
      const firestore = await database();
      const reference = await place(builderId);
      return firestore.runTransaction(async (transaction): Promise<TermsResult<Problem>> => {
        const snapshot = await transaction.get(reference);
        const before = snapshot.exists ? shippingTermsDocument.read(snapshot) : undefined;
        if (before?.changeId === changeId) return { outcome: "changed", terms: before.terms };
        if (before && isNewer(before.changeId, changeId)) return { outcome: "superseded" };
        const terms = decide(before?.terms);
        if (typeof terms === "string") return { outcome: "refused", problem: terms };
        shippingTermsDocument.set(transaction, reference, { terms, changeId });
        return { outcome: "changed", terms };
      });
    },
  };
}
