import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { addTransaction, availableWithin } from "../../../shared/money/ledger-store.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import { walletDocument } from "../../members/documents/wallet.ts";
import { saleDocument } from "../documents/sale.ts";
import { saleDisputeDocument } from "../documents/sale-dispute.ts";
import { type BookedSale, commissionOf, refundIdOfDispute } from "../domain/sale.ts";
import { freezeTransaction, sharesToFreeze } from "../domain/share-freeze.ts";
import { toSale } from "./sale-document.ts";

/** What a dispute has come to, and how often it was decided: 0 while it is open for the first time. */
export interface DisputeTurn {
  readonly outcome: "open" | "won" | "lost";
  readonly turn: number;
}

export type SaleDisputes = ReturnType<typeof createSaleDisputes>;

/** `sales/<sale>/disputes`, which may be there before the sale, and what they freeze of its shares. */
export function createSaleDisputes(database: Database) {
  return {
    /**
     * Keeps what a dispute of a sale has come to, which can change more than once. One that is open
     * freezes the sale's shares in the same commit. They stay frozen until what it came to is booked, by
     * `Sales.refund`: in between nobody can be paid what is about to be taken back. What was read while
     * somebody else kept a change is read again, not kept after it.
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

/** Whether any dispute of a sale is open, or has come to something that its refunds do not have yet. */
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
 * Freezes what of a sale's shares is still in their racers' wallets. Reads at once; what it gives writes.
 * It writes each wallet, as payouts do: of a payout at the same moment one sees what the other did.
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

/** Books what is frozen of a sale from now on, and keeps it with the sale. */
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

function isUnchanged(before: DocumentSnapshot, now: DocumentSnapshot): boolean {
  return before.updateTime === undefined
    ? now.updateTime === undefined
    : now.updateTime?.isEqual(before.updateTime) === true;
}
