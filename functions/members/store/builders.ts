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
import type { StreamReport } from "../domain/stream.ts";
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

/** A builder and their Twitch channel. */
export interface BuilderChannel {
  readonly id: string;
  readonly twitchUserId: string;
}

/** A Twitch channel, as Twitch describes it to the owner who signed in. */
export interface TwitchChannel {
  readonly userId: string;
  readonly login: string;
  /** The login with its owner's capitalization; older builders are stored under it. */
  readonly displayName: string;
}

/** The status of a builder's stream as reported by Twitch, and the time of the report. */
export interface StreamStatus {
  readonly isLive: boolean;
  readonly streamId: string | undefined;
  readonly at: Date;
}

const readStatus = builderDocument.part("isLive", "liveStreamId", "liveStatusAt");
const readSignedOut = builderDocument.part("signedOutAt");

/** The only standing in which a builder may sell. */
const APPROVED: StandingState = "approved";
/** The most builders a landing page shows. */
const MAX_LIVE = 50;

export type Builders = ReturnType<typeof createBuilders>;

/** The `builders` collection. The document id is the Discord user id. */
export function createBuilders(database: Database) {
  const collection = async () => builderDocument.all(await database());

  return {
    ...sellerAccounts(database, builderDocument, toBuilder),

    async get(id: string): Promise<Builder | undefined> {
      return toBuilder(await (await collection()).doc(id).get());
    },

    /** A person's standing as a builder; everyone has one. */
    async standing(id: string): Promise<AnyStanding> {
      return toBuilder(await (await collection()).doc(id).get())?.standing ?? UNREGISTERED;
    },

    /** Applies a team decision about a builder, once per order. */
    async decide(id: string, order: StandingOrder): Promise<DecisionResult> {
      const firestore = await database();
      const place = builderDocument.place(firestore, id);
      return decideStanding(firestore, builderDocument, place, builderDecisions, order);
    },

    /** The builder with this Twitch account, found by its id or else by one of its names. */
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

    /** Assigns a channel to its proved owner, once per proof. */
    async prove(proof: ChannelProof): Promise<ProofResult> {
      return proveChannel(await database(), proof);
    },

    /** The former owners of the channel that a proof reassigned. */
    async formerOwners(proof: Pick<ChannelProof, "id" | "userId">): Promise<FormerOwner[]> {
      return formerOwners(await database(), proof);
    },

    /** Whether a builder's standing was changed under this id. */
    async hasChange(id: string, changeId: string): Promise<boolean> {
      return (await changePlace((await collection()).doc(id), changeId).get()).exists;
    },

    /** The standing after the change with this id; undefined if there is no such change. */
    async changed(id: string, changeId: string): Promise<Standing | undefined> {
      const change = await changePlace((await collection()).doc(id), changeId).get();
      if (!change.exists) return undefined;
      const { to, reason, version } = readChange(change);
      return { state: to, reason, version };
    },

    /** Builders with the given standing, at most `limit`. */
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
     * Builders with a known Twitch user id, ordered by that id, starting after `after`, at most `limit`. Includes
     * malformed documents: they still belong to someone.
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
      return this.get(id);
    },

    /** Ends a builder's sessions on the site, in every browser. Does nothing for someone who is no builder. */
    async endSessions(id: string, now: Date): Promise<void> {
      const place = (await collection()).doc(id);
      await builderDocument.changeUnlocked(place, readSignedOut, () => ({ signedOutAt: now }));
    },

    /** Records the Twitch user id behind the name: the name may change, the id does not. */
    async setTwitchUserId(id: string, twitchUserId: string): Promise<void> {
      await builderDocument.updateNow((await collection()).doc(id), { twitchUserId });
    },

    /** A builder's stream as Twitch last reported it. */
    async streamReport(id: string): Promise<StreamReport> {
      const snapshot = await builderDocument.place(await database(), id).get();
      const { isLive = false, liveStreamId, liveStatusAt } = readStatus(snapshot);
      return { isLive, streamId: liveStreamId, at: liveStatusAt };
    },

    /** Stores the newest status; one that is not newer than the stored status is ignored. */
    async recordStreamStatus(id: string, status: StreamStatus): Promise<void> {
      const firestore = await database();
      const reference = builderDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        // The builder may have been deleted meanwhile.
        if (!snapshot.exists) return;
        const { liveStatusAt } = readStatus(snapshot);
        if (liveStatusAt && !isNewer(status, liveStatusAt)) return;
        builderDocument.update(transaction, reference, {
          isLive: status.isLive,
          liveStreamId: status.streamId,
          liveStatusAt: status.at,
        });
      });
    },
  };
}

/** A stream can end and the next one begin in one millisecond: then the one that began counts. */
function isNewer({ at, isLive }: StreamStatus, recordedAt: Date): boolean {
  return isLive ? at >= recordedAt : at > recordedAt;
}

function toBuilder(snapshot: DocumentSnapshot): Builder | undefined {
  return snapshot.exists ? builderDocument.read(snapshot) : undefined;
}
