import { ledgerTransactionDocument } from "../../../../shared/documents/definitions/ledger-transaction.ts";
import type { TransactionNote } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import type { Database, DocumentSnapshot, Firestore } from "../../../../shared/ports/database.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { saleDocument } from "../../documents/sale.ts";
import { saleDisputeDocument } from "../../documents/sale-dispute.ts";
import { saleRefundDocument } from "../../documents/sale-refund.ts";
import { waitingRefundDocument } from "../../documents/waiting-refund.ts";
import { sharingRacers, type Window } from "../../domain/commission.ts";
import { isOpenAt, racersAt } from "../../domain/race.ts";
import {
  type BookedSale,
  refundTransaction,
  type Sale,
  saleTransaction,
  withinBase,
} from "../../domain/sale.ts";
import { frozenAfter, sharesToFreeze } from "../../domain/share-freeze.ts";
import { type LobbiesRead, readLobbiesAround, readNamed } from "../lobbies/lobby-reads.ts";
import { isContested, writeFreeze } from "./sale-disputes.ts";
import {
  foreignTo,
  isNews,
  newSale,
  type SaleRefund,
  takenBy,
  takenOf,
  toRefund,
  toSale,
} from "./sale-document.ts";

/** A booked sale, and the refunds that were not deducted because their currency differs from the sale's. */
export interface Booking extends BookedSale {
  readonly foreignRefundIds: readonly string[];
}

/** A sale that has refunds but was never reported itself, and since when. */
export interface MissedSale {
  readonly saleId: string;
  readonly since: Date;
}

/** The terms under which a sale is booked. */
interface BookingTerms {
  readonly holdDays: number;
  readonly now: Date;
  /** Why an operator books the sale by hand. */
  readonly note?: TransactionNote;
}

const DAY_MS = 24 * 3_600_000;

const readTime = saleRefundDocument.part("at");
const MAX_WAITING = 100;
/** The initial state of a booked sale: nothing refunded, nothing frozen. */
const UNTOUCHED = { refunded: 0, frozen: [], freezes: 0 };

export type Sales = ReturnType<typeof createSales>;

/**
 * The `sales` collection, with `refunds` and `disputes` below each sale; both may be stored before the sale itself.
 * `waiting_refunds` lists the sales that have refunds but are not booked yet.
 */
export function createSales(database: Database) {
  return {
    async get(id: string): Promise<BookedSale | undefined> {
      const snapshot = await saleDocument.place(await database(), id).get();
      return snapshot.exists ? toSale(snapshot) : undefined;
    },

    /**
     * Books a sale with its postings and the refunds that arrived before it. Idempotent: a repeat returns the
     * booked sale. Booking settles for good who shares in the sale: the windows and rosters at the sale's time
     * decide. They are read without locks, because anything recorded later has a later time. Shares are held from
     * now on or, if later, from the sale's time: a sale reported late can still be refunded. Throws TerminalError
     * if the same id arrives with another amount, currency, time or lobby. An operator who books a sale gives the
     * reason in `note`; if its seller reports that sale after all, only the amount and the currency have to agree.
     */
    async book(sale: Sale, { holdDays, now, note }: BookingTerms): Promise<Booking> {
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
    },

    /** The sale as it would be booked now, with the windows that share in it. Read-only. */
    async preview(sale: Sale, { holdDays, now }: BookingTerms): Promise<BookedSale> {
      const shared = await withWindows(await database(), sale);
      return { ...shared, ...UNTOUCHED, availableAt: heldUntil(shared, holdDays, now) };
    },

    /** The sales a lobby shares in, newest first. */
    async ofLobby(lobbyId: string, limit: number): Promise<BookedSale[]> {
      const shared = saleDocument
        .all(await database())
        .where("lobby_ids", "array-contains", lobbyId);
      const found = await shared.orderBy("sold_at", "desc").limit(limit).get();
      return found.docs.map(toSale);
    },

    /** How many sales a lobby shares in. */
    async countOfLobby(lobbyId: string): Promise<number> {
      const sales = saleDocument.all(await database());
      const shared = sales.where("lobby_ids", "array-contains", lobbyId);
      return (await shared.count().get()).data().count;
    },

    /** How many of the sales a lobby shares in were refunded, in whole or in part. */
    async countRefundedOfLobby(lobbyId: string): Promise<number> {
      const sales = saleDocument.all(await database());
      const shared = sales.where("lobby_ids", "array-contains", lobbyId);
      return (await shared.where("refunded", ">", 0).count().get()).data().count;
    },

    /**
     * Books a refund of a sale once, and updates how much of the sale stays frozen. For repeated reports of a
     * refund the latest turn counts, and within a turn the largest amount. A refund in another currency than its
     * sale's is stored but deducts nothing. A refund that arrives before its sale waits for it; this then returns
     * undefined. An operator who books a turn gives the reason in `note`.
     */
    async refund(
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
        if (before && !isNews(toRefund(before), refund)) return sale;
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
        const turn = refund.turn ? `.${refund.turn}` : "";
        const causeId = `${sale.id}.${refund.id}.${refund.amount}${turn}`;
        addTransaction(
          firestore,
          transaction,
          refundTransaction(sale, refunded, causeId, now, note),
        );
        saleDocument.update(transaction, place, { refunded });
        const booked = [...others.docs.map(toRefund), refund];
        const frozen = isContested(disputes.docs, booked) ? frozenAfter(sale, refunded) : [];
        writeFreeze(firestore, transaction, { sale, frozen, now });
        return { ...sale, refunded };
      });
    },

    /**
     * A booked sale with one of its refunds: what the other refunds deducted, and when this refund was received.
     * Undefined if the sale is not booked or has no such refund.
     */
    async clawback(
      saleId: string,
      refundId: string,
    ): Promise<{ sale: BookedSale; without: number; at: Date } | undefined> {
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
      return { sale, without: withinBase(sale.base, others), at };
    },

    /** A refund of a sale as last reported. */
    async heardRefund(saleId: string, id: string): Promise<SaleRefund | undefined> {
      const place = saleRefundDocument.place(await database(), saleId, id);
      const snapshot = await place.get();
      return snapshot.exists ? { ...toRefund(snapshot), saleId } : undefined;
    },

    /**
     * Sales that have had refunds since `time` or earlier but were never reported, oldest first, at most 100.
     * Leaves out those of which the operators have been notified.
     */
    async missedSince(time: Date): Promise<MissedSale[]> {
      const waiting = waitingRefundDocument.all(await database()).where("since", "<=", time);
      const found = await waiting.orderBy("since").limit(MAX_WAITING).get();
      return found.docs.map(toMissed);
    },

    /**
     * Records that the operators were notified of an unreported sale. Does nothing if the sale was booked
     * meanwhile.
     */
    async missedIsNotified(saleId: string): Promise<void> {
      const firestore = await database();
      const place = waitingRefundDocument.place(firestore, saleId);
      await firestore.runTransaction(async (transaction) => {
        const known = await transaction.get(place);
        if (!known.exists) return;
        const { since } = waitingRefundDocument.read(known);
        const changes = { since: undefined, notifiedSince: since };
        if (since) waitingRefundDocument.update(transaction, place, changes);
      });
    },

    /**
     * All sales that have refunds but were never reported, including those of which the operators have been
     * notified.
     */
    async missed(): Promise<MissedSale[]> {
      const found = await waitingRefundDocument.all(await database()).get();
      return found.docs.map(toMissed);
    },
  };
}

function heldUntil({ soldAt }: Sale, holdDays: number, now: Date): Date {
  return new Date(Math.max(soldAt.getTime(), now.getTime()) + holdDays * DAY_MS);
}

function toMissed(snapshot: DocumentSnapshot): MissedSale {
  const { id: saleId, since, notifiedSince } = waitingRefundDocument.read(snapshot);
  return { saleId, since: since ?? notifiedSince ?? new Date(0) };
}

/**
 * The sale with the windows that were open at its time, each with the racers who share in it. If the sale names a
 * lobby whose window was open, only that window counts. If the seller's clock is ahead of the database's, the
 * database's time counts: the rosters of a future moment are not known yet.
 */
async function withWindows(
  firestore: Firestore,
  sale: Sale,
): Promise<Sale & { readonly windows: readonly Window[] }> {
  if (sale.lobbyId) {
    const read = await readNamed(firestore, sale.lobbyId);
    const known = { ...sale, ...timeKnown(sale, read) };
    const windows = windowsOf(read, known, { isNamed: true });
    if (windows.length > 0) return { ...known, windows };
  }
  const read = await readLobbiesAround(firestore, sale.soldAt);
  const known = { ...sale, ...timeKnown(sale, read) };
  return { ...known, windows: windowsOf(read, known, { isNamed: false }) };
}

function timeKnown(
  { soldAt, notifiedAt }: Sale,
  { readAt }: LobbiesRead,
): Pick<Sale, "soldAt" | "notifiedAt"> {
  return soldAt <= readAt
    ? { soldAt, notifiedAt }
    : { soldAt: readAt, notifiedAt: notifiedAt ?? soldAt };
}

function windowsOf(
  { lobbies }: LobbiesRead,
  { soldAt }: Pick<Sale, "soldAt">,
  terms: { readonly isNamed: boolean },
): Window[] {
  return lobbies
    .filter((lobby) => isOpenAt(lobby, soldAt))
    .map((lobby) => ({
      lobbyId: lobby.id,
      rateBps: lobby.rateBps,
      racerIds: sharingRacers(racersAt(lobby, soldAt).toSorted(), terms),
    }));
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
