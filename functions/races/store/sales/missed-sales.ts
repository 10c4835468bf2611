import type { Database, DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { waitingRefundDocument } from "../../documents/waiting-refund.ts";

/** A sale that has refunds but was never reported itself, and since when. */
export interface MissedSale {
  readonly saleId: string;
  readonly since: Date;
}

const MAX_WAITING = 100;

/** Sales that have refunds but were never reported themselves, in `waiting_refunds`. */
export function missedSales(database: Database) {
  return {
    /**
     * Sales that have had refunds since `time` or earlier but were never reported, oldest first, at most 100.
     * Leaves out those of which the operators have been notified.
     */
    async missedSince(time: Date): Promise<MissedSale[]> {
      const waiting = waitingRefundDocument.all(await database()).where("since", "<=", time);
      const found = await waiting.orderBy("since").limit(MAX_WAITING).get();
      return found.docs.map(toMissed);
    },

    /**
     * Records that the operators were notified of an unreported sale. Does nothing if the sale was booked
     * meanwhile.
     */
    async missedIsNotified(saleId: string): Promise<void> {
      const firestore = await database();
      const place = waitingRefundDocument.place(firestore, saleId);
      await firestore.runTransaction(async (transaction) => {
        const known = await transaction.get(place);
        if (!known.exists) return;
        const { since } = waitingRefundDocument.read(known);
        const changes = { since: undefined, notifiedSince: since };
        if (since) waitingRefundDocument.update(transaction, place, changes);
      });
    },

    /**
     * All sales that have refunds but were never reported, including those of which the operators have been
     * notified.
     */
    async missed(): Promise<MissedSale[]> {
      const found = await waitingRefundDocument.all(await database()).get();
      return found.docs.map(toMissed);
    },
  };
}

function toMissed(snapshot: DocumentSnapshot): MissedSale {
  const { id: saleId, since, notifiedSince } = waitingRefundDocument.read(snapshot);
  return { saleId, since: since ?? notifiedSince ?? new Date(0) };
}
