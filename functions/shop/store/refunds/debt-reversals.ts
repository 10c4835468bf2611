import type { Database } from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import { orderDocument } from "../../documents/order.ts";
import {
  type Debt,
  leftOf,
  nextReversal,
  type Reversal,
  sumsAfterReversal,
} from "../../domain/debt.ts";
import { type DueDebt, debtReference, settledTo, toDebt } from "./debt-document.ts";

/**
 * The next step for a debt. `settled`: nothing. `reverse`: reverse these transfers. `wait`: a transfer of the order
 * is under way. `nothing-sent`: there is no transfer to reverse, because other debts used up the order's part.
 */
export type Collection =
  | { readonly outcome: "settled" | "wait" | "nothing-sent" }
  | {
      readonly outcome: "reverse";
      readonly debt: Debt;
      readonly reversal: Reversal;
      readonly transferIds: readonly string[];
    };

const readReversals = debtDocument.part("reversals");

/** Reversals of an order's transfers that collect a debt: each is decided, made at Stripe, and then booked. */
export function createDebtReversals(database: Database) {
  return {
    /**
     * Decides a reversal of a debt, of at most `most` minor units. A reversal that was decided earlier and has no
     * outcome yet is returned unchanged. The debt is due until there is an outcome.
     */
    async beginReversal(
      builderId: string,
      id: string,
      now: Date,
      most: number = Number.POSITIVE_INFINITY,
    ): Promise<Collection> {
      const firestore = await database();
      const place = debtReference(firestore, builderId, id);
      return firestore.runTransaction(async (transaction): Promise<Collection> => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return { outcome: "settled" };
        const debt = toDebt(snapshot);
        if (leftOf(debt) === 0) return { outcome: "settled" };
        if (debt.orderId === undefined) return { outcome: "nothing-sent" };
        const orderPlace = orderDocument.place(firestore, debt.orderId);
        const { payment } = orderDocument.read(await transaction.get(orderPlace));
        if (payment?.hold === "releasing") return { outcome: "wait" };
        const transferIds = payment?.transfer?.ids ?? [];
        if (transferIds.length === 0) return { outcome: "nothing-sent" };
        if (debt.reversal) {
          return { outcome: "reverse", debt, reversal: debt.reversal, transferIds };
        }
        const reversal = nextReversal(debt, readReversals(snapshot).reversals, most, now);
        const { attempt, amount, decidedAt } = reversal;
        debtDocument.update(transaction, place, {
          reversals: attempt,
          reversing: { amount, decidedAt },
          dueAt: now,
        });
        return { outcome: "reverse", debt: { ...debt, reversal }, reversal, transferIds };
      });
    },

    /**
     * Books the outcome of a reversal: `taken` was reversed, and the rest stays due, because another reversal may take
     * more of it at once. Returns the amount still owed.
     */
    async endReversal(
      { builderId, id }: DueDebt,
      { attempt }: Pick<Reversal, "attempt">,
      taken: number,
    ): Promise<number> {
      const firestore = await database();
      const place = debtReference(firestore, builderId, id);
      return firestore.runTransaction(async (transaction) => {
        const debt = toDebt(await transaction.get(place));
        if (debt.reversal?.attempt !== attempt) return leftOf(debt);
        const { settled, reversed } = sumsAfterReversal(debt, taken);
        const left = leftOf({ ...debt, settled });
        debtDocument.update(transaction, place, {
          ...settledTo(debt.amount, settled),
          reversing: undefined,
          reversed,
        });
        return left;
      });
    },
  };
}
