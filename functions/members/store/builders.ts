import type { Database } from "../../../shared/ports/database.ts";
import { builderDocument } from "../documents/builder.ts";
import { walletDocument } from "../documents/wallet.ts";
import type { Standing } from "../domain/standing.ts";
import { toBuilder } from "./builder-document.ts";
import { createBuilderLists } from "./builders/lists.ts";
import { createBuilderStandings } from "./builders/standings.ts";
import { createStreamStatuses } from "./builders/stream-status.ts";
import {
  type ChannelProof,
  type FormerOwner,
  formerOwners,
  type ProofResult,
  proveChannel,
} from "./channel-proofs.ts";
import { type SellerAccount, sellerAccounts } from "./seller-accounts.ts";
import { toWallet } from "./wallets.ts";

/** A seller. `id` is their Discord user id. */
export interface Builder {
  readonly id: string;
  /** Whether they may sell: only `approved` builders may. */
  readonly standing: Standing;
  readonly twitchUsername: string | undefined;
  readonly twitchUserId: string | undefined;
  /** The channel in which buyers with closed DMs are notified of their orders. */
  readonly orderChannelId: string | undefined;
  readonly isLive: boolean;
  readonly account: SellerAccount | undefined;
  /** When they last signed out on the site: sessions that began before are over. */
  readonly signedOutAt: Date | undefined;
}

/** A Twitch channel, as Twitch describes it to the owner who signed in. */
export interface TwitchChannel {
  readonly userId: string;
  readonly login: string;
  /** The login with its owner's capitalization; older builders are stored under it. */
  readonly displayName: string;
}

const readSignedOut = builderDocument.part("signedOutAt");

export type Builders = ReturnType<typeof createBuilders>;

/** The `builders` collection. The document id is the Discord user id. */
export function createBuilders(database: Database) {
  const placeOf = async (id: string) => builderDocument.place(await database(), id);

  const get = async (id: string): Promise<Builder | undefined> =>
    toBuilder(await (await placeOf(id)).get());

  return {
    ...createBuilderLists(database),
    ...createBuilderStandings(database),
    ...createStreamStatuses(database),
    ...sellerAccounts(database, builderDocument, toBuilder),

    get,

    /** Assigns a channel to its proved owner, once per proof. */
    async prove(proof: ChannelProof): Promise<ProofResult> {
      return proveChannel(await database(), proof);
    },

    /** The former owners of the channel that a proof reassigned. */
    async formerOwners(proof: Pick<ChannelProof, "id" | "userId">): Promise<FormerOwner[]> {
      return formerOwners(await database(), proof);
    },

    /**
     * Moves the account someone connected as a racer to their shop, unless the shop already has one. Returns the
     * current builder.
     */
    async adoptAccount(id: string): Promise<Builder | undefined> {
      const firestore = await database();
      const place = builderDocument.place(firestore, id);
      const wallet = walletDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const [builder, racer] = await transaction.getAll(place, wallet);
        const account = racer?.exists ? toWallet(racer).account : undefined;
        if (!account || !builder || !toBuilder(builder) || toBuilder(builder)?.account) return;
        builderDocument.update(transaction, place, { account });
        walletDocument.update(transaction, wallet, { account: undefined });
      });
      return get(id);
    },

    /** Ends a builder's sessions on the site, in every browser. Does nothing for someone who is no builder. */
    async endSessions(id: string, now: Date): Promise<void> {
      const place = await placeOf(id);
      await builderDocument.changeUnlocked(place, readSignedOut, () => ({ signedOutAt: now }));
    },

    /** Records the Twitch user id behind the name: the name may change, the id does not. */
    async setTwitchUserId(id: string, twitchUserId: string): Promise<void> {
      await builderDocument.updateNow(await placeOf(id), { twitchUserId });
    },
  };
}
