import type { Database, DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import { orderDocument } from "../../documents/order.ts";
import type { Order } from "../../domain/order.ts";
import {
  builderOf,
  type Debt,
  debtId,
  debtReference,
  newDebt,
  openDebts,
  type Reversal,
  settledTo,
  toDebt,
} from "./debt-document.ts";

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

/** An unsettled debt, with its creation time and the time of the next try, a day after the last one. */
export interface OpenDebt extends Debt {
  readonly since: Date;
  readonly dueAt: Date;
}

/** A debt that is due to be collected. */
export interface DueDebt {
  readonly builderId: string;
  readonly id: string;
}

const readTimes = debtDocument.part("createdAt", "dueAt");
const readReversals = debtDocument.part("reversals");

const DAY_MS = 24 * 3_600_000;
/** Fallback for a missing time; every open debt stores its times. */
const LONG_AGO = new Date(0);

export type Debts = ReturnType<typeof createDebts>;

/**
 * What builders owe: `builders/<id>/debts`, one document per cause. A debt is collected by reversing the order's
 * transfers; what cannot be reversed is tried again each day, and withheld from the next transfer of any of the
 * builder's orders. Only money that moved settles a debt.
 */
export function createDebts(database: Database) {
  return {
    /** One debt, open or settled. */
    async get(builderId: string, id: string): Promise<Debt | undefined> {
      const snapshot = await debtReference(await database(), builderId, id).get();
      return snapshot.exists ? toDebt(snapshot) : undefined;
    },

    /** What a builder still owes, in minor units by currency. */
    async outstanding(builderId: string): Promise<ReadonlyMap<string, number>> {
      const found = await openDebts(await database(), builderId).get();
      const sums = new Map<string, number>();
      for (const { currency, amount, settled } of found.docs.map(toDebt)) {
        sums.set(currency, (sums.get(currency) ?? 0) + amount - settled);
      }
      return sums;
    },

    /** The amount reversed from an order's transfers, in minor units, including a reversal under way. */
    async reversedOf({ builderId, id: orderId }: Pick<Order, "builderId" | "id">): Promise<number> {
      const debts = debtDocument.all(await database(), builderId);
      const { docs } = await debts.where("order_id", "==", orderId).get();
      return docs
        .map(toDebt)
        .reduce((sum, { reversed, reversal }) => sum + reversed + (reversal?.amount ?? 0), 0);
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
    async open(now: Date, limit: number): Promise<OpenDebt[]> {
      // Each open debt is due within a day.
      const found = await (await database())
        .collectionGroup("debts")
        .where("due_at", "<=", new Date(now.getTime() + 2 * DAY_MS))
        .orderBy("due_at")
        .limit(limit)
        .get();
      return found.docs.map(toOpenDebt);
    },

    /** The unsettled debts of an order's builder for that order. */
    async openOf({ builderId, id }: Pick<Order, "builderId" | "id">): Promise<OpenDebt[]> {
      const open = openDebts(await database(), builderId).where("order_id", "==", id);
      return (await open.get()).docs.map(toOpenDebt);
    },

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
        const left = debt.amount - debt.settled;
        if (left === 0) return { outcome: "settled" };
        if (debt.orderId === undefined) return { outcome: "nothing-sent" };
        const orderPlace = orderDocument.place(firestore, debt.orderId);
        const { payment } = orderDocument.read(await transaction.get(orderPlace));
        if (payment?.hold === "releasing") return { outcome: "wait" };
        const transferIds = payment?.transfer?.ids ?? [];
        if (transferIds.length === 0) return { outcome: "nothing-sent" };
        if (debt.reversal) {
          return { outcome: "reverse", debt, reversal: debt.reversal, transferIds };
        }
        const attempt = readReversals(snapshot).reversals + 1;
        const reversal = { attempt, amount: Math.min(left, most) };
        const changes = { reversals: attempt, reversing: reversal.amount, dueAt: now };
        debtDocument.update(transaction, place, changes);
        return { outcome: "reverse", debt: { ...debt, reversal }, reversal, transferIds };
      });
    },

    /**
     * Books the outcome of a reversal: `taken` was reversed, and the rest is due again in a day. Returns the amount
     * still owed.
     */
    async endReversal(
      { builderId, id }: DueDebt,
      { attempt }: Reversal,
      taken: number,
      now: Date,
    ): Promise<number> {
      const firestore = await database();
      const place = debtReference(firestore, builderId, id);
      return firestore.runTransaction(async (transaction) => {
        const debt = toDebt(await transaction.get(place));
        const left = debt.amount - debt.settled;
        if (debt.reversal?.attempt !== attempt) return left;
        const settled = debt.settled + taken;
        debtDocument.update(transaction, place, {
          ...settledTo(debt.amount, settled),
          ...(settled < debt.amount && { dueAt: tomorrow(now) }),
          reversing: undefined,
          reversed: debt.reversed + taken,
        });
        return debt.amount - settled;
      });
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

    /** Postpones the next try to collect a debt by a day. */
    async postpone({ builderId, id }: DueDebt, now: Date): Promise<void> {
      const firestore = await database();
      const place = debtReference(firestore, builderId, id);
      await firestore.runTransaction(async (transaction) => {
        const debt = toDebt(await transaction.get(place));
        if (debt.amount === debt.settled) return;
        debtDocument.update(transaction, place, { dueAt: tomorrow(now) });
      });
    },
  };
}

function toOpenDebt(snapshot: DocumentSnapshot): OpenDebt {
  const { createdAt = LONG_AGO, dueAt = LONG_AGO } = readTimes(snapshot);
  return { ...toDebt(snapshot), since: createdAt, dueAt };
}

function tomorrow(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}
