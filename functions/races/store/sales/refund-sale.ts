import { ledgerPostingDocument } from "../../../../shared/documents/definitions/ledger-posting.ts";
import { ledgerTransactionDocument } from "../../../../shared/documents/definitions/ledger-transaction.ts";
import { type Account, FROZEN, type TransactionNote } from "../../../../shared/money/ledger.ts";
import {
  addTransaction,
  toLedgerPosting,
  toTransaction,
} from "../../../../shared/money/ledger-entries.ts";
import type { Database, Firestore } from "../../../../shared/ports/database.ts";
import { saleDocument } from "../../documents/sale.ts";
import { saleDisputeDocument } from "../../documents/sale-dispute.ts";
import { saleRefundDocument } from "../../documents/sale-refund.ts";
import { waitingRefundDocument } from "../../documents/waiting-refund.ts";
import { type BookedSale, refundTransaction, withinBase } from "../../domain/sale.ts";
import { frozenAfter } from "../../domain/share-freeze.ts";
import { isContested, writeFreeze } from "./sale-disputes.ts";
import {
  isLaterReport,
  type SaleRefund,
  takenBy,
  takenOf,
  toRefund,
  toSale,
} from "./sale-document.ts";

const readTime = saleRefundDocument.part("at");

/** A refund of a booked sale, as it counts beside the others. */
export interface Clawback {
  readonly sale: BookedSale;
  /** What the other refunds deducted. */
  readonly without: number;
  /** When this refund was received. */
  readonly at: Date;
  /** Whether it took something from shares; one that arrived before its sale did not. */
  readonly isBooked: boolean;
  /** What of the sale it made available again to each racer by ending a dispute, if nothing has frozen it since. */
  readonly unfrozen: ReadonlyMap<Account, number>;
}

/**
 * Books a refund of a sale once, and updates how much of the sale stays frozen. For repeated reports of a
 * refund the latest turn counts, and within a turn the largest amount. A refund in another currency than its
 * sale's is stored but deducts nothing. A refund that arrives before its sale waits for it; this then returns
 * undefined. An operator who books a turn gives the reason in `note`.
 */
export async function refundSale(
  database: Database,
  refund: SaleRefund,
  now: Date,
  note?: TransactionNote,
): Promise<BookedSale | undefined> {
  const firestore = await database();
  const place = saleDocument.place(firestore, refund.saleId);
  const refunds = saleRefundDocument.all(firestore, refund.saleId);
  return firestore.runTransaction(async (transaction) => {
    const known = await transaction.get(place);
    const others = await transaction.get(refunds);
    const disputes = await transaction.get(saleDisputeDocument.all(firestore, place.id));
    const sale = known.exists ? toSale(known) : undefined;
    const before = others.docs.find(({ id }) => id === refund.id);
    if (before && !isLaterReport(toRefund(before), refund)) return sale;
    const { saleId: _, id, ...fields } = refund;
    saleRefundDocument.set(transaction, refunds.doc(id), { ...fields, at: now });
    if (!sale) {
      const waiting = waitingRefundDocument.place(firestore, refund.saleId);
      if (others.empty) waitingRefundDocument.set(transaction, waiting, { since: now });
      return undefined;
    }
    const taken = others.docs
      .filter(({ id }) => id !== refund.id)
      .map((other) => takenBy(other, sale));
    const refunded = withinBase(sale.base, [...taken, takenOf(refund, sale)]);
    const causeId = causeIdOf(refund, sale.id);
    addTransaction(firestore, transaction, refundTransaction(sale, refunded, causeId, now, note));
    saleDocument.update(transaction, place, { refunded });
    const booked = [...others.docs.map(toRefund), refund];
    const frozen = isContested(disputes.docs, booked) ? frozenAfter(sale, refunded) : [];
    writeFreeze(firestore, transaction, { sale, frozen, now });
    return { ...sale, refunded };
  });
}

/** Identifies a refund's booking. */
function causeIdOf({ id, amount, turn }: Omit<SaleRefund, "saleId">, saleId: string): string {
  return `${saleId}.${id}.${amount}${turn ? `.${turn}` : ""}`;
}

/**
 * A booked sale with one of its refunds: what the other refunds deducted, and when this refund was received.
 * Undefined if the sale is not booked or has no such refund.
 */
export async function readClawback(
  database: Database,
  saleId: string,
  refundId: string,
): Promise<Clawback | undefined> {
  const firestore = await database();
  const place = saleDocument.place(firestore, saleId);
  const [known, { docs }] = await Promise.all([
    place.get(),
    saleRefundDocument.all(firestore, saleId).get(),
  ]);
  const own = docs.find(({ id }) => id === refundId);
  if (!known.exists || !own) return undefined;
  const sale = toSale(known);
  const others = docs.filter(({ id }) => id !== refundId).map((other) => takenBy(other, sale));
  const { at = new Date(0) } = readTime(own);
  const booking = `refund.${causeIdOf(toRefund(own), saleId)}`;
  const { exists: isBooked } = await ledgerTransactionDocument.place(firestore, booking).get();
  const unfrozen = await readUnfrozen(firestore, sale, at);
  return { sale, without: withinBase(sale.base, others), at, isBooked, unfrozen };
}

/** What the newest change of a sale's frozen shares made available again, if it was booked at this time. */
async function readUnfrozen(
  firestore: Firestore,
  { id, freezes }: BookedSale,
  at: Date,
): Promise<ReadonlyMap<Account, number>> {
  const newest = `freeze.${id}.${freezes - 1}`;
  const entry = await ledgerTransactionDocument.place(firestore, newest).get();
  if (!entry.exists || toTransaction(entry).at.getTime() !== at.getTime()) return new Map();
  const { docs } = await ledgerPostingDocument.all(firestore, newest).get();
  const back = docs.map(toLedgerPosting).filter(({ availableAt }) => availableAt < FROZEN);
  const byAccount = Map.groupBy(back, ({ account }) => account);
  return new Map(
    [...byAccount].map(([account, own]) => [
      account,
      own.reduce((sum, { amount }) => sum + amount, 0),
    ]),
  );
}

/** A refund of a sale as last reported. */
export async function findRefund(
  database: Database,
  saleId: string,
  id: string,
): Promise<SaleRefund | undefined> {
  const place = saleRefundDocument.place(await database(), saleId, id);
  const snapshot = await place.get();
  return snapshot.exists ? { ...toRefund(snapshot), saleId } : undefined;
}
