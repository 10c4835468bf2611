import type { Database, DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import { type Debt, leftByCurrency, reversedFor } from "../../domain/debt.ts";
import type { Order } from "../../domain/order.ts";
import { builderOf, type DueDebt, openDebts, openDebtsOf, toDebt } from "./debt-document.ts";

/** An unsettled debt, with its creation time and the time of the next try, a day after the last one. */
export interface OpenDebt extends Debt {
  readonly since: Date;
  readonly dueAt: Date;
}

const readTimes = debtDocument.part("createdAt", "dueAt");

/** Before each stored time, and the fallback for a missing one; every open debt stores its times. */
const LONG_AGO = new Date(0);

/** Debts found by their builder, their order or their due time, and sums of them. */
export function createDebtLists(database: Database) {
  return {
    /** What a builder still owes, in minor units by currency. */
    async outstanding(builderId: string): Promise<ReadonlyMap<string, number>> {
      const found = await openDebts(await database(), builderId).get();
      return leftByCurrency(found.docs.map(toDebt));
    },

    /** The amount reversed from an order's transfers, in minor units, including a reversal under way. */
    async reversedOf({ builderId, id: orderId }: Pick<Order, "builderId" | "id">): Promise<number> {
      const debts = debtDocument.all(await database(), builderId);
      const { docs } = await debts.where("order_id", "==", orderId).get();
      return reversedFor(docs.map(toDebt));
    },

    /** Debts that are due to be collected, longest due first. */
    async due(now: Date, limit: number): Promise<DueDebt[]> {
      const found = await (await database())
        .collectionGroup("debts")
        .where("due_at", "<=", now)
        .orderBy("due_at")
        .limit(limit)
        .get();
      return found.docs.map(({ ref }) => ({ builderId: builderOf(ref), id: ref.id }));
    },

    /** Unsettled debts, next due first, at most `limit`. */
    async open(limit: number): Promise<OpenDebt[]> {
      // A settled debt has no due time.
      const found = await (await database())
        .collectionGroup("debts")
        .where("due_at", ">=", LONG_AGO)
        .orderBy("due_at")
        .limit(limit)
        .get();
      return found.docs.map(toOpenDebt);
    },

    /** The unsettled debts of an order's builder for that order. */
    async openOf({ builderId, id }: Pick<Order, "builderId" | "id">): Promise<OpenDebt[]> {
      const open = openDebtsOf(await database(), builderId, id);
      return (await open.get()).docs.map(toOpenDebt);
    },
  };
}

function toOpenDebt(snapshot: DocumentSnapshot): OpenDebt {
  const { createdAt = LONG_AGO, dueAt = LONG_AGO } = readTimes(snapshot);
  return { ...toDebt(snapshot), since: createdAt, dueAt };
}
