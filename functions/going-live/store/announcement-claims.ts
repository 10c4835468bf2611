import { expiresAt, processedDocument } from "../../../shared/documents/definitions/processed.ts";
import { DROP_ALERT_INTERVAL_MS } from "../../../shared/limits/limits.ts";
import type { DocumentSnapshot, Firestore, Transaction } from "../../../shared/ports/database.ts";

/** What someone wants to announce, and when. */
export interface AnnouncementClaim {
  readonly goLiveId: string;
  readonly kind: "chat" | "drop";
  readonly streamId: string;
  /** Of a drop alert: the newest drop its builder has posted, if any. */
  readonly dropId: string | undefined;
  readonly now: Date;
}

/** Why there is no further announcement; `too-soon` is about drop alerts of all builders. */
export type ClaimRefusal =
  | { readonly refusal: "already-announced" }
  | { readonly refusal: "too-soon"; readonly retryAt: Date };

const readFields = processedDocument.part("processedAt", "isWithdrawn", "goLiveId");
const readSent = processedDocument.part("messageId");

/** A claim whose announcement is not posted this long after its last attempt began never will be: its run has ended. */
const POSTED_WITHIN_MS = 10 * 60_000;

/** The last drop alert of all builders: every further alert writes this document. */
const LAST_DROP_ALERT = "announced:last-drop-alert";

/**
 * Claims an announcement in the transaction that stores its go-live; returns the reason if it is refused. Each
 * claim is a document in `processed`, named after what is announced, so that nothing is announced twice even if
 * Redis loses its data. All reads come before the writes, as Firestore requires.
 */
export async function claimAnnouncement(
  firestore: Firestore,
  transaction: Transaction,
  claim: AnnouncementClaim,
): Promise<ClaimRefusal | undefined> {
  const { goLiveId, kind, now } = claim;
  const own = processedDocument.place(firestore, subjectOf(claim));
  const last = processedDocument.place(firestore, LAST_DROP_ALERT);
  const [ownSnapshot, lastSnapshot] = await transaction.getAll(own, last);
  if (ownSnapshot && (await keepsOthers(ownSnapshot, firestore, transaction, now))) {
    return { refusal: "already-announced" };
  }
  const lastAt = lastSnapshot && claimedAt(lastSnapshot);
  if (kind === "drop" && lastAt) {
    const retryAt = new Date(lastAt.getTime() + DROP_ALERT_INTERVAL_MS);
    if (now < retryAt) return { refusal: "too-soon", retryAt };
  }
  const fields = { goLiveId, processedAt: now, expiresAt: expiresAt(now) };
  processedDocument.set(transaction, own, fields);
  if (kind === "drop") processedDocument.set(transaction, last, fields);
  return undefined;
}

/**
 * Whether a claim keeps others from announcing the same. A delivery that may not post withdraws it, but can end before
 * it does.
 */
async function keepsOthers(
  claim: DocumentSnapshot,
  firestore: Firestore,
  transaction: Transaction,
  now: Date,
): Promise<boolean> {
  const at = claimedAt(claim);
  if (!at) return false;
  if (now.getTime() - at.getTime() < POSTED_WITHIN_MS) return true;
  const sent = processedDocument.place(
    firestore,
    announcementKey(readFields(claim).goLiveId ?? ""),
  );
  return readSent(await transaction.get(sent)).messageId !== undefined;
}

/** The key under which a go-live's announcement is posted. */
export function announcementKey(goLiveId: string): string {
  return `announcement:${goLiveId}`;
}

/** When a claim was made; undefined if there is none, or if it was withdrawn. */
function claimedAt(snapshot: DocumentSnapshot): Date | undefined {
  if (!snapshot.exists) return undefined;
  const { processedAt, isWithdrawn } = readFields(snapshot);
  return isWithdrawn ? undefined : processedAt;
}

/**
 * Whether a go-live may still post what it claimed: false once another has claimed it since, or, of an alert,
 * once any other alert was claimed. An alert counts from when it is posted, so that the next one is ten
 * minutes after the ping and not after the request for it.
 */
export async function holdClaims(
  firestore: Firestore,
  { goLiveId, kind, now }: Pick<AnnouncementClaim, "goLiveId" | "kind" | "now">,
): Promise<boolean> {
  const theirs = claimsOf(firestore, goLiveId);
  return firestore.runTransaction(async (transaction) => {
    const { docs } = await transaction.get(theirs);
    const isLast = docs.some(({ id }) => id === LAST_DROP_ALERT);
    const hasOwn = docs.some(({ id }) => id !== LAST_DROP_ALERT);
    if (!hasOwn || (kind === "drop" && !isLast)) return false;
    const changes = { processedAt: now, isWithdrawn: false };
    for (const { ref } of docs) processedDocument.update(transaction, ref, changes);
    return true;
  });
}

/** When a go-live last began to post what it claimed at `claimedAtMs`; undefined if it has not. */
export async function postingBegunAt(
  firestore: Firestore,
  goLiveId: string,
  claimedAtMs: number,
): Promise<Date | undefined> {
  const { docs } = await claimsOf(firestore, goLiveId).get();
  const times = docs.flatMap((snapshot) => claimedAt(snapshot) ?? []);
  return times.find((at) => at.getTime() > claimedAtMs);
}

/** Lets others announce what a go-live has claimed and could not post. */
export async function withdrawClaims(firestore: Firestore, goLiveId: string): Promise<void> {
  const theirs = claimsOf(firestore, goLiveId);
  await firestore.runTransaction(async (transaction) => {
    const { docs } = await transaction.get(theirs);
    for (const { ref } of docs) processedDocument.update(transaction, ref, { isWithdrawn: true });
  });
}

/** Deletes what a go-live has claimed: it is to be forgotten. Of an alert, its time stays, for the next one of anybody. */
export async function deleteClaims(firestore: Firestore, goLiveId: string): Promise<void> {
  for (const { id, ref } of (await claimsOf(firestore, goLiveId).get()).docs) {
    if (id === LAST_DROP_ALERT) await processedDocument.updateNow(ref, { goLiveId: undefined });
    else await ref.delete();
  }
}

function claimsOf(firestore: Firestore, goLiveId: string) {
  return processedDocument.all(firestore).where("go_live_id", "==", goLiveId);
}

function subjectOf({ kind, streamId, dropId }: AnnouncementClaim): string {
  return kind === "chat"
    ? `announced:chat:${streamId}`
    : `announced:drop:${streamId}:${dropId ?? "none"}`;
}
