import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import type { Database, DocumentSnapshot, Transaction } from "../../../shared/ports/database.ts";
import { walletDocument } from "../documents/wallet.ts";
import type { TaxNote } from "../domain/tax.ts";
import { type AccountHolder, type SellerAccount, sellerAccounts } from "./seller-accounts.ts";

/** What is stored about a racer besides their money. */
export interface Wallet extends AccountHolder {
  /** The account connected to receive transfers; builders may also have their shop's, see `payoutAccountOf`. */
  readonly account: SellerAccount | undefined;
  readonly tax: TaxNote | undefined;
  /** The racer's pending request to be paid; undefined once it is met. */
  readonly request: { readonly id: string; readonly at: Date } | undefined;
}

type WalletChanges = Omit<ChangesOf<typeof walletDocument>, "account">;

/** The outcome of a request to be paid; `again` if they already asked within the last day. */
export type RequestOutcome = "asked" | "again";

export type Wallets = ReturnType<typeof createWallets>;

/**
 * The part of the `wallets` collection that does not concern payouts: the team's tax notes, requests to be paid,
 * and the connected accounts of racers who are not builders.
 */
export function createWallets(database: Database) {
  const reference = async (racerId: string) => walletDocument.place(await database(), racerId);

  /** Changes fields of a wallet and creates the wallet if there is none. */
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

    /** The racers whose requests to be paid are not met yet, those who have waited longest first. */
    async withRequest(limit: number): Promise<string[]> {
      const asked = walletDocument.all(await database()).where("requested_at", ">", new Date(0));
      const { docs } = await asked.orderBy("requested_at").limit(limit).get();
      return docs.map(({ id }) => id);
    },

    /**
     * Records which tax form the team has, and returns the note that counts: the newest, whatever their order of
     * arrival. Idempotent.
     */
    noteTax(racerId: string, { status, note, byId, at }: TaxNote): Promise<TaxNote> {
      const changes = { taxStatus: status, taxNote: note, taxById: byId, taxAt: at };
      return change(racerId, ({ tax }) =>
        tax && tax.at > at ? { result: tax } : { changes, result: { status, note, byId, at } },
      );
    },

    /** Records a racer's request to be paid: once per `id`, and at most once a day. */
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

/** The changes that clear a met request. */
export const NO_REQUEST = { requestId: undefined, requestedAt: undefined } as const;

const DAY_MS = 24 * 3_600_000;

/** Decodes a stored wallet; returns an empty one if the document does not exist. */
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
