import * as z from "zod/mini";
import type { NettedDebt } from "../domain/order.ts";
import type { Database, DocumentReference, Firestore, Transaction } from "../ports/database.ts";
import { createdNow, parseDocument } from "./document.ts";

const debtDocument = z.object({
  amount: z.int(),
  settled: z.int(),
  currency: z.string(),
});

export type Debts = ReturnType<typeof createDebts>;

/** What builders owe because it could not be taken back: `builders/<id>/debts`, one per cause. */
export function createDebts(database: Database) {
  return {
    async exists(builderId: string, causeId: string): Promise<boolean> {
      return (await debtReference(await database(), builderId, causeId).get()).exists;
    },

    /** Adds what a builder owes for one cause, once. */
    async add(
      builderId: string,
      debt: { readonly id: string; readonly amount: number; readonly currency: string },
      now: Date,
    ): Promise<void> {
      const { id, amount, currency } = debt;
      const place = debtReference(await database(), builderId, id);
      await createdNow(place, debtFields(amount, currency, now));
    },

    /** What a builder still owes, in minor units by currency. */
    async outstanding(builderId: string): Promise<ReadonlyMap<string, number>> {
      const found = await openDebts(await database(), builderId).get();
      const debts = found.docs.map((snapshot) =>
        parseDocument(snapshot.ref.path, debtDocument, snapshot.data()),
      );
      const sums = new Map<string, number>();
      for (const { currency, amount, settled } of debts) {
        sums.set(currency, (sums.get(currency) ?? 0) + amount - settled);
      }
      return sums;
    },
  };
}

function openDebts(firestore: Firestore, builderId: string) {
  return firestore
    .collection("builders")
    .doc(builderId)
    .collection("debts")
    .where("is_open", "==", true);
}

/** A new debt as it is stored. */
export function debtFields(amount: number, currency: string, now: Date) {
  return { amount, currency, settled: 0, is_open: true, created_at: now };
}

/** Where the debt of one cause is kept. */
export function debtReference(firestore: Firestore, builderId: string, causeId: string) {
  return firestore.collection("builders").doc(builderId).collection("debts").doc(causeId);
}

/**
 * Plans to keep up to `most` of what a builder is about to get for what they owe, oldest id first.
 * Reads at once; `apply` writes, after the transaction's other reads.
 */
export async function planNetting(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, currency, most }: { builderId: string; currency: string; most: number },
): Promise<{ netted: number; nettedDebts: readonly NettedDebt[]; apply: () => void }> {
  const found = await transaction.get(openDebts(firestore, builderId));
  let left = most;
  const steps = found.docs.flatMap((snapshot) => {
    const { ref } = snapshot;
    const debt = parseDocument(ref.path, debtDocument, snapshot.data());
    if (debt.currency !== currency || left === 0) return [];
    const part = Math.min(left, debt.amount - debt.settled);
    left -= part;
    const settled = debt.settled + part;
    return [{ ref, part, fields: { settled, is_open: settled < debt.amount } }];
  });
  return {
    netted: most - left,
    nettedDebts: steps.map(({ ref, part }) => ({ id: ref.id, part })),
    apply: () => {
      for (const { ref, fields } of steps) transaction.update(ref, fields);
    },
  };
}

/**
 * Plans to settle all that a builder owes, because it is owed elsewhere from now on. Reads at once;
 * `apply` writes. `settled` has the amounts by currency.
 */
export async function planSettling(
  firestore: Firestore,
  transaction: Transaction,
  builderId: string,
): Promise<{ settled: Readonly<Record<string, number>>; apply: () => void }> {
  const { docs } = await transaction.get(openDebts(firestore, builderId));
  const settled: Record<string, number> = {};
  const steps = docs.map((snapshot) => {
    const debt = parseDocument(snapshot.ref.path, debtDocument, snapshot.data());
    settled[debt.currency] = (settled[debt.currency] ?? 0) + debt.amount - debt.settled;
    return { ref: snapshot.ref, fields: { settled: debt.amount, is_open: false } };
  });
  return {
    settled,
    apply: () => {
      for (const { ref, fields } of steps) transaction.update(ref, fields);
    },
  };
}

/** Takes a netting back: what was kept is owed again. Reads at once; what it gives writes. */
export async function planReopening(
  firestore: Firestore,
  transaction: Transaction,
  builderId: string,
  nettedDebts: readonly NettedDebt[],
): Promise<() => void> {
  const steps: { reference: DocumentReference; fields: object }[] = [];
  for (const { id, part } of nettedDebts) {
    const reference = debtReference(firestore, builderId, id);
    const snapshot = await transaction.get(reference);
    const { settled } = parseDocument(reference.path, debtDocument, snapshot.data());
    steps.push({ reference, fields: { settled: settled - part, is_open: true } });
  }
  return () => {
    for (const { reference, fields } of steps) transaction.update(reference, { ...fields });
  };
}
