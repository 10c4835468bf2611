import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { givenTooMuch } from "../../domain/builder-part.ts";
import type { BuilderTransfer, Payment, Sending } from "../../domain/order.ts";
import { planBuilderPart } from "../builder-part.ts";
import { planReopening } from "../refunds/debt-plans.ts";

/** Books the outcome of a transfer to a builder: Stripe made it or refused it. */
export function createTransferOutcomes(database: Database) {
  return {
    /**
     * Books the transfer; `transferId` is undefined when debts used up all of it. What was refunded or taken by a
     * bank in the meantime becomes a debt. Returns the debt's id, if there is one.
     */
    async finish(
      orderId: string,
      transferId: string | undefined,
      now: Date,
    ): Promise<{ debtId: string | undefined }> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        const { payment } = order;
        if (payment?.hold !== "releasing" || !payment.transfer) return { debtId: undefined };
        const ids = [...payment.transfer.ids, ...(transferId === undefined ? [] : [transferId])];
        const transfer = { ...payment.transfer, ids, sending: undefined };
        const released: Payment = { ...payment, hold: "released", transfer };
        const cause = `release-${payment.releaseAttempt}`;
        const part = await planBuilderPart(firestore, transaction, order, {
          payment: released,
          cause,
          now,
        });
        orderDocument.update(transaction, place, {
          payment: {
            hold: "released",
            transfer,
            // Another transfer of the order is another call to Stripe.
            releaseAttempt: payment.releaseAttempt + 1,
            ...part.changes,
          },
          updatedAt: now,
        });
        part.apply();
        return { debtId: part.debtId };
      });
    },

    /**
     * Books that Stripe refused the transfer: the money is held again, and the withheld debts are open again. What
     * the builder received earlier and was refunded or taken by a bank since becomes a debt. Returns that debt's
     * id, if there is one.
     */
    async refused(orderId: string, now: Date): Promise<{ debtId: string | undefined }> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        const { builderId, payment } = order;
        const sending = payment?.transfer?.sending;
        if (payment?.hold !== "releasing" || !sending) return { debtId: undefined };
        const { nettedDebts } = sending;
        const reopen = await planReopening(firestore, transaction, { builderId, nettedDebts }, now);
        const before = without(payment, sending);
        const isBack = payment.refunded >= payment.amount;
        const hold = isBack ? (before ? "released" : "returned") : "held";
        const held: Payment = { ...payment, hold, transfer: before };
        const cause = `release-${payment.releaseAttempt}`;
        // What they have too little of is released again, with all its debts.
        const part =
          givenTooMuch(held) > 0
            ? await planBuilderPart(firestore, transaction, order, { payment: held, cause, now })
            : undefined;
        const { transfer } = part?.payment ?? held;
        orderDocument.update(transaction, place, {
          payment: { hold, transfer, releaseAttempt: payment.releaseAttempt + 1 },
          updatedAt: now,
        });
        reopen();
        part?.apply();
        return { debtId: part?.debtId };
      });
    },
  };
}

/** What was given before the transfer that is under way; undefined where it is the first. */
function without({ transfer }: Payment, { gross, netted }: Sending): BuilderTransfer | undefined {
  if (!transfer || transfer.gross === gross) return undefined;
  return {
    ...transfer,
    gross: transfer.gross - gross,
    netted: transfer.netted - netted,
    sending: undefined,
  };
}
