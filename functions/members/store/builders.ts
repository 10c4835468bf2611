import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { builderDocument } from "../documents/builder.ts";
import { walletDocument } from "../documents/wallet.ts";
import {
  type AnyStanding,
  builderDecisions,
  type Standing,
  type StandingState,
  UNREGISTERED,
} from "../domain/standing.ts";
import {
  type ChannelProof,
  type FormerOwner,
  formerOwners,
  type ProofResult,
  proveChannel,
} from "./channel-proofs.ts";
import { type SellerAccount, sellerAccounts } from "./seller-accounts.ts";
import {
  changePlace,
  type DecisionResult,
  decideStanding,
  readChange,
  type StandingOrder,
} from "./standing.ts";
import { toWallet } from "./wallets.ts";

/** A seller. `id` is their Discord user id. */
export interface Builder {
  readonly id: string;
  /** Whether they may sell: only who is `approved`. */
  readonly standing: Standing;
  readonly twitchUsername: string | undefined;
  readonly twitchUserId: string | undefined;
  /** Where buyers with closed DMs are notified of their orders. */
  readonly orderChannelId: string | undefined;
  readonly isLive: boolean;
  readonly account: SellerAccount | undefined;
}

/** A builder by their Twitch channel. */
export interface BuilderChannel {
  readonly id: string;
  readonly twitchUserId: string;
}

/** A Twitch channel, as Twitch names it to who has signed in as its owner. */
export interface TwitchChannel {
  readonly userId: string;
  readonly login: string;
  /** The login as its owner writes it; older builders are stored under it. */
  readonly displayName: string;
}

/** What Twitch said of a builder's stream, and when it said so. */
export interface StreamStatus {
  readonly isLive: boolean;
  readonly streamId: string | undefined;
  readonly at: Date;
}

const readStatus = builderDocument.part("liveStatusAt");

/** The standing in which a builder may do anything. */
const APPROVED: StandingState = "approved";
/** A landing page shows no more. */
const MAX_LIVE = 50;

export type Builders = ReturnType<typeof createBuilders>;

/** The `builders` collection: document id = Discord user id. */
export function createBuilders(database: Database) {
  const collection = async () => builderDocument.all(await database());

  return {
    ...sellerAccounts(database, builderDocument, toBuilder),

    async get(id: string): Promise<Builder | undefined> {
      return toBuilder(await (await collection()).doc(id).get());
    },

    /** Anyone's standing as a builder. */
    async standing(id: string): Promise<AnyStanding> {
      return toBuilder(await (await collection()).doc(id).get())?.standing ?? UNREGISTERED;
    },

    /** Takes a decision of the team's about a builder, once for each order. */
    async decide(id: string, order: StandingOrder): Promise<DecisionResult> {
      const firestore = await database();
      const place = builderDocument.place(firestore, id);
      return decideStanding(firestore, builderDocument, place, builderDecisions, order);
    },

    /** The builder with this Twitch account: by its id, else by one of its names. */
    async findByTwitch(userId: string, names: readonly string[]): Promise<Builder | undefined> {
      const builders = await collection();
      const byId = await builders.where("twitch_user_id", "==", userId).limit(1).get();
      if (byId.docs[0]) return toBuilder(byId.docs[0]);
      const byName = await builders
        .where("twitch_username", "in", [...new Set(names)])
        .limit(1)
        .get();
      return byName.docs[0] && toBuilder(byName.docs[0]);
    },

    /** Makes a channel that of its proved owner, once for each proof. */
    async prove(proof: ChannelProof): Promise<ProofResult> {
      return proveChannel(await database(), proof);
    },

    /** Who lost the channel that a proof was of. */
    async formerOwners(proof: Pick<ChannelProof, "id" | "userId">): Promise<FormerOwner[]> {
      return formerOwners(await database(), proof);
    },

    /** Whether a builder's standing was changed under this id. */
    async hasChange(id: string, changeId: string): Promise<boolean> {
      return (await changePlace((await collection()).doc(id), changeId).get()).exists;
    },

    /** The standing that a change under this id made; undefined where there was none. */
    async changed(id: string, changeId: string): Promise<Standing | undefined> {
      const change = await changePlace((await collection()).doc(id), changeId).get();
      if (!change.exists) return undefined;
      const { to, reason, version } = readChange(change);
      return { state: to, reason, version };
    },

    /** Builders of one standing, at most `limit`. */
    async withStanding(state: StandingState, limit: number): Promise<Builder[]> {
      const found = (await collection()).where("standing", "==", state).limit(limit);
      return (await found.get()).docs.flatMap(builderDocument.readable);
    },

    /** Approved builders whose stream is live now, at most 50. */
    async live(): Promise<Builder[]> {
      const approved = (await collection()).where("standing", "==", APPROVED);
      const found = await approved.where("is_live", "==", true).limit(MAX_LIVE).get();
      return found.docs.flatMap(builderDocument.readable);
    },

    /**
     * Builders whose Twitch account is known, in the order of its id, from behind `after` on, at
     * most `limit`. Broken documents are among them: they are still somebody's.
     */
    async withTwitch(after: string | undefined, limit: number): Promise<BuilderChannel[]> {
      const found = await (await collection())
        .where("twitch_user_id", ">", after ?? "")
        .orderBy("twitch_user_id")
        .limit(limit)
        .select("twitch_user_id")
        .get();
      return found.docs.map((builder) => ({
        id: builder.id,
        twitchUserId: String(builder.get("twitch_user_id")),
      }));
    },

    /**
     * Makes the account that someone connected as a racer that of their shop, where this has none. Gives the builder
     * as they are then.
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
      return this.get(id);
    },

    /** Remembers the Twitch account behind the name, which may change while the id does not. */
    async setTwitchUserId(id: string, twitchUserId: string): Promise<void> {
      await builderDocument.updateNow((await collection()).doc(id), { twitchUserId });
    },

    /** Keeps the newest status: one that is older than what is known, or the same, changes nothing. */
    async recordStreamStatus(id: string, status: StreamStatus): Promise<void> {
      const firestore = await database();
      const reference = builderDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        // They may have been forgotten or removed meanwhile.
        if (!snapshot.exists) return;
        const { liveStatusAt } = readStatus(snapshot);
        if (liveStatusAt && liveStatusAt >= status.at) return;
        builderDocument.update(transaction, reference, {
          isLive: status.isLive,
          liveStreamId: status.streamId,
          liveStatusAt: status.at,
        });
      });
    },
  };
}

function toBuilder(snapshot: DocumentSnapshot): Builder | undefined {
  return snapshot.exists ? builderDocument.read(snapshot) : undefined;
}
