import type { Firestore, QueryDocumentSnapshot } from "../../../shared/ports/database.ts";
import { builderDocument } from "../documents/builder.ts";
import { isApproved, type Standing, type StandingState } from "../domain/standing.ts";
import type { TwitchChannel } from "./builders.ts";
import { changePlace, planStanding, readChange, toStanding } from "./standing.ts";
import { type BuilderDigests, keepDecision, wasDecidedAgainst } from "./standing-tombstones.ts";

/** Someone has shown that a channel is theirs. */
export interface ChannelProof {
  /** The cause: the command's interaction id. The same proof changes things once. */
  readonly id: string;
  readonly userId: string;
  readonly channel: TwitchChannel;
  /** Whether nobody has to approve them. */
  readonly isAutomatic: boolean;
  /** Under which it may be kept that staff decided against them, or against the channel's builder. */
  readonly digests: BuilderDigests;
  readonly at: Date;
}

/** What came of a proof. `taken`: another builder has proved the channel; `barred`: staff decided against them. */
export type ProofResult =
  | { readonly outcome: "proved"; readonly standing: Standing }
  | { readonly outcome: "taken" }
  | { readonly outcome: "barred"; readonly standing: Standing };

/** Someone whose channel another one has proved. */
export interface FormerOwner {
  readonly id: string;
  /** What they were until then. */
  readonly was: StandingState;
}

/** More than two cannot be: one by the id, and old ones by its names. */
const MAX_HOLDERS = 10;

/** Why someone waits for staff where they would not have to otherwise. */
const RETURN_REASON =
  "The team decided against this person, or a builder of this channel, who had themselves forgotten since.";
/** What a proof makes of one's own standing; nothing where staff have decided against them. */
const OWN: Partial<Readonly<Record<StandingState, StandingState>>> = {
  unproved: "awaiting",
  awaiting: "awaiting",
  approved: "approved",
};
/** What another one's proof leaves of a claim; nothing where the claim is proved itself. */
const LOSING: Partial<Readonly<Record<StandingState, StandingState>>> = {
  unproved: "unproved",
  removed: "removed",
};

/**
 * Makes a channel that of its proved owner, in one transaction. An unproved claim of someone else ends,
 * and so does one of a builder who was removed; then staff decide, even where approval is automatic, so
 * that nobody who was removed comes back under another name by themselves. They also decide where they had
 * decided against someone who was forgotten since: this person, or a builder of this channel.
 */
export async function proveChannel(
  firestore: Firestore,
  { id, userId, channel, isAutomatic, digests, at }: ChannelProof,
): Promise<ProofResult> {
  const builders = builderDocument.all(firestore);
  const place = builders.doc(userId);
  return firestore.runTransaction(async (transaction): Promise<ProofResult> => {
    const [snapshot, change] = await transaction.getAll(place, changePlace(place, id));
    if (change?.exists) {
      const { to, reason, version } = readChange(change);
      return { outcome: "proved", standing: { state: to, reason, version } };
    }
    const names = [...new Set([channel.login, channel.displayName])];
    const byId = builders.where("twitch_user_id", "==", channel.userId).limit(MAX_HOLDERS);
    const byName = builders.where("twitch_username", "in", names).limit(MAX_HOLDERS);
    const found = [await transaction.get(byId), await transaction.get(byName)];
    const holders = new Map(
      found
        .flatMap(({ docs }) => docs)
        .filter((holder) => holder.id !== userId && holds(holder, channel))
        .map((holder) => [holder.id, holder]),
    );
    const losing = [...holders.values()].map((holder) => ({ holder, before: toStanding(holder) }));
    if (losing.some(({ before }) => !LOSING[before.state])) return { outcome: "taken" };

    const known = snapshot?.exists ? toStanding(snapshot) : undefined;
    if (known && !OWN[known.state]) return { outcome: "barred", standing: known };
    const wasRemoved = losing.some(({ before }) => before.state === "removed");
    const isReturn = await wasDecidedAgainst(firestore, transaction, digests, at);
    const own = OWN[known?.state ?? "unproved"] ?? "awaiting";
    const to = isAutomatic && !wasRemoved && !isReturn ? "approved" : own;
    const cause = { id, byId: userId, at };
    for (const { holder, before } of losing) {
      const state = LOSING[before.state] ?? before.state;
      const standing = planStanding(transaction, holder.ref, before, {
        ...cause,
        to: state,
        reason: before.reason,
      });
      const channelless = { twitchUserId: undefined, twitchUsername: undefined, isLive: false };
      builderDocument.update(transaction, holder.ref, { standing, ...channelless });
      // The next person to prove the channel does not find it with this builder any more.
      const ofChannel = { person: [], channel: digests.channel };
      keepDecision(firestore, transaction, { standing: state, digests: ofChannel, now: at });
    }
    const reason = isApproved(known) ? known?.reason : isReturn ? RETURN_REASON : undefined;
    const standing = planStanding(transaction, place, known, { ...cause, to, reason });
    const isAnother = snapshot?.get("twitch_user_id") !== channel.userId;
    const proved = {
      standing,
      twitchUserId: channel.userId,
      twitchUsername: channel.login,
      // What is known of another channel says nothing of this one.
      ...(isAnother && { isLive: false, liveStreamId: undefined, liveStatusAt: undefined }),
    };
    if (known) builderDocument.update(transaction, place, proved);
    else builderDocument.create(transaction, place, { ...proved, registeredAt: at });
    return { outcome: "proved", standing };
  });
}

/** Whose channel a proof has taken, as it is recorded. */
export async function formerOwners(
  firestore: Firestore,
  { id, userId }: Pick<ChannelProof, "id" | "userId">,
): Promise<FormerOwner[]> {
  const caused = firestore.collectionGroup("standings").where("by_id", "==", userId);
  const { docs } = await caused.get();
  return docs.flatMap((change): FormerOwner[] => {
    const owner = change.ref.parent.parent;
    if (change.id !== id || !owner || owner.id === userId) return [];
    if (owner.parent.id !== "builders") return [];
    return [{ id: owner.id, was: readChange(change).from ?? "unproved" }];
  });
}

/** A builder who is known by the id of another channel only had this name once. */
function holds(holder: QueryDocumentSnapshot, channel: TwitchChannel): boolean {
  const twitchUserId: unknown = holder.get("twitch_user_id");
  return typeof twitchUserId !== "string" || twitchUserId === channel.userId;
}
