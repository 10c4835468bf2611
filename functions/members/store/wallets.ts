import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import type { Database, DocumentSnapshot, Transaction } from "../../../shared/ports/database.ts";
import { walletDocument } from "../documents/wallet.ts";
import type { TaxNote } from "../domain/tax.ts";
import { type AccountHolder, type SellerAccount, sellerAccounts } from "./seller-accounts.ts";

/** What is known of a racer beside their money. */
export interface Wallet extends AccountHolder {
  /** Connected to be paid by transfer; of a builder, their shop's account counts. */
  readonly account: SellerAccount | undefined;
  readonly tax: TaxNote | undefined;
  /** They asked to be paid, and nobody has done it since. */
  readonly request: { readonly id: string; readonly at: Date } | undefined;
}

type WalletChanges = Omit<ChangesOf<typeof walletDocument>, "account">;

/** What asking to be paid came to: `again` when they asked within the last day. */
export type RequestOutcome = "asked" | "again";

export type Wallets = ReturnType<typeof createWallets>;

/**
 * What of the `wallets` collection is no payout: tax notes of the team, requests to be paid, and connected accounts
 * of racers who are no builders.
 */
export function createWallets(database: Database) {
  const reference = async (racerId: string) => walletDocument.place(await database(), racerId);

  /** Changes fields of a wallet, which is made when it is not there. */
  const change = async <T>(
    racerId: string,
    decide: (wallet: Wallet) => { readonly changes?: WalletChanges; readonly result: T },
  ): Promise<T> => {
    const place = await reference(racerId);
    return (await database()).runTransaction(async (transaction: Transaction) => {
      const snapshot = await transaction.get(place);
      const { changes, result } = decide(toWallet(snapshot));
      if (changes && snapshot.exists) walletDocument.update(transaction, place, changes);
      else if (changes) walletDocument.create(transaction, place, changes);
      return result;
    });
  };

  return {
    ...sellerAccounts(database, walletDocument, toWallet),

    async get(racerId: string): Promise<Wallet> {
      return toWallet(await (await reference(racerId)).get());
    },

    /** Notes which tax form the team has; the newest counts, a repeat changes nothing. */
    async noteTax(racerId: string, { status, note, byId, at }: TaxNote): Promise<void> {
      const changes = { taxStatus: status, taxNote: note, taxById: byId, taxAt: at };
      await change(racerId, () => ({ changes, result: undefined }));
    },

    /** Remembers that a racer asks to be paid: once by `id`, and once a day. */
    request(racerId: string, id: string, at: Date): Promise<RequestOutcome> {
      return change(racerId, ({ request }) => {
        if (request?.id === id) return { result: "asked" as const };
        const isRecent = request && at.getTime() - request.at.getTime() < DAY_MS;
        if (isRecent) return { result: "again" as const };
        return { changes: { requestId: id, requestedAt: at }, result: "asked" as const };
      });
    },
  };
}

/** What changes of a wallet whose request was met. */
export const NO_REQUEST = { requestId: undefined, requestedAt: undefined } as const;

const DAY_MS = 24 * 3_600_000;

/** A wallet as it is stored; where it is not there, an empty one. */
export function toWallet(snapshot: DocumentSnapshot): Wallet {
  const { id, account, taxStatus, taxNote, taxById, taxAt, requestId, requestedAt } =
    walletDocument.read(snapshot);
  return {
    id,
    account,
    tax:
      taxStatus && taxAt
        ? { status: taxStatus, note: taxNote, byId: taxById ?? "", at: taxAt }
        : undefined,
    request: requestId && requestedAt ? { id: requestId, at: requestedAt } : undefined,
  };
}
