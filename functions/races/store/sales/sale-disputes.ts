import { isPseudonym } from "../../../../shared/discord/pseudonym.ts";
import { isUnchanged } from "../../../../shared/documents/unchanged.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import { availableWithin } from "../../../../shared/money/ledger-sums.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../../shared/ports/database.ts";
import { walletDocument } from "../../../members/documents/wallet.ts";
import { saleDocument } from "../../documents/sale.ts";
import { saleDisputeDocument } from "../../documents/sale-dispute.ts";
import { type BookedSale, commissionOf, refundIdOfDispute } from "../../domain/sale.ts";
import { freezeTransaction, sharesToFreeze } from "../../domain/share-freeze.ts";
import { toSale } from "./sale-document.ts";

/** The outcome of a dispute and how often it was decided: 0 while it is open for the first time. */
export interface DisputeTurn {
  readonly outcome: "open" | "won" | "lost";
  readonly turn: number;
}

export type SaleDisputes = ReturnType<typeof createSaleDisputes>;

/**
 * The `sales/<sale>/disputes` collection, whose documents may exist before the sale, and the shares that disputes
 * freeze.
 */
export function createSaleDisputes(database: Database) {
  return {
    /**
     * Records the outcome of a dispute, which can change more than once. An open dispute freezes the sale's shares
     * in the same commit. They stay frozen until `Sales.refund` books the outcome, so nobody is paid money that is
     * about to be taken back. If another run stores a change between reading and writing, the outcome is read again
     * instead of being stored over the newer one.
     */
    async follow(
      saleId: string,
      disputeId: string,
      { read, now }: { read: () => Promise<DisputeTurn["outcome"]>; now: () => Date },
    ): Promise<DisputeTurn & { readonly isNew: boolean }> {
      const firestore = await database();
      const salePlace = saleDocument.place(firestore, saleId);
      const place = saleDisputeDocument.place(firestore, saleId, disputeId);
      for (;;) {
        const before = await place.get();
        const outcome = await read();
        const kept = await firestore.runTransaction(async (transaction) => {
          const dispute = await transaction.get(place);
          if (!isUnchanged(before, dispute)) return undefined;
          const known = dispute.exists ? saleDisputeDocument.read(dispute) : undefined;
          if (known?.outcome === outcome) return { outcome, turn: known.turn, isNew: false };
          const sale = await transaction.get(salePlace);
          const isFrozen = outcome === "open" && sale.exists;
          const freeze = isFrozen
            ? await planFreeze(firestore, transaction, { sale: toSale(sale), now: now() })
            : undefined;
          const turn = (known?.turn ?? 0) + (outcome === "open" ? 0 : 1);
          saleDisputeDocument.set(transaction, place, { outcome, turn });
          freeze?.();
          return { outcome, turn, isNew: true };
        });
        if (kept) return kept;
      }
    },
  };
}

/** Whether a sale has an open dispute, or one whose latest outcome is not yet booked among its refunds. */
export function isContested(
  disputes: readonly DocumentSnapshot[],
  refunds: readonly { readonly id: string; readonly turn?: number | undefined }[],
): boolean {
  const booked = new Map(refunds.map(({ id, turn }) => [id, turn ?? 0]));
  return disputes.some((dispute) => {
    const { outcome, turn } = saleDisputeDocument.read(dispute);
    return outcome === "open" || (booked.get(refundIdOfDispute(dispute.id)) ?? 0) < turn;
  });
}

/**
 * Plans the freeze of the shares of a sale that are still in their racers' wallets. Reads immediately; the returned
 * function writes. It writes every wallet, as payouts do, so a freeze and a concurrent payout always see each
 * other's changes.
 */
async function planFreeze(
  firestore: Firestore,
  transaction: Transaction,
  { sale, now }: { readonly sale: BookedSale; readonly now: Date },
): Promise<() => void> {
  const { shares } = commissionOf(sale);
  const racerIds = [...new Set(shares.map(({ racerId }) => racerId))].filter(
    (racerId) => !isPseudonym(racerId),
  );
  const wallets = await Promise.all(
    racerIds.map((racerId) => transaction.get(walletDocument.place(firestore, racerId))),
  );
  const isAvailable = sale.availableAt <= now;
  const available = isAvailable ? new Map<string, number>() : undefined;
  for (const racerId of available ? racerIds : []) {
    const wanted = { account: racerAccount(racerId), currency: sale.currency, now };
    available?.set(racerId, await availableWithin(firestore, transaction, wanted));
  }
  const frozen = sharesToFreeze(sale, available);
  return () => {
    for (const wallet of wallets) {
      if (wallet.exists) walletDocument.update(transaction, wallet.ref, { frozenAt: now });
      else walletDocument.create(transaction, wallet.ref, { frozenAt: now });
    }
    writeFreeze(firestore, transaction, { sale, frozen, now });
  };
}

/** Books the newly frozen shares of a sale and records them with the sale. */
export function writeFreeze(
  firestore: Firestore,
  transaction: Transaction,
  {
    sale,
    frozen,
    now,
  }: { readonly sale: BookedSale; readonly frozen: readonly number[]; readonly now: Date },
): void {
  const entry = freezeTransaction(sale, frozen, now);
  if (entry.postings.length === 0) return;
  addTransaction(firestore, transaction, entry);
  const place = saleDocument.place(firestore, sale.id);
  saleDocument.update(transaction, place, { frozen, freezes: sale.freezes + 1 });
}
