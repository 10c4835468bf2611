import type { Firestore, QueryDocumentSnapshot } from "../../../shared/ports/database.ts";
import { builderDocument } from "../documents/builder.ts";
import { isApproved, type Standing, type StandingState } from "../domain/standing.ts";
import type { TwitchChannel } from "./builders.ts";
import { changePlace, planStanding, readChange, toStanding } from "./standing.ts";
import { type BuilderDigests, keepDecision, wasDecidedAgainst } from "./standing-tombstones.ts";

/** A proof that someone owns a Twitch channel. */
export interface ChannelProof {
  /** The cause: the command's interaction id. Each proof is applied once. */
  readonly id: string;
  readonly userId: string;
  readonly channel: TwitchChannel;
  /** Whether builders are approved automatically, without a staff decision. */
  readonly isAutomatic: boolean;
  /** The digests under which a staff decision against them, or against the channel's builder, may be stored. */
  readonly digests: BuilderDigests;
  readonly at: Date;
}

/** The outcome of a proof. `taken`: another builder has proved the channel; `barred`: staff decided against them. */
export type ProofResult =
  | { readonly outcome: "proved"; readonly standing: Standing }
  | { readonly outcome: "taken" }
  | { readonly outcome: "barred"; readonly standing: Standing };

/** Someone whose channel another person has proved. */
export interface FormerOwner {
  readonly id: string;
  /** Their standing before the proof. */
  readonly was: StandingState;
}

/** There can be at most two holders: one by the channel's id, and one stored under an old name. */
const MAX_HOLDERS = 10;

/** The recorded reason why someone needs a staff decision that would otherwise not be necessary. */
const RETURN_REASON =
  "The team decided against this person, or a builder of this channel, who had themselves forgotten since.";
/** The prover's standing after a proof; no entry if staff have decided against them. */
const OWN: Partial<Readonly<Record<StandingState, StandingState>>> = {
  unproved: "awaiting",
  awaiting: "awaiting",
  approved: "approved",
};
/** The standing of a previous claimant after another person's proof; no entry if their own claim is proved. */
const LOSING: Partial<Readonly<Record<StandingState, StandingState>>> = {
  unproved: "unproved",
  removed: "removed",
};

/**
 * Assigns a channel to its proved owner, in one transaction. This ends another person's unproved claim and the
 * claim of a removed builder. After a removed builder's claim, staff decide even where approval is automatic, so
 * that nobody who was removed can return under another name on their own. Staff also decide if they had decided
 * against someone whose data was deleted since: this person, or a builder of this channel.
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
      // From now on the builder no longer holds the channel, so the decision is stored under the channel's digest for
      // the next person who proves it.
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
      // The stream status of another channel does not apply to this one.
      ...(isAnother && { isLive: false, liveStreamId: undefined, liveStatusAt: undefined }),
    };
    if (known) builderDocument.update(transaction, place, proved);
    else builderDocument.create(transaction, place, { ...proved, registeredAt: at });
    return { outcome: "proved", standing };
  });
}

/** The recorded former owners of the channel that a proof reassigned. */
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

/**
 * Whether a builder found by id or name holds this channel. A builder stored with another channel's id only used
 * this name in the past.
 */
function holds(holder: QueryDocumentSnapshot, channel: TwitchChannel): boolean {
  const twitchUserId: unknown = holder.get("twitch_user_id");
  return typeof twitchUserId !== "string" || twitchUserId === channel.userId;
}
