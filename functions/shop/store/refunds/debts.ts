import type { Database } from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import { type Debt, leftOf } from "../../domain/debt.ts";
import type { Order } from "../../domain/order.ts";
import { type DueDebt, debtId, debtReference, newDebt, toDebt, tomorrow } from "./debt-document.ts";
import { createDebtLists } from "./debt-lists.ts";
import { createDebtReversals } from "./debt-reversals.ts";

export type Debts = ReturnType<typeof createDebts>;

/**
 * What builders owe: `builders/<id>/debts`, one document per cause. A debt is collected by reversing the order's
 * transfers; what cannot be reversed is tried again each day, and withheld from the next transfer of any of the
 * builder's orders. Only money that moved settles a debt.
 */
export function createDebts(database: Database) {
  return {
    ...createDebtLists(database),
    ...createDebtReversals(database),

    /** One debt, open or settled. */
    async get(builderId: string, id: string): Promise<Debt | undefined> {
      const snapshot = await debtReference(await database(), builderId, id).get();
      return snapshot.exists ? toDebt(snapshot) : undefined;
    },

    /** Adds a debt of an order for a separate cause, once. Returns the debt's id. */
    async add(
      { builderId, id: orderId }: Pick<Order, "builderId" | "id">,
      { cause, ...debt }: Pick<Debt, "amount" | "currency"> & { readonly cause: string },
      now: Date,
    ): Promise<string> {
      const id = debtId(orderId, cause);
      const place = debtReference(await database(), builderId, id);
      await debtDocument.createNow(place, newDebt({ orderId, ...debt }, now));
      return id;
    },

    /** Postpones the next try to collect a debt by a day, unless a reversal of it is under way. */
    async postpone({ builderId, id }: DueDebt, now: Date): Promise<void> {
      const firestore = await database();
      const place = debtReference(firestore, builderId, id);
      await firestore.runTransaction(async (transaction) => {
        const debt = toDebt(await transaction.get(place));
        if (leftOf(debt) === 0 || debt.reversal) return;
        debtDocument.update(transaction, place, { dueAt: tomorrow(now) });
      });
    },
  };
}
