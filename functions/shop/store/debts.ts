import * as z from "zod/mini";
import { createdNow, parseDocument, timestamp } from "../../../shared/documents/document.ts";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";
import type { Order } from "../domain/order.ts";
import {
  builderOf,
  type Debt,
  debtDocument,
  debtFields,
  debtId,
  debtReference,
  openDebts,
  type Reversal,
  settledFields,
  toDebt,
} from "./debt-document.ts";

/**
 * What is to be done about a debt. `settled`: nothing. `reverse`: take it from these transfers. `wait`: a
 * transfer of the order is under way. `nothing-sent`: the order's part was kept for other debts, so there is
 * no transfer to take it from.
 */
export type Collection =
  | { readonly outcome: "settled" | "wait" | "nothing-sent" }
  | {
      readonly outcome: "reverse";
      readonly debt: Debt;
      readonly reversal: Reversal;
      readonly transferIds: readonly string[];
    };

/** A debt that is not settled: since when, and when it is tried next, which is a day after the last time. */
export interface OpenDebt extends Debt {
  readonly since: Date;
  readonly dueAt: Date;
}

/** A debt that is due to be collected. */
export interface DueDebt {
  readonly builderId: string;
  readonly id: string;
}

const openDocument = z.object({ created_at: timestamp, due_at: timestamp });

const DAY_MS = 24 * 3_600_000;

export type Debts = ReturnType<typeof createDebts>;

/**
 * What builders owe: `builders/<id>/debts`, one for each cause. It is taken back of what the order's
 * transfers brought; what cannot be taken is tried again each day, and kept from the next transfer of any
 * of their orders. A debt is settled by nothing but money that moved.
 */
export function createDebts(database: Database) {
  return {
    /** What is or was owed for one cause. */
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

    /** What was taken back of an order's transfers, in minor units; what is being taken back counts. */
    async reversedOf({ builderId, id: orderId }: Pick<Order, "builderId" | "id">): Promise<number> {
      const debts = (await database()).collection("builders").doc(builderId).collection("debts");
      const { docs } = await debts.where("order_id", "==", orderId).get();
      return docs
        .map(toDebt)
        .reduce((sum, { reversed, reversal }) => sum + reversed + (reversal?.amount ?? 0), 0);
    },

    /** Open debts that were not tried since a day, those that wait longest first. */
    async due(now: Date, limit: number): Promise<DueDebt[]> {
      const found = await (await database())
        .collectionGroup("debts")
        .where("due_at", "<=", now)
        .orderBy("due_at")
        .limit(limit)
        .get();
      return found.docs.map(({ ref }) => ({ builderId: builderOf(ref), id: ref.id }));
    },

    /** Debts that are not settled, those that are tried next first, at most `limit`. */
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

    /** What is not settled of what a builder owes of an order. */
    async openOf({ builderId, id }: Pick<Order, "builderId" | "id">): Promise<OpenDebt[]> {
      const open = openDebts(await database(), builderId).where("order_id", "==", id);
      return (await open.get()).docs.map(toOpenDebt);
    },

    /**
     * Decides what is taken back of a debt now, `most` of it at the most. What was decided before and has no
     * outcome goes on as it was.
     */
    async beginReversal(
      builderId: string,
      id: string,
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
        const { reversals } = parseDocument(place.path, debtDocument, snapshot.data());
        const reversal = { attempt: reversals + 1, amount: Math.min(left, most) };
        transaction.update(place, { reversals: reversal.attempt, reversing: reversal.amount });
        return { outcome: "reverse", debt: { ...debt, reversal }, reversal, transferIds };
      });
    },

    /** So much of a reversal was taken; the rest is tried again in a day. Gives what is still owed. */
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
        transaction.update(place, {
          ...settledFields(debt.amount, settled),
          ...(settled < debt.amount && { due_at: tomorrow(now) }),
          ...{ reversing: null, reversed: debt.reversed + taken },
        });
        return debt.amount - settled;
      });
    },

    /** What a builder owes of an order for a cause of its own, once. Gives the debt's id. */
    async add(
      { builderId, id: orderId }: Pick<Order, "builderId" | "id">,
      { cause, ...debt }: Pick<Debt, "amount" | "currency"> & { readonly cause: string },
      now: Date,
    ): Promise<string> {
      const id = debtId(orderId, cause);
      const place = debtReference(await database(), builderId, id);
      await createdNow(place, debtFields({ orderId, ...debt }, now));
      return id;
    },

    /** A debt that cannot be tried today is tried tomorrow. */
    async postpone({ builderId, id }: DueDebt, now: Date): Promise<void> {
      const firestore = await database();
      const place = debtReference(firestore, builderId, id);
      await firestore.runTransaction(async (transaction) => {
        const debt = toDebt(await transaction.get(place));
        if (debt.amount === debt.settled) return;
        transaction.update(place, { due_at: tomorrow(now) });
      });
    },
  };
}

function toOpenDebt(snapshot: DocumentSnapshot): OpenDebt {
  const fields = parseDocument(snapshot.ref.path, openDocument, snapshot.data());
  return { ...toDebt(snapshot), since: fields.created_at, dueAt: fields.due_at };
}

function tomorrow(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}
