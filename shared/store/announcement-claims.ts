import type { Firestore, Transaction } from "@google-cloud/firestore";
import * as z from "zod/mini";
import { DROP_ALERT_INTERVAL_MS } from "../domain/limits.ts";
import { createDocument, expiresAt, parseDocument, setDocument, timestamp } from "./document.ts";

/** What someone wants to announce, and when. */
export interface AnnouncementClaim {
  readonly goLiveId: string;
  readonly kind: "chat" | "drop";
  readonly streamId: string;
  /** Of a drop alert: the newest drop its builder has posted, if any. */
  readonly dropId: string | undefined;
  readonly now: Date;
}

/** Why there is no further announcement; `too-soon` is of drop alerts, whoever raised the last one. */
export type ClaimRefusal =
  | { readonly refusal: "already-announced" }
  | { readonly refusal: "too-soon"; readonly retryAt: Date };

const claimDocument = z.object({ go_live_id: z.string(), processed_at: timestamp });

/** The last drop alert of all: whoever wants the next one writes this document. */
const LAST_DROP_ALERT = "announced:last-drop-alert";

/**
 * Claims an announcement within the transaction that keeps its go-live; gives why it is refused. Each
 * is a document in `processed`, named by what is announced, so that nothing is announced twice even if
 * Redis is lost. All reads come before the writes, as Firestore wants it.
 */
export async function claimAnnouncement(
  firestore: Firestore,
  transaction: Transaction,
  claim: AnnouncementClaim,
): Promise<ClaimRefusal | undefined> {
  const { goLiveId, kind, now } = claim;
  const processed = firestore.collection("processed");
  const own = processed.doc(subjectOf(claim));
  const last = processed.doc(LAST_DROP_ALERT);
  const [ownSnapshot, lastSnapshot] = await transaction.getAll(own, last);
  if (ownSnapshot?.exists) return { refusal: "already-announced" };
  if (kind === "drop" && lastSnapshot?.exists) {
    const { processed_at: lastAt } = parseDocument(last.path, claimDocument, lastSnapshot.data());
    const retryAt = new Date(lastAt.getTime() + DROP_ALERT_INTERVAL_MS);
    if (now < retryAt) return { refusal: "too-soon", retryAt };
  }
  const fields = { go_live_id: goLiveId, processed_at: now, expires_at: expiresAt(now) };
  createDocument(transaction, own, fields);
  if (kind === "drop") setDocument(transaction, last, fields);
  return undefined;
}

/** Gives back what a go-live has claimed: it was not announced after all, or is to be forgotten. */
export async function withdrawClaims(firestore: Firestore, goLiveId: string): Promise<void> {
  const theirs = firestore.collection("processed").where("go_live_id", "==", goLiveId);
  for (const { ref } of (await theirs.get()).docs) await ref.delete();
}

function subjectOf({ kind, streamId, dropId }: AnnouncementClaim): string {
  return kind === "chat"
    ? `announced:chat:${streamId}`
    : `announced:drop:${streamId}:${dropId ?? "none"}`;
}
