import * as z from "zod/mini";
import { type AccountState, accountStates } from "../domain/seller-account.ts";
import {
  type AnyStanding,
  builderDecisions,
  type Standing,
  type StandingState,
  UNREGISTERED,
} from "../domain/standing.ts";
import type { Database, DocumentSnapshot } from "../ports/database.ts";
import { TerminalError } from "../runtime/errors.ts";
import {
  type ChannelProof,
  type FormerOwner,
  formerOwners,
  type ProofResult,
  proveChannel,
} from "./channel-proofs.ts";
import { parseDocument, stored, timestamp } from "./document.ts";
import {
  changePlace,
  type DecisionResult,
  decideStanding,
  readChange,
  type StandingOrder,
  standingFields,
  toStanding,
} from "./standing.ts";

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

/** A builder's connected account at Stripe. */
export interface SellerAccount {
  readonly id: string;
  readonly state: AccountState;
  /** Stripe's names of what is missing. */
  readonly missing: readonly string[];
  /** Counts the changes of state, so that each is told once. */
  readonly version: number;
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

const formerAccounts = stored(z.array(z.string()));
const builderDocument = z.object({
  ...standingFields,
  twitch_username: stored(z.string()),
  twitch_user_id: stored(z.string()),
  order_channel_id: stored(z.string()),
  is_live: stored(z.boolean()),
  stripe_account_id: stored(z.string()),
  stripe_account_state: stored(z.enum(accountStates)),
  stripe_account_missing: stored(z.array(z.string())),
  stripe_account_version: stored(z.int()),
  stripe_former_accounts: formerAccounts,
});
const statusDocument = z.object({ live_status_at: stored(timestamp) });

/** A sweep looks at so many. */
const MAX_UNREADY = 100;
/** The standing in which a builder may do anything. */
const APPROVED: StandingState = "approved";
/** A landing page shows no more. */
const MAX_LIVE = 50;

export type Builders = ReturnType<typeof createBuilders>;

/** The `builders` collection: document id = Discord user id. */
export function createBuilders(database: Database) {
  const collection = async () => (await database()).collection("builders");

  return {
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

    /** Builders whose account is not ready, and may have become so. At most 100. */
    async withUnreadyAccounts(): Promise<Builder[]> {
      const found = await (await collection())
        .where("stripe_account_state", "in", ["PENDING", "RESTRICTED"])
        .limit(MAX_UNREADY)
        .get();
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

    /** Whether a connected account was a builder's, and another has taken its place. */
    async isFormerAccount(accountId: string): Promise<boolean> {
      const former = (await collection()).where(
        "stripe_former_accounts",
        "array-contains",
        accountId,
      );
      return !(await former.limit(1).get()).empty;
    },

    /** The builder with this connected account. */
    async findByAccount(accountId: string): Promise<Builder | undefined> {
      const found = await (await collection())
        .where("stripe_account_id", "==", accountId)
        .limit(1)
        .get();
      return found.docs[0] && toBuilder(found.docs[0]);
    },

    /**
     * Remembers a builder's new connected account: their first, or one in the place of `replaced`.
     * Another that is known by now stays. Gives the builder as they are then.
     */
    async connectAccount(
      id: string,
      accountId: string,
      replaced?: string,
    ): Promise<Builder | undefined> {
      const firestore = await database();
      const place = firestore.collection("builders").doc(id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const builder = toBuilder(snapshot);
        if (!builder || builder.account?.id !== replaced) return;
        const former = formerAccounts.parse(snapshot.get("stripe_former_accounts")) ?? [];
        transaction.update(place, {
          ...(replaced && { stripe_former_accounts: [...former, replaced] }),
          stripe_account_id: accountId,
          stripe_account_state: "PENDING",
          stripe_account_missing: [],
          stripe_account_version: 0,
        });
      });
      return this.get(id);
    },

    /** Keeps an account's state and counts its changes. Of an account that is not theirs, nothing. */
    async recordAccount(
      id: string,
      account: Pick<SellerAccount, "id" | "state" | "missing">,
    ): Promise<Builder | undefined> {
      const firestore = await database();
      const place = firestore.collection("builders").doc(id);
      return firestore.runTransaction(async (transaction) => {
        const builder = toBuilder(await transaction.get(place));
        if (!builder?.account || builder.account.id !== account.id) return builder;
        const isChange = builder.account.state !== account.state;
        const version = builder.account.version + (isChange ? 1 : 0);
        transaction.update(place, {
          stripe_account_state: account.state,
          stripe_account_missing: [...account.missing],
          stripe_account_version: version,
        });
        return { ...builder, account: { ...account, version } };
      });
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
    account: fields.stripe_account_id
      ? {
          id: fields.stripe_account_id,
          state: fields.stripe_account_state ?? "PENDING",
          missing: fields.stripe_account_missing ?? [],
          version: fields.stripe_account_version ?? 0,
        }
      : undefined,
  };
}
