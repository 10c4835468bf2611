import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { refundDocument } from "../../documents/refund.ts";
import type { Refund } from "../../domain/refund.ts";
import { nextTryOf, withoutRefund, withSmallerRefund } from "../../domain/refund-requests.ts";
import { planBuilderPart } from "../builder-part.ts";
import { closedFields } from "./made-refund.ts";
import { withUndone } from "./typed-refunds.ts";

/** What becomes of a refund that Stripe refused. */
export function createRefusedRefunds(database: Database) {
  return {
    /**
     * Books that Stripe refused a refund: its amount can be refunded again, and the builder gets back what was
     * collected for it. Returns true if that needs a transfer.
     */
    async refused(orderId: string, id: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      const refundPlace = refundDocument.place(firestore, orderId, id);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const order = orderDocument.read(snapshot);
        const { payment } = order;
        const refund = refundDocument.read(await transaction.get(refundPlace));
        if (!payment || refund.state !== "requested") return false;
        const sums = withoutRefund(payment, refund);
        const part = await planBuilderPart(firestore, transaction, order, {
          payment: { ...payment, ...sums },
          cause: id,
          now,
        });
        refundDocument.update(transaction, refundPlace, { state: "failed" });
        orderDocument.update(transaction, place, {
          payment: { ...sums, ...part.changes },
          hasOpenRefunds: sums.openRefunds.length > 0,
          ...withUndone(id, snapshot),
          updatedAt: now,
        });
        part.apply();
        return part.payment.hold === "held";
      });
    },

    /**
     * Prepares the next try of an owed refund that Stripe refused, with a new attempt number and at most `left`,
     * the amount that Stripe says is left. If nothing is left, the refund is closed; `reason` is set if staff
     * closed it. Returns the refund after the change.
     */
    async aim(
      orderId: string,
      id: string,
      left: number,
      now: Date,
      reason?: string,
    ): Promise<Refund> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      const refundPlace = refundDocument.place(firestore, orderId, id);
      return firestore.runTransaction(async (transaction) => {
        const { payment } = orderDocument.read(await transaction.get(place));
        const refund = refundDocument.read(await transaction.get(refundPlace));
        if (!payment || refund.state !== "requested") return refund;
        const after = nextTryOf(refund, left);
        const sums = withSmallerRefund(payment, refund, after);
        const why = reason === undefined ? {} : closedFields(reason, now);
        refundDocument.update(transaction, refundPlace, { ...after, ...why });
        orderDocument.update(transaction, place, {
          payment: sums,
          hasOpenRefunds: sums.openRefunds.length > 0,
          updatedAt: now,
        });
        return after;
      });
    },
  };
}
