import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { openDisputes } from "../../domain/builder-part.ts";
import { beginRelease, type ReleaseDecision } from "./begin-release.ts";
import { createReleaseLists } from "./release-lists.ts";
import { createTransferOutcomes } from "./transfer-outcomes.ts";

export type Releases = ReturnType<typeof createReleases>;

/** Held money in the `orders` collection, from the promise to the transfer. */
export function createReleases(database: Database) {
  return {
    ...createTransferOutcomes(database),
    ...createReleaseLists(database),

    /** Decides a transfer to an account, once; see `beginRelease`. */
    begin: (orderId: string, accountId: string | undefined, now: Date): Promise<ReleaseDecision> =>
      beginRelease(database, orderId, accountId, now),

    /** Ends the wait for a proof; false when there is one, or nothing is held any more. */
    async end(orderId: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const { payment, proof } = orderDocument.read(await transaction.get(place));
        if (payment?.hold === "ended") return true;
        const isDue = payment?.heldUntil !== undefined && payment.heldUntil <= now;
        if (payment?.hold !== "held" || proof || !isDue) return false;
        if (openDisputes(payment).length > 0) return false;
        orderDocument.update(transaction, place, { payment: { hold: "ended" }, updatedAt: now });
        return true;
      });
    },
  };
}
