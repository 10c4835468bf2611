import type { TransactionNote } from "../../../../shared/money/ledger.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { saleDocument } from "../../documents/sale.ts";
import type { BookedSale, Sale } from "../../domain/sale.ts";
import { type Booking, type BookingTerms, bookSale, previewSale } from "./book-sale.ts";
import { missedSales } from "./missed-sales.ts";
import { type Clawback, findRefund, readClawback, refundSale } from "./refund-sale.ts";
import { type SaleRefund, toSale } from "./sale-document.ts";

export type Sales = ReturnType<typeof createSales>;

/**
 * The `sales` collection, with `refunds` and `disputes` below each sale; both may be stored before the sale itself.
 * `waiting_refunds` lists the sales that have refunds but are not booked yet.
 */
export function createSales(database: Database) {
  return {
    ...missedSales(database),

    async get(id: string): Promise<BookedSale | undefined> {
      const snapshot = await saleDocument.place(await database(), id).get();
      return snapshot.exists ? toSale(snapshot) : undefined;
    },

    /** Books a sale with its postings and the refunds that arrived before it: see `bookSale`. */
    book: (sale: Sale, terms: BookingTerms): Promise<Booking> => bookSale(database, sale, terms),

    /** The sale as it would be booked now, with the windows that share in it. Read-only. */
    preview: (sale: Sale, terms: BookingTerms): Promise<BookedSale> =>
      previewSale(database, sale, terms),

    /** Books a refund of a sale once: see `refundSale`. */
    refund: (
      refund: SaleRefund,
      now: Date,
      note?: TransactionNote,
    ): Promise<BookedSale | undefined> => refundSale(database, refund, now, note),

    /** A booked sale with one of its refunds; undefined if the sale is not booked or has no such refund. */
    clawback: (saleId: string, refundId: string): Promise<Clawback | undefined> =>
      readClawback(database, saleId, refundId),

    /** A refund of a sale as last reported. */
    findRefund: (saleId: string, id: string): Promise<SaleRefund | undefined> =>
      findRefund(database, saleId, id),

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
  };
}
