import * as z from "zod/mini";
import type { Firestore, Transaction } from "../../../shared/ports/database.ts";
import { decisionsAgainst, standingTombstoneDocument } from "../documents/standing-tombstone.ts";

/** Digests under a key, the newest key's first: of a person as a builder, and of their channel. */
export interface BuilderDigests {
  readonly person: readonly string[];
  readonly channel: readonly string[];
}

const decided = z.enum(decisionsAgainst);

/** As long as a debt of someone forgotten, see `forgotten-debt.ts`. */
const KEPT_MS = 3 * 365 * 24 * 3_600_000;

/**
 * Keeps that staff decided against a builder who is about to be deleted; nothing where they did not. The
 * `standing_tombstones` collection has it by the digest of the person and of their channel, and nothing else.
 * The database deletes what is over.
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

/** Whether staff decided against someone under one of these digests before they were forgotten. */
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
