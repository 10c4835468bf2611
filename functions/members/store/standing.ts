import * as z from "zod/mini";
import {
  createDocument,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type {
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import {
  type AnyStanding,
  type Standing,
  type StandingDecision,
  type StandingState,
  type StandingTable,
  standingStates,
  stateAfter,
  UNREGISTERED,
} from "../domain/standing.ts";

/** The fields in which a document keeps someone's standing. */
export const standingFields = {
  standing: stored(z.enum(standingStates)),
  standing_reason: stored(z.string()),
  standing_version: stored(z.int()),
};

interface StoredStanding {
  readonly standing: StandingState | undefined;
  readonly standing_reason: string | undefined;
  readonly standing_version: number | undefined;
}

/** The standing in a document's fields. Those from before there were standings are unproved. */
export function toStanding(fields: StoredStanding): Standing {
  return {
    state: fields.standing ?? "unproved",
    reason: fields.standing_reason,
    version: fields.standing_version ?? 0,
  };
}

const standingDocument = z.object(standingFields);

/** The standing of the person whose document this is, read in a transaction. */
export async function standingIn(
  transaction: Transaction,
  place: DocumentReference,
): Promise<AnyStanding> {
  const snapshot = await transaction.get(place);
  if (!snapshot.exists) return UNREGISTERED;
  return toStanding(parseDocument(place.path, standingDocument, snapshot.data()));
}

/** One change of a standing, as the record of them keeps it. */
export interface StandingChange {
  /** The cause: an interaction's id. The same cause changes a standing once. */
  readonly id: string;
  readonly to: StandingState;
  /** Who did it: the person themselves, or a member of staff. */
  readonly byId: string;
  readonly reason?: string | undefined;
  readonly at: Date;
}

/** A change as it is recorded. */
const changeDocument = z.object({
  from: stored(z.enum(standingStates)),
  to: z.enum(standingStates),
  by_id: z.string(),
  reason: stored(z.string()),
  at: timestamp,
  version: z.int(),
});

/** The record of a change, below the document whose standing it changed. */
export function changePlace(place: DocumentReference, changeId: string): DocumentReference {
  return place.collection("standings").doc(changeId);
}

/**
 * Records a change of someone's standing and gives the fields that make it; the caller writes them in
 * the same transaction. A caller that finds `changePlace` there has made the change before.
 */
export function planStanding(
  transaction: Transaction,
  place: DocumentReference,
  before: Standing | undefined,
  change: StandingChange,
): { readonly fields: DocumentData; readonly standing: Standing } {
  const version = (before?.version ?? 0) + 1;
  const { id, to, byId, reason, at } = change;
  createDocument(transaction, changePlace(place, id), {
    ...{ from: before?.state ?? null, to, by_id: byId, reason: reason ?? null, at, version },
  });
  return {
    fields: { standing: to, standing_reason: reason ?? null, standing_version: version },
    standing: { state: to, reason, version },
  };
}

/** What a member of staff decides about someone. */
export interface StandingOrder extends Omit<StandingChange, "to"> {
  readonly decision: StandingDecision;
  /** The version of the standing that was looked at; another one by now makes it out of date. */
  readonly ofVersion?: number | undefined;
}

/** What came of a decision; `refused` where it cannot be taken about someone of that standing. */
export type DecisionResult =
  | {
      readonly outcome: "decided";
      readonly from: AnyStanding["state"];
      readonly standing: Standing;
    }
  | { readonly outcome: "refused" | "outdated"; readonly standing: AnyStanding };

/**
 * Takes a decision about the person whose document this is, in one transaction, and records who took it
 * and why. Idempotency: the same order changes a standing once and is answered the same again.
 */
export function decideStanding(
  firestore: Firestore,
  place: DocumentReference,
  table: StandingTable,
  { decision, ofVersion, ...order }: StandingOrder,
): Promise<DecisionResult> {
  return firestore.runTransaction(async (transaction): Promise<DecisionResult> => {
    const [snapshot, change] = await transaction.getAll(place, changePlace(place, order.id));
    if (change?.exists) {
      const { from, to, reason, version } = readChange(change);
      const standing = { state: to, reason, version };
      return { outcome: "decided", from: from ?? UNREGISTERED.state, standing };
    }
    const known = snapshot?.exists
      ? toStanding(parseDocument(place.path, standingDocument, snapshot.data()))
      : undefined;
    const before = known ?? UNREGISTERED;
    if (ofVersion !== undefined && ofVersion !== before.version) {
      return { outcome: "outdated", standing: before };
    }
    const to = stateAfter(table, before.state, decision);
    if (!to) return { outcome: "refused", standing: before };
    const { fields, standing } = planStanding(transaction, place, known, { ...order, to });
    if (known) transaction.update(place, fields);
    else createDocument(transaction, place, fields);
    return { outcome: "decided", from: before.state, standing };
  });
}

/** A recorded change. Throws TerminalError naming the bad fields. */
export function readChange(snapshot: DocumentSnapshot): z.infer<typeof changeDocument> {
  return parseDocument(snapshot.ref.path, changeDocument, snapshot.data());
}
