import * as z from "zod/mini";
import { parseDocument, stored, timestamp } from "../../../shared/documents/document.ts";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
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
import {
  accountFields,
  fieldsOfAccount,
  type SellerAccount,
  sellerAccounts,
  toAccount,
} from "./seller-accounts.ts";
import {
  changePlace,
  type DecisionResult,
  decideStanding,
  readChange,
  type StandingOrder,
  standingFields,
  toStanding,
} from "./standing.ts";
import { NO_ACCOUNT, toWallet } from "./wallets.ts";

/** A seller. `id` is their Discord user id. */
export interface Builder {
  readonly id: string;
  /** Whether they may sell: only who is `approved`. */
  readonly standing: Standing;
  readonly twitchUsername: string | undefined;
  readonly twitchUserId: string | undefined;
  /** Where buyers with closed DMs are told about their orders. */
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

const builderDocument = z.object({
  ...standingFields,
  twitch_username: stored(z.string()),
  twitch_user_id: stored(z.string()),
  order_channel_id: stored(z.string()),
  is_live: stored(z.boolean()),
  ...accountFields,
});
const statusDocument = z.object({ live_status_at: stored(timestamp) });

/** The standing in which a builder may do anything. */
const APPROVED: StandingState = "approved";
/** A landing page shows no more. */
const MAX_LIVE = 50;

export type Builders = ReturnType<typeof createBuilders>;

/** The `builders` collection: document id = Discord user id. */
export function createBuilders(database: Database) {
  const collection = async () => (await database()).collection("builders");

  return {
    ...sellerAccounts(database, "builders", toBuilder),

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
      const place = firestore.collection("builders").doc(id);
      return decideStanding(firestore, place, builderDecisions, order);
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
      return (await found.get()).docs.flatMap(readable);
    },

    /** Approved builders whose stream is live now, at most 50. */
    async live(): Promise<Builder[]> {
      const approved = (await collection()).where("standing", "==", APPROVED);
      const found = await approved.where("is_live", "==", true).limit(MAX_LIVE).get();
      return found.docs.flatMap(readable);
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
      const place = firestore.collection("builders").doc(id);
      const wallet = firestore.collection("wallets").doc(id);
      await firestore.runTransaction(async (transaction) => {
        const [builder, racer] = await transaction.getAll(place, wallet);
        const account = racer?.exists ? toWallet(racer).account : undefined;
        if (!account || !builder || !toBuilder(builder) || toBuilder(builder)?.account) return;
        transaction.update(place, fieldsOfAccount(account));
        transaction.update(wallet, NO_ACCOUNT);
      });
      return this.get(id);
    },

    /** Remembers the Twitch account behind the name, which may change while the id does not. */
    async setTwitchUserId(id: string, twitchUserId: string): Promise<void> {
      await (await collection()).doc(id).update({ twitch_user_id: twitchUserId });
    },

    /** Keeps the newest status: one that is older than what is known, or the same, changes nothing. */
    async recordStreamStatus(id: string, status: StreamStatus): Promise<void> {
      const firestore = await database();
      const reference = firestore.collection("builders").doc(id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        const known = parseDocument(reference.path, statusDocument, snapshot.data());
        if (known.live_status_at && known.live_status_at >= status.at) return;
        transaction.update(reference, {
          is_live: status.isLive,
          live_stream_id: status.streamId ?? null,
          live_status_at: status.at,
        });
      });
    },
  };
}

/** A builder, or nothing where the document is broken: one hides no other. */
function readable(snapshot: DocumentSnapshot): Builder[] {
  try {
    return [toBuilder(snapshot)].filter((builder) => builder !== undefined);
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}

function toBuilder(snapshot: DocumentSnapshot): Builder | undefined {
  if (!snapshot.exists) return undefined;
  const fields = parseDocument(snapshot.ref.path, builderDocument, snapshot.data());
  return {
    id: snapshot.id,
    standing: toStanding(fields),
    twitchUsername: fields.twitch_username,
    twitchUserId: fields.twitch_user_id,
    orderChannelId: fields.order_channel_id,
    isLive: fields.is_live ?? false,
    account: toAccount(fields),
  };
}
