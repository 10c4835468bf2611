import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import type {
  DocumentReference,
  Firestore,
  Transaction,
} from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import type { Debt } from "../../domain/debt.ts";
import type { NettedDebt, Order } from "../../domain/order.ts";
import {
  debtReference,
  newDebt,
  openDebts,
  openDebtsOf,
  settledTo,
  toDebt,
} from "./debt-document.ts";

type DebtChanges = ChangesOf<typeof debtDocument>;

/**
 * Plans a debt of an order for one cause, or increases the existing one. Reads immediately; the returned function
 * writes.
 */
export async function planDebt(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, ...debt }: Omit<Debt, "settled" | "reversed" | "reversal">,
  now: Date,
): Promise<() => void> {
  const place = debtReference(firestore, builderId, debt.id);
  const snapshot = await transaction.get(place);
  if (!snapshot.exists) return () => debtDocument.create(transaction, place, newDebt(debt, now));
  const amount = toDebt(snapshot).amount + debt.amount;
  return () => debtDocument.update(transaction, place, { amount, isOpen: true, dueAt: now });
}

/**
 * Plans to withhold up to `most` of a builder's next transfer for their debts, in order of debt id. Amounts that
 * are being reversed are left out. Reads immediately; `apply` writes, after the transaction's other reads.
 */
export async function planNetting(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, currency, most }: { builderId: string; currency: string; most: number },
): Promise<{ netted: number; nettedDebts: readonly NettedDebt[]; apply: () => void }> {
  const found = await transaction.get(openDebts(firestore, builderId));
  let left = most;
  const steps = found.docs.flatMap((snapshot) => {
    const debt = toDebt(snapshot);
    const open = debt.amount - debt.settled - (debt.reversal?.amount ?? 0);
    if (debt.currency !== currency || left === 0 || open === 0) return [];
    const part = Math.min(left, open);
    left -= part;
    const changes = settledTo(debt.amount, debt.settled + part);
    return [{ ref: snapshot.ref, part, changes }];
  });
  return {
    netted: most - left,
    nettedDebts: steps.map(({ ref, part }) => ({ id: ref.id, part })),
    apply: () => {
      for (const { ref, changes } of steps) debtDocument.update(transaction, ref, changes);
    },
  };
}

/**
 * Plans to settle all open debts of a builder because they move to a tombstone. A debt with a reversal under way is
 * left for the next run. Reads immediately; `apply` writes. `settled` contains the amounts by currency.
 */
export async function planSettling(
  firestore: Firestore,
  transaction: Transaction,
  builderId: string,
): Promise<{ settled: Readonly<Record<string, number>>; apply: () => void }> {
  const { docs } = await transaction.get(openDebts(firestore, builderId));
  const settled: Record<string, number> = {};
  const steps = docs.flatMap((snapshot) => {
    const debt = toDebt(snapshot);
    if (debt.reversal) return [];
    settled[debt.currency] = (settled[debt.currency] ?? 0) + debt.amount - debt.settled;
    return [{ ref: snapshot.ref, changes: settledTo(debt.amount, debt.amount) }];
  });
  return {
    settled,
    apply: () => {
      for (const { ref, changes } of steps) debtDocument.update(transaction, ref, changes);
    },
  };
}

/** The id of a debt of an order whose reversal has no outcome yet, if any. */
export async function reversedDebtOf(
  firestore: Firestore,
  transaction: Transaction,
  { id, builderId }: Pick<Order, "id" | "builderId">,
): Promise<string | undefined> {
  const { docs } = await transaction.get(openDebtsOf(firestore, builderId, id));
  return docs.find((snapshot) => toDebt(snapshot).reversal)?.id;
}

/**
 * Plans to undo a netting: the withheld amounts are owed again. Reads immediately; the returned function writes.
 */
export async function planReopening(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, nettedDebts }: { builderId: string; nettedDebts: readonly NettedDebt[] },
  now: Date,
): Promise<() => void> {
  const steps: { reference: DocumentReference; changes: DebtChanges }[] = [];
  for (const { id, part } of nettedDebts) {
    const reference = debtReference(firestore, builderId, id);
    const debt = toDebt(await transaction.get(reference));
    const wasSettled = debt.settled === debt.amount;
    const changes = settledTo(debt.amount, debt.settled - part);
    steps.push({ reference, changes: { ...changes, ...(wasSettled && { dueAt: now }) } });
  }
  return () => {
    for (const { reference, changes } of steps) {
      debtDocument.update(transaction, reference, changes);
    }
  };
}

/**
 * Plans to reduce the uncollected debts of an order by up to `most`, because the builder turned out to owe less.
 * Amounts that are being reversed are not reduced. Reads immediately; `apply` writes.
 */
export async function planForgiving(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, orderId, most }: { builderId: string; orderId: string; most: number },
): Promise<{ forgiven: number; apply: () => void }> {
  const { docs } = await transaction.get(openDebtsOf(firestore, builderId, orderId));
  let left = most;
  const steps = docs.flatMap((snapshot) => {
    const debt = toDebt(snapshot);
    const part = Math.min(left, debt.amount - debt.settled - (debt.reversal?.amount ?? 0));
    if (part === 0) return [];
    left -= part;
    const amount = debt.amount - part;
    return [{ ref: snapshot.ref, changes: { amount, ...settledTo(amount, debt.settled) } }];
  });
  return {
    forgiven: most - left,
    apply: () => {
      for (const { ref, changes } of steps) debtDocument.update(transaction, ref, changes);
    },
  };
}
