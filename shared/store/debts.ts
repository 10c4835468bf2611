import * as z from "zod/mini";
import type { NettedDebt, Order } from "../domain/order.ts";
import type {
  Database,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../ports/database.ts";
import { createDocument, createdNow, parseDocument, stored, timestamp } from "./document.ts";
import { toOrder } from "./order-document.ts";

/** What a builder owes of one order, for one cause. Amounts are minor units. */
export interface Debt {
  readonly builderId: string;
  readonly id: string;
  /** Undefined for what someone owed before they were forgotten. */
  readonly orderId: string | undefined;
  readonly currency: string;
  readonly amount: number;
  /** What of it has come back: reversed, or kept from a later transfer. */
  readonly settled: number;
  /** What of that was taken back of the order's transfers. */
  readonly reversed: number;
  /** What is being taken back now, if anything: Stripe may or may not have done it. */
  readonly reversal: Reversal | undefined;
}

/** A reversal that is decided. */
export interface Reversal {
  /** Counts those of the debt: another one is another call to Stripe. */
  readonly attempt: number;
  readonly amount: number;
}

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

const debtDocument = z.object({
  order_id: stored(z.string()),
  amount: z.int(),
  settled: z.int(),
  currency: z.string(),
  reversals: z.int(),
  reversing: stored(z.int()),
  /** What of `settled` was taken back of the order's transfers. */
  reversed: z.int(),
});

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
        const orderPlace = firestore.collection("orders").doc(debt.orderId);
        const { payment } = toOrder(await transaction.get(orderPlace));
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

function openDebts(firestore: Firestore, builderId: string) {
  return firestore
    .collection("builders")
    .doc(builderId)
    .collection("debts")
    .where("is_open", "==", true);
}

/** The builder in whose collection a debt is. */
function builderOf({ path }: DocumentReference): string {
  return path.split("/")[1] ?? "";
}

/** A debt as it is stored. */
export function toDebt(snapshot: DocumentSnapshot): Debt {
  const { ref } = snapshot;
  const fields = parseDocument(ref.path, debtDocument, snapshot.data());
  const { reversing } = fields;
  return {
    builderId: builderOf(ref),
    id: ref.id,
    orderId: fields.order_id,
    currency: fields.currency,
    amount: fields.amount,
    settled: fields.settled,
    reversed: fields.reversed,
    reversal:
      reversing === undefined ? undefined : { attempt: fields.reversals, amount: reversing },
  };
}

function toOpenDebt(snapshot: DocumentSnapshot): OpenDebt {
  const fields = parseDocument(snapshot.ref.path, openDocument, snapshot.data());
  return { ...toDebt(snapshot), since: fields.created_at, dueAt: fields.due_at };
}

/** A new debt as it is stored: due at once. */
export function debtFields(
  debt: Pick<Debt, "orderId" | "amount" | "currency">,
  now: Date,
): Record<string, unknown> {
  return {
    ...{ order_id: debt.orderId ?? null, amount: debt.amount, currency: debt.currency },
    ...{
      settled: 0,
      reversals: 0,
      reversing: null,
      reversed: 0,
      is_open: true,
      due_at: now,
      created_at: now,
    },
  };
}

/** What is settled of a debt. What is left stays due when it was: only a try to collect it moves that. */
function settledFields(amount: number, settled: number) {
  const is_open = settled < amount;
  return { settled, is_open, ...(!is_open && { due_at: null }) };
}

function tomorrow(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}

/** Where the debt of one cause is kept. */
export function debtReference(firestore: Firestore, builderId: string, causeId: string) {
  return firestore.collection("builders").doc(builderId).collection("debts").doc(causeId);
}

/**
 * Plans what is owed of an order for one cause; what is owed for it already grows. Reads at once; what it
 * gives writes.
 */
export async function planDebt(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, ...debt }: Omit<Debt, "settled" | "reversed" | "reversal">,
  now: Date,
): Promise<() => void> {
  const place = debtReference(firestore, builderId, debt.id);
  const snapshot = await transaction.get(place);
  if (!snapshot.exists) return () => createDocument(transaction, place, debtFields(debt, now));
  const amount = toDebt(snapshot).amount + debt.amount;
  return () => void transaction.update(place, { amount, is_open: true, due_at: now });
}

/** The id of what is owed of an order for one cause. */
export function debtId(orderId: string, cause: string): string {
  return `${orderId}.${cause}`;
}

/**
 * Plans to keep up to `most` of what a builder is about to get for what they owe, oldest id first. What is
 * being reversed is left out. Reads at once; `apply` writes, after the transaction's other reads.
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
    const fields = settledFields(debt.amount, debt.settled + part);
    return [{ ref: snapshot.ref, part, fields }];
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
 * Plans to settle all that a builder owes, because it is owed elsewhere from now on; what is being reversed
 * stays for the next time. Reads at once; `apply` writes. `settled` has the amounts by currency.
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
    return [{ ref: snapshot.ref, fields: { settled: debt.amount, is_open: false, due_at: null } }];
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
  { builderId, nettedDebts }: { builderId: string; nettedDebts: readonly NettedDebt[] },
  now: Date,
): Promise<() => void> {
  const steps: { reference: DocumentReference; fields: object }[] = [];
  for (const { id, part } of nettedDebts) {
    const reference = debtReference(firestore, builderId, id);
    const debt = toDebt(await transaction.get(reference));
    const wasSettled = debt.settled === debt.amount;
    const fields = settledFields(debt.amount, debt.settled - part);
    steps.push({ reference, fields: { ...fields, ...(wasSettled && { due_at: now }) } });
  }
  return () => {
    for (const { reference, fields } of steps) transaction.update(reference, { ...fields });
  };
}

/**
 * Plans to forgive up to `most` of what is owed of an order and was not collected, because the builder turned
 * out to owe less. What is being reversed is not forgiven. Reads at once; `apply` writes.
 */
export async function planForgiving(
  firestore: Firestore,
  transaction: Transaction,
  { builderId, orderId, most }: { builderId: string; orderId: string; most: number },
): Promise<{ forgiven: number; apply: () => void }> {
  const open = openDebts(firestore, builderId).where("order_id", "==", orderId);
  const { docs } = await transaction.get(open);
  let left = most;
  const steps = docs.flatMap((snapshot) => {
    const debt = toDebt(snapshot);
    const part = Math.min(left, debt.amount - debt.settled - (debt.reversal?.amount ?? 0));
    if (part === 0) return [];
    left -= part;
    const amount = debt.amount - part;
    return [{ ref: snapshot.ref, fields: { amount, ...settledFields(amount, debt.settled) } }];
  });
  return {
    forgiven: most - left,
    apply: () => {
      for (const { ref, fields } of steps) transaction.update(ref, fields);
    },
  };
}
