import * as z from "zod/mini";
import type { Firestore, Transaction } from "../../../shared/ports/database.ts";
import { decisionsAgainst, standingTombstoneDocument } from "../documents/standing-tombstone.ts";

/** Keyed digests, the newest key's first: of a person as a builder, and of their channel. */
export interface BuilderDigests {
  readonly person: readonly string[];
  readonly channel: readonly string[];
}

const decided = z.enum(decisionsAgainst);

/** As long as the debt of a person whose data was deleted, see `forgotten-debt.ts`. */
const KEPT_MS = 3 * 365 * 24 * 3_600_000;

/**
 * Stores a staff decision against a builder who is about to be deleted or loses their channel; does nothing if
 * there is none. The `standing_tombstones` collection holds the decision under the digests of the person and of
 * their channel, without other personal data. The database deletes expired documents.
 */
export function keepDecision(
  firestore: Firestore,
  transaction: Transaction,
  {
    standing: stored,
    digests: { person, channel },
    now,
  }: { readonly standing: unknown; readonly digests: BuilderDigests; readonly now: Date },
): void {
  const standing = decided.safeParse(stored);
  if (!standing.success) return;
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  for (const digest of [person[0], channel[0]]) {
    if (digest === undefined) continue;
    const place = standingTombstoneDocument.place(firestore, digest);
    standingTombstoneDocument.set(transaction, place, { standing: standing.data, expiresAt });
  }
}

/** Whether an unexpired staff decision against someone is stored under one of these digests. */
export async function wasDecidedAgainst(
  firestore: Firestore,
  transaction: Transaction,
  { person, channel }: BuilderDigests,
  now: Date,
): Promise<boolean> {
  const places = [...person, ...channel].map((digest) =>
    standingTombstoneDocument.place(firestore, digest),
  );
  const found = places.length > 0 ? await transaction.getAll(...places) : [];
  return found.some(
    (stone) => stone.exists && standingTombstoneDocument.read(stone).expiresAt > now,
  );
}
