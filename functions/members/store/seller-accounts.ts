import type { AccountState } from "../../../shared/money/seller-account.ts";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { builderDocument } from "../documents/builder.ts";
import { walletDocument } from "../documents/wallet.ts";

/** Someone's connected account at Stripe. */
export interface SellerAccount {
  readonly id: string;
  readonly state: AccountState;
  /** Stripe's names of what is missing. */
  readonly missing: readonly string[];
  /** Counts the changes of state, so that its builder or racer is notified of each once. */
  readonly version: number;
}

/** Who has a connected account: a builder, or a racer who sells nothing. `id` is their Discord user id. */
export interface AccountHolder {
  readonly id: string;
  readonly account: SellerAccount | undefined;
}

/** Builders keep theirs in the same field. */
const readFormer = walletDocument.part("formerAccountIds");

/** A sweep looks at so many. */
const MAX_UNREADY = 100;

export type SellerAccounts<Holder extends AccountHolder> = ReturnType<
  typeof sellerAccounts<Holder>
>;

/**
 * The connected accounts in one collection of holders. `toHolder` reads one, and gives undefined where a document
 * that is not there is nobody.
 */
export function sellerAccounts<Holder extends AccountHolder>(
  database: Database,
  holderDocument: typeof builderDocument | typeof walletDocument,
  toHolder: (snapshot: DocumentSnapshot) => Holder | undefined,
) {
  const collection = async () => holderDocument.all(await database());

  /** A holder, or nothing where the document is broken: one hides no other. */
  const readable = (snapshot: DocumentSnapshot): Holder[] => {
    try {
      return [toHolder(snapshot)].filter((holder) => holder !== undefined);
    } catch (error) {
      if (error instanceof TerminalError) return [];
      throw error;
    }
  };

  return {
    /** Holders whose account is not ready, and may have become so. At most 100. */
    async withUnreadyAccounts(): Promise<Holder[]> {
      const found = await (await collection())
        .where("stripe_account_state", "in", ["PENDING", "RESTRICTED"])
        .limit(MAX_UNREADY)
        .get();
      return found.docs.flatMap(readable);
    },

    /** Whether a connected account was somebody's, and another has taken its place. */
    async isFormerAccount(accountId: string): Promise<boolean> {
      const former = (await collection()).where(
        "stripe_former_accounts",
        "array-contains",
        accountId,
      );
      return !(await former.limit(1).get()).empty;
    },

    /** Whose connected account it is. */
    async findByAccount(accountId: string): Promise<Holder | undefined> {
      const found = await (await collection())
        .where("stripe_account_id", "==", accountId)
        .limit(1)
        .get();
      return found.docs[0] && toHolder(found.docs[0]);
    },

    /**
     * Remembers somebody's new connected account: their first, or one in the place of `replaced`. Another that is
     * known by now stays. Gives them as they are then.
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

    /** Keeps an account's state and counts its changes. Of an account that is not theirs, nothing. */
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
