import { ledgerTransactionDocument } from "../../../../shared/documents/definitions/ledger-transaction.ts";
import type { TransactionNote } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { saleDocument } from "../../documents/sale.ts";
import { saleDisputeDocument } from "../../documents/sale-dispute.ts";
import { saleRefundDocument } from "../../documents/sale-refund.ts";
import { waitingRefundDocument } from "../../documents/waiting-refund.ts";
import {
  type BookedSale,
  refundTransaction,
  type Sale,
  saleTransaction,
  withinBase,
} from "../../domain/sale.ts";
import { sharesToFreeze } from "../../domain/share-freeze.ts";
import { isContested, writeFreeze } from "./sale-disputes.ts";
import { foreignTo, newSale, takenBy, toRefund, toSale } from "./sale-document.ts";
import { withWindows } from "./sale-windows.ts";

/** A booked sale, and the refunds that were not deducted because their currency differs from the sale's. */
export interface Booking extends BookedSale {
  readonly foreignRefundIds: readonly string[];
}

/** The terms under which a sale is booked. */
export interface BookingTerms {
  readonly holdDays: number;
  readonly now: Date;
  /** Why an operator books the sale by hand. */
  readonly note?: TransactionNote;
}

const DAY_MS = 24 * 3_600_000;

/** The initial state of a booked sale: nothing refunded, nothing frozen. */
const UNTOUCHED = { refunded: 0, frozen: [], freezes: 0 };

/**
 * Books a sale with its postings and the refunds that arrived before it. Idempotent: a repeat returns the
 * booked sale. Booking settles for good who shares in the sale: the windows and rosters at the sale's time
 * decide. They are read without locks, because anything recorded later has a later time. Shares are held from
 * now on or, if later, from the sale's time: a sale reported late can still be refunded. Throws TerminalError
 * if the same id arrives with another amount, currency, time or lobby. An operator who books a sale gives the
 * reason in `note`; if its seller reports that sale after all, only the amount and the currency have to agree.
 */
export async function bookSale(
  database: Database,
  sale: Sale,
  { holdDays, now, note }: BookingTerms,
): Promise<Booking> {
  const firestore = await database();
  const place = saleDocument.place(firestore, sale.id);
  const shared = await withWindows(firestore, sale);
  return firestore.runTransaction(async (transaction) => {
    const [known, waiting, disputes] = await Promise.all([
      transaction.get(place),
      transaction.get(saleRefundDocument.all(firestore, sale.id)),
      transaction.get(saleDisputeDocument.all(firestore, place.id)),
    ]);
    const foreignRefundIds = foreignTo(sale, waiting.docs);
    if (known.exists) {
      const entry = await transaction.get(
        ledgerTransactionDocument.place(firestore, `sale.${sale.id}`),
      );
      const isByHand = typeof entry.get("author") === "string";
      return { ...same(toSale(known), sale, isByHand), foreignRefundIds };
    }
    const availableAt = heldUntil(shared, holdDays, now);
    const booked = { ...shared, ...UNTOUCHED, availableAt };
    const taken = waiting.docs.map((refund) => takenBy(refund, sale));
    const left = { ...booked, refunded: withinBase(sale.base, taken) };
    saleDocument.create(transaction, place, newSale(left));
    addTransaction(firestore, transaction, saleTransaction(booked, now, note));
    const early = refundTransaction(booked, left.refunded, `${sale.id}.early`, now);
    addTransaction(firestore, transaction, early);
    if (isContested(disputes.docs, waiting.docs.map(toRefund))) {
      const frozen = sharesToFreeze(left, undefined);
      writeFreeze(firestore, transaction, { sale: left, frozen, now });
    }
    if (!waiting.empty) transaction.delete(waitingRefundDocument.place(firestore, sale.id));
    return { ...left, foreignRefundIds };
  });
}

/** The sale as it would be booked now, with the windows that share in it. Read-only. */
export async function previewSale(
  database: Database,
  sale: Sale,
  { holdDays, now }: BookingTerms,
): Promise<BookedSale> {
  const shared = await withWindows(await database(), sale);
  return { ...shared, ...UNTOUCHED, availableAt: heldUntil(shared, holdDays, now) };
}

function heldUntil({ soldAt }: Sale, holdDays: number, now: Date): Date {
  return new Date(Math.max(soldAt.getTime(), now.getTime()) + holdDays * DAY_MS);
}

/**
 * Checks that a repeated report matches the booked sale. If an operator booked it by hand, only the amount and the
 * currency have to match: the operator may not have known the exact second or the lobby.
 */
function same(known: BookedSale, sale: Sale, isByHand: boolean): BookedSale {
  const [before, now] = [said(known), said(sale)];
  if (before === now) return known;
  if (isByHand) {
    if (known.base === sale.base && known.currency === sale.currency) return known;
    throw new TerminalError(
      `Sale ${sale.id} came as ${now} and an operator had booked it as ${before}. Nothing has changed: correct it with ./dev ops ledger adjust if the seller is right, then discard this.`,
    );
  }
  throw new TerminalError(`Sale ${sale.id} came as ${now} and is booked as ${before}.`);
}

function said({ base, currency, soldAt, notifiedAt = soldAt, lobbyId }: Sale): string {
  return `${base} ${currency} at ${notifiedAt.toISOString()} for ${lobbyId ?? "no lobby"}`;
}
