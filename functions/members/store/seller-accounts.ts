import type { AccountState } from "../../../shared/money/seller-account.ts";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { builderDocument } from "../documents/builder.ts";
import { walletDocument } from "../documents/wallet.ts";

/** Someone's connected account at Stripe. */
export interface SellerAccount {
  readonly id: string;
  readonly state: AccountState;
  /** Stripe's names of the missing requirements. */
  readonly missing: readonly string[];
  /** Counts the changes of state, so that the holder is notified of each change once. */
  readonly version: number;
}

/** The holder of a connected account: a builder, or a racer who sells nothing. `id` is their Discord user id. */
export interface AccountHolder {
  readonly id: string;
  readonly account: SellerAccount | undefined;
}

/** Builders store their former accounts in the same field. */
const readFormer = walletDocument.part("formerAccountIds");

/** The most accounts a sweep checks. */
const MAX_UNREADY = 100;

export type SellerAccounts<Holder extends AccountHolder> = ReturnType<
  typeof sellerAccounts<Holder>
>;

/**
 * The connected accounts in one collection of holders. `toHolder` decodes a document; it returns undefined if a
 * missing document means that there is no holder.
 */
export function sellerAccounts<Holder extends AccountHolder>(
  database: Database,
  holderDocument: typeof builderDocument | typeof walletDocument,
  toHolder: (snapshot: DocumentSnapshot) => Holder | undefined,
) {
  const collection = async () => holderDocument.all(await database());

  /** The holder, or nothing if the document is malformed, so that one bad document does not hide the others. */
  const readable = (snapshot: DocumentSnapshot): Holder[] => {
    try {
      return [toHolder(snapshot)].filter((holder) => holder !== undefined);
    } catch (error) {
      if (error instanceof TerminalError) return [];
      throw error;
    }
  };

  return {
    /** Holders whose account was not active when last checked but may be now. At most 100. */
    async withUnreadyAccounts(): Promise<Holder[]> {
      const found = await (await collection())
        .where("stripe_account_state", "in", ["PENDING", "RESTRICTED"])
        .limit(MAX_UNREADY)
        .get();
      return found.docs.flatMap(readable);
    },

    /** Whether a connected account belonged to someone and has been replaced since. */
    async isFormerAccount(accountId: string): Promise<boolean> {
      const former = (await collection()).where(
        "stripe_former_accounts",
        "array-contains",
        accountId,
      );
      return !(await former.limit(1).get()).empty;
    },

    /** The holder of a connected account. */
    async findByAccount(accountId: string): Promise<Holder | undefined> {
      const found = await (await collection())
        .where("stripe_account_id", "==", accountId)
        .limit(1)
        .get();
      return found.docs[0] && toHolder(found.docs[0]);
    },

    /**
     * Records someone's new connected account: their first, or the replacement of `replaced`. If another account
     * was recorded meanwhile, that one stays. Returns the current holder.
     */
    async connectAccount(
      id: string,
      accountId: string,
      replaced?: string,
    ): Promise<Holder | undefined> {
      const firestore = await database();
      const place = holderDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const holder = toHolder(snapshot);
        if (!holder || holder.account?.id !== replaced) return;
        const { formerAccountIds = [] } = readFormer(snapshot);
        const account = { id: accountId, state: "PENDING", missing: [], version: 0 } as const;
        const changes = {
          ...(replaced && { formerAccountIds: [...formerAccountIds, replaced] }),
          account,
        };
        if (snapshot.exists) holderDocument.update(transaction, place, changes);
        else walletDocument.create(transaction, place, changes);
      });
      return toHolder(await place.get());
    },

    /**
     * Stores an account's state and counts its changes. Does nothing if the account is not the holder's current
     * one.
     */
    async recordAccount(
      id: string,
      account: Pick<SellerAccount, "id" | "state" | "missing">,
    ): Promise<Holder | undefined> {
      const firestore = await database();
      const place = holderDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const holder = toHolder(await transaction.get(place));
        if (!holder?.account || holder.account.id !== account.id) return holder;
        const isChange = holder.account.state !== account.state;
        const version = holder.account.version + (isChange ? 1 : 0);
        holderDocument.update(transaction, place, { account: { ...account, version } });
        return { ...holder, account: { ...account, version } };
      });
    },
  };
}
