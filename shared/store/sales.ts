import type { DocumentSnapshot, Firestore, Transaction } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import type { Window } from "../domain/commission.ts";
import { providers } from "../domain/ledger.ts";
import { isOpenAt, racersAt } from "../domain/race.ts";
import {
  type BookedSale,
  refundTransaction,
  type Sale,
  saleTransaction,
  type Taken,
  withinBase,
} from "../domain/sale.ts";
import { TerminalError } from "../runtime/errors.ts";
import { createDocument, parseDocument, setDocument, stored, timestamp } from "./document.ts";
import { addTransaction } from "./ledger.ts";
import { lobbyWithin, openAt } from "./lobbies.ts";

/** Something that takes back a part of a sale. */
export interface SaleRefund extends Taken {
  readonly saleId: string;
  /** What it is to the provider: a refund, all refunds of a charge, a dispute. */
  readonly id: string;
  /** Of one turn the most that was heard of. */
  readonly amount: number;
  /** The amount instead, should the sale's prices have tax in them. */
  readonly amountWithTaxIn?: number | undefined;
  readonly currency: string;
  /** A later turn replaces what an earlier one took; 0 unless told. */
  readonly turn?: number | undefined;
}

/** A sale as it was booked, and what could not be taken off it, being in another currency. */
export interface Booking extends BookedSale {
  readonly foreignRefundIds: readonly string[];
}

/** What a dispute has come to, and how often that has changed: 1 the first time. */
export interface DisputeTurn {
  readonly outcome: "open" | "won" | "lost";
  readonly turn: number;
}

const DAY_MS = 24 * 3_600_000;

const saleDocument = z.object({
  provider: z.enum(providers),
  base: z.int(),
  currency: z.string(),
  sold_at: timestamp,
  told_at: stored(timestamp),
  is_tax_included: stored(z.boolean()),
  named_lobby_id: stored(z.string()),
  title: z.string(),
  windows: z.array(
    z.object({ lobby_id: z.string(), rate_bps: z.int(), racer_ids: z.array(z.string()) }),
  ),
  refunded: z.int(),
  available_at: timestamp,
});
const refundDocument = z.object({
  amount: z.int(),
  amount_with_tax_in: stored(z.int()),
  paid: stored(z.int()),
  currency: z.string(),
  turn: stored(z.int()),
});
const disputeDocument = z.object({ outcome: z.enum(["won", "lost"]), turn: z.int() });
const waitingDocument = z.object({ since: timestamp });
const MAX_WAITING = 100;

export type Sales = ReturnType<typeof createSales>;

/**
 * The `sales` collection; below each sale its `refunds` and `disputes`, which may be there before it.
 * What has refunds and is not there yet is in `waiting_refunds`.
 */
export function createSales(database: Database) {
  return {
    async get(id: string): Promise<BookedSale | undefined> {
      const snapshot = await (await database()).collection("sales").doc(id).get();
      return snapshot.exists ? toSale(snapshot) : undefined;
    },

    /**
     * Books a sale with its postings, and what was refunded before it came: once, a repeat gives what
     * was booked. Who shares in it is settled here for good, by the windows and rosters at its time.
     * Its shares are held from now on, not from its time: a late sale can still be refunded.
     * Throws TerminalError when the same id comes with another amount, currency, time or lobby.
     */
    async book(
      sale: Sale,
      { holdDays, now }: { readonly holdDays: number; readonly now: Date },
    ): Promise<Booking> {
      const firestore = await database();
      const place = firestore.collection("sales").doc(sale.id);
      return firestore.runTransaction(async (transaction) => {
        const [known, waiting] = await Promise.all([
          transaction.get(place),
          transaction.get(place.collection("refunds")),
        ]);
        const foreignRefundIds = foreignTo(sale, waiting.docs);
        if (known.exists) return { ...same(toSale(known), sale), foreignRefundIds };
        const windows = await windowsOf(firestore, transaction, sale);
        const heldFromMs = Math.max(sale.soldAt.getTime(), now.getTime());
        const availableAt = new Date(heldFromMs + holdDays * DAY_MS);
        const booked = { ...sale, windows, refunded: 0, availableAt };
        const taken = waiting.docs.map((refund) => takenBy(refund, sale));
        const refunded = withinBase(sale.base, taken);
        createDocument(transaction, place, { ...fieldsOf(booked), refunded });
        addTransaction(firestore, transaction, saleTransaction(booked, now));
        const early = refundTransaction(booked, refunded, `${sale.id}.early`, now);
        addTransaction(firestore, transaction, early);
        if (!waiting.empty)
          transaction.delete(firestore.collection("waiting_refunds").doc(sale.id));
        return { ...booked, refunded, foreignRefundIds };
      });
    },

    /** The sales a lobby shares in, newest first. */
    async ofLobby(lobbyId: string, limit: number): Promise<BookedSale[]> {
      const shared = (await database())
        .collection("sales")
        .where("lobby_ids", "array-contains", lobbyId);
      const found = await shared.orderBy("sold_at", "desc").limit(limit).get();
      return found.docs.map(toSale);
    },

    /** How many sales a lobby shares in. */
    async countOfLobby(lobbyId: string): Promise<number> {
      const sales = (await database()).collection("sales");
      const shared = sales.where("lobby_ids", "array-contains", lobbyId);
      return (await shared.count().get()).data().count;
    },

    /**
     * Books what was taken back of a sale, once. Of the same refund the latest turn counts, and of that
     * the largest amount. One that comes before its sale waits for it: then this gives undefined.
     */
    async refund(refund: SaleRefund, now: Date): Promise<BookedSale | undefined> {
      const firestore = await database();
      const place = firestore.collection("sales").doc(refund.saleId);
      const refunds = place.collection("refunds");
      return firestore.runTransaction(async (transaction) => {
        const known = await transaction.get(place);
        const others = await transaction.get(refunds);
        const sale = known.exists ? toSale(known) : undefined;
        const before = others.docs.find(({ id }) => id === refund.id);
        if (before && !isNews(toRefund(before), refund)) return sale;
        setDocument(transaction, refunds.doc(refund.id), { ...refundFieldsOf(refund), at: now });
        if (!sale) {
          const waiting = firestore.collection("waiting_refunds").doc(refund.saleId);
          if (others.empty) setDocument(transaction, waiting, { since: now });
          return undefined;
        }
        if (sale.currency !== refund.currency) {
          throw new TerminalError(`Refund ${refund.id} of ${sale.id} is in another currency.`);
        }
        const taken = others.docs
          .filter(({ id }) => id !== refund.id)
          .map((other) => takenBy(other, sale));
        const refunded = withinBase(sale.base, [...taken, takenOf(refund, sale)]);
        const turn = refund.turn ? `.${refund.turn}` : "";
        const causeId = `${sale.id}.${refund.id}.${refund.amount}${turn}`;
        addTransaction(firestore, transaction, refundTransaction(sale, refunded, causeId, now));
        transaction.update(place, { refunded });
        return { ...sale, refunded };
      });
    },

    /** A refund of a sale as it was heard last. */
    async heardRefund(saleId: string, id: string): Promise<SaleRefund | undefined> {
      const place = (await database()).doc(`sales/${saleId}/refunds/${id}`);
      const snapshot = await place.get();
      return snapshot.exists ? { ...toRefund(snapshot), saleId } : undefined;
    },

    /** Sales that nobody has told of, though they had refunds by then; some, the first ones first. */
    async missedSince(time: Date): Promise<{ saleId: string; since: Date }[]> {
      const waiting = (await database()).collection("waiting_refunds").where("since", "<=", time);
      const found = await waiting.orderBy("since").limit(MAX_WAITING).get();
      return found.docs.map((each) => {
        const { since } = parseDocument(each.ref.path, waitingDocument, each.data());
        return { saleId: each.id, since };
      });
    },

    /**
     * Keeps what a dispute of a sale has come to, which an appeal can change more than once. It is read
     * within the transaction: what was read before another change is not kept after it.
     */
    async disputeTurn(
      saleId: string,
      disputeId: string,
      read: () => Promise<DisputeTurn["outcome"]>,
    ): Promise<DisputeTurn> {
      const firestore = await database();
      const place = firestore.doc(`sales/${saleId}/disputes/${disputeId}`);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const known = snapshot.exists
          ? parseDocument(place.path, disputeDocument, snapshot.data())
          : undefined;
        const outcome = await read();
        if (outcome === "open" || known?.outcome === outcome) {
          return { outcome, turn: known?.turn ?? 0 };
        }
        const turn = (known?.turn ?? 0) + 1;
        setDocument(transaction, place, { outcome, turn });
        return { outcome, turn };
      });
    },
  };
}

/** The windows that share in a sale: the one it names if it was open at its time, else all that were. */
async function windowsOf(
  firestore: Firestore,
  transaction: Transaction,
  { lobbyId, soldAt }: Sale,
): Promise<Window[]> {
  const named = lobbyId && (await lobbyWithin(firestore, transaction, lobbyId));
  const open =
    named && isOpenAt(named, soldAt) ? [named] : await openAt(firestore, transaction, soldAt);
  return open.map((lobby) => ({
    lobbyId: lobby.id,
    rateBps: lobby.rateBps,
    racerIds: racersAt(lobby, soldAt).toSorted(),
  }));
}

/** A repeat says what the first delivery said. */
function same(known: BookedSale, sale: Sale): BookedSale {
  const [before, now] = [said(known), said(sale)];
  if (before === now) return known;
  throw new TerminalError(`Sale ${sale.id} came as ${now} and is booked as ${before}.`);
}

function said({ base, currency, soldAt, toldAt = soldAt, lobbyId }: Sale): string {
  return `${base} ${currency} at ${toldAt.toISOString()} for ${lobbyId ?? "no lobby"}`;
}

function fieldsOf(sale: BookedSale) {
  return {
    ...{ provider: sale.provider, base: sale.base, currency: sale.currency, title: sale.title },
    ...{ told_at: sale.toldAt ?? null, is_tax_included: sale.isTaxIncluded ?? false },
    ...{ sold_at: sale.soldAt, available_at: sale.availableAt, refunded: sale.refunded },
    named_lobby_id: sale.lobbyId ?? null,
    windows: sale.windows.map(({ lobbyId, rateBps, racerIds }) => ({
      ...{ lobby_id: lobbyId, rate_bps: rateBps, racer_ids: racerIds },
    })),
    lobby_ids: sale.windows.map(({ lobbyId }) => lobbyId),
  };
}

/** A sale as it is stored. Throws TerminalError when it is malformed. */
export function toSale(snapshot: DocumentSnapshot): BookedSale {
  const fields = parseDocument(snapshot.ref.path, saleDocument, snapshot.data());
  return {
    ...{ id: snapshot.id, provider: fields.provider, base: fields.base, title: fields.title },
    ...{ currency: fields.currency, soldAt: fields.sold_at, lobbyId: fields.named_lobby_id },
    ...{ toldAt: fields.told_at, isTaxIncluded: fields.is_tax_included },
    ...{ refunded: fields.refunded, availableAt: fields.available_at },
    windows: fields.windows.map((window) => ({
      ...{ lobbyId: window.lobby_id, rateBps: window.rate_bps, racerIds: window.racer_ids },
    })),
  };
}

/** What a stored refund takes back; nothing where it is in another currency than its sale. */
export function takenBy(snapshot: DocumentSnapshot, sale: TakenOff): Taken {
  return takenOf(toRefund(snapshot), sale);
}

/** What has to be known of a sale to read its refunds. */
type TakenOff = Pick<Sale, "currency" | "isTaxIncluded">;

function takenOf(refund: Omit<SaleRefund, "saleId">, sale: TakenOff): Taken {
  const { id, paid, currency } = refund;
  const amount = (sale.isTaxIncluded ? refund.amountWithTaxIn : undefined) ?? refund.amount;
  return { id, paid, amount: currency === sale.currency ? amount : 0 };
}

/** Those that operators have to see to. */
function foreignTo(sale: Sale, refunds: readonly DocumentSnapshot[]): string[] {
  return refunds
    .map(toRefund)
    .filter(({ currency }) => currency !== sale.currency)
    .map(({ id }) => id);
}

function isNews(
  { turn: lastTurn = 0, amount: heard }: Omit<SaleRefund, "saleId">,
  { turn = 0, amount }: SaleRefund,
): boolean {
  return turn === lastTurn ? heard < amount : lastTurn < turn;
}

function refundFieldsOf({ amount, amountWithTaxIn, paid, currency, turn }: SaleRefund) {
  const only = { amount_with_tax_in: amountWithTaxIn ?? null, paid: paid ?? null };
  return { amount, currency, ...only, turn: turn ?? null };
}

function toRefund(snapshot: DocumentSnapshot): Omit<SaleRefund, "saleId"> {
  const fields = parseDocument(snapshot.ref.path, refundDocument, snapshot.data());
  const { amount, amount_with_tax_in: amountWithTaxIn, paid, currency, turn } = fields;
  return { id: snapshot.id, amount, amountWithTaxIn, paid, currency, turn };
}
