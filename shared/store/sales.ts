import type { DocumentSnapshot, Firestore, Transaction } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import type { Window } from "../domain/commission.ts";
import { providers } from "../domain/ledger.ts";
import { isOpenAt, racersAt } from "../domain/race.ts";
import { type BookedSale, refundTransaction, type Sale, saleTransaction } from "../domain/sale.ts";
import { TerminalError } from "../runtime/errors.ts";
import { parseDocument, stored, timestamp } from "./document.ts";
import { addTransaction } from "./ledger.ts";
import { lobbyWithin, openAt } from "./lobbies.ts";

/** Something that takes back a part of a sale, or gives it back; minor units of its base. */
export interface SaleRefund {
  readonly saleId: string;
  /** What it is to the provider: a refund, all refunds of a charge, a dispute. */
  readonly id: string;
  /** The most that was heard of; negative where a dispute was won and everything comes back. */
  readonly amount: number;
  readonly currency: string;
}

const DAY_MS = 24 * 3_600_000;

const saleDocument = z.object({
  provider: z.enum(providers),
  base: z.int(),
  currency: z.string(),
  sold_at: timestamp,
  named_lobby_id: stored(z.string()),
  title: z.string(),
  windows: z.array(
    z.object({ lobby_id: z.string(), rate_bps: z.int(), racer_ids: z.array(z.string()) }),
  ),
  refunded: z.int(),
  available_at: timestamp,
});
const refundDocument = z.object({ amount: z.int(), currency: z.string() });

export type Sales = ReturnType<typeof createSales>;

/** The `sales` collection; below each sale its `refunds`, which may be there before it. */
export function createSales(database: Database) {
  return {
    async get(id: string): Promise<BookedSale | undefined> {
      const snapshot = await (await database()).collection("sales").doc(id).get();
      return snapshot.exists ? toSale(snapshot) : undefined;
    },

    /**
     * Books a sale with its postings, and what was refunded before it came: once, a repeat gives what
     * was booked. Who shares in it is settled here for good, by the windows and rosters at its time.
     * Throws TerminalError when the same id comes with another amount or currency.
     */
    async book(
      sale: Sale,
      { holdDays, now }: { readonly holdDays: number; readonly now: Date },
    ): Promise<BookedSale> {
      const firestore = await database();
      const place = firestore.collection("sales").doc(sale.id);
      return firestore.runTransaction(async (transaction) => {
        const known = await transaction.get(place);
        if (known.exists) return same(toSale(known), sale);
        const [windows, waiting] = await Promise.all([
          windowsOf(firestore, transaction, sale),
          transaction.get(place.collection("refunds")),
        ]);
        const availableAt = new Date(sale.soldAt.getTime() + holdDays * DAY_MS);
        const booked = { ...sale, windows, refunded: 0, availableAt };
        const taken = waiting.docs.map((refund) => takenBy(refund, sale.currency));
        const refunded = withinBase(sale.base, taken);
        transaction.create(place, { ...fieldsOf(booked), refunded });
        addTransaction(firestore, transaction, saleTransaction(booked, now));
        const early = refundTransaction(booked, refunded, `${sale.id}.early`, now);
        addTransaction(firestore, transaction, early);
        return { ...booked, refunded };
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
     * Books what was taken back of a sale, once. Of the same refund the largest amount counts. One that
     * comes before its sale waits for it: then this gives undefined.
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
        const heard = before ? toRefund(before, refund.currency) : 0;
        const isNews = !before || Math.abs(heard) < Math.abs(refund.amount);
        if (!isNews) return sale;
        const fields = { amount: refund.amount, currency: refund.currency, at: now };
        transaction.set(refunds.doc(refund.id), fields);
        if (!sale) return undefined;
        if (sale.currency !== refund.currency) {
          throw new TerminalError(`Refund ${refund.id} of ${sale.id} is in another currency.`);
        }
        const taken = others.docs
          .filter(({ id }) => id !== refund.id)
          .map((other) => takenBy(other, sale.currency));
        const refunded = withinBase(sale.base, [...taken, refund]);
        const causeId = `${sale.id}.${refund.id}.${refund.amount}`;
        addTransaction(firestore, transaction, refundTransaction(sale, refunded, causeId, now));
        transaction.update(place, { refunded });
        return { ...sale, refunded };
      });
    },
  };
}

/** What something takes back of a sale, or gives back to it. */
export type Taken = Pick<SaleRefund, "id" | "amount">;

/** What a dispute that is won is kept under, after the id of what it took when it was lost. */
const WON = "-won";

/**
 * All that was refunded, never less than nothing or more than the sale. A dispute that was won gives
 * back what the same one took, and nothing that something else took.
 */
export function withinBase(base: number, taken: readonly Taken[]): number {
  const amounts = taken.map(({ id, amount }) => {
    if (!id.endsWith(WON)) return amount;
    const lost = taken.find((other) => other.id === id.slice(0, -WON.length));
    return Math.max(amount, -(lost?.amount ?? 0));
  });
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  return Math.min(base, Math.max(0, sum));
}

/** The windows that share in a sale: the one it names, else all that were open at its time. */
async function windowsOf(
  firestore: Firestore,
  transaction: Transaction,
  { lobbyId, soldAt }: Sale,
): Promise<Window[]> {
  const named = lobbyId && (await lobbyWithin(firestore, transaction, lobbyId));
  const open = named
    ? [named].filter((lobby) => isOpenAt(lobby, soldAt))
    : await openAt(firestore, transaction, soldAt);
  return open.map((lobby) => ({
    lobbyId: lobby.id,
    rateBps: lobby.rateBps,
    racerIds: racersAt(lobby, soldAt).toSorted(),
  }));
}

/** A repeat says what the first delivery said. */
function same(known: BookedSale, { id, base, currency }: Sale): BookedSale {
  if (known.base === base && known.currency === currency) return known;
  throw new TerminalError(
    `Sale ${id} came as ${base} ${currency} and is booked as ${known.base} ${known.currency}.`,
  );
}

function fieldsOf(sale: BookedSale) {
  return {
    ...{ provider: sale.provider, base: sale.base, currency: sale.currency, title: sale.title },
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
    ...{ refunded: fields.refunded, availableAt: fields.available_at },
    windows: fields.windows.map((window) => ({
      ...{ lobbyId: window.lobby_id, rateBps: window.rate_bps, racerIds: window.racer_ids },
    })),
  };
}

/** What a stored refund takes back. */
export function takenBy(snapshot: DocumentSnapshot, saleCurrency: string): Taken {
  return { id: snapshot.id, amount: toRefund(snapshot, saleCurrency) };
}

/** What a refund takes back; one in another currency than its sale's is for the operators. */
function toRefund(snapshot: DocumentSnapshot, saleCurrency: string): number {
  const fields = parseDocument(snapshot.ref.path, refundDocument, snapshot.data());
  return fields.currency === saleCurrency ? fields.amount : 0;
}
