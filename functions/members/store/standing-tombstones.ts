import * as z from "zod/mini";
import { parseDocument, setDocument, timestamp } from "../../../shared/documents/document.ts";
import type { Firestore, Transaction } from "../../../shared/ports/database.ts";

/** Digests under a key, the newest key's first: of a person as a builder, and of their channel. */
export interface BuilderDigests {
  readonly person: readonly string[];
  readonly channel: readonly string[];
}

/** What staff decided against someone that being forgotten does not undo. */
const decisionsAgainst = ["declined", "suspended", "removed"] as const;
const tombstoneDocument = z.object({ standing: z.enum(decisionsAgainst), expires_at: timestamp });
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
  const stones = firestore.collection("standing_tombstones");
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  for (const digest of [person[0], channel[0]]) {
    if (digest === undefined) continue;
    setDocument(transaction, stones.doc(digest), {
      ...{ standing: standing.data, expires_at: expiresAt },
    });
  }
}

/** Whether staff decided against someone under one of these digests before they were forgotten. */
export async function wasDecidedAgainst(
  firestore: Firestore,
  transaction: Transaction,
  { person, channel }: BuilderDigests,
  now: Date,
): Promise<boolean> {
  const stones = firestore.collection("standing_tombstones");
  const places = [...person, ...channel].map((digest) => stones.doc(digest));
  const found = places.length > 0 ? await transaction.getAll(...places) : [];
  return found.some(
    (stone) =>
      stone.exists &&
      parseDocument(stone.ref.path, tombstoneDocument, stone.data()).expires_at > now,
  );
}
