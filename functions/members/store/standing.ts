import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import type { builderDocument } from "../documents/builder.ts";
import { hostDocument } from "../documents/host.ts";
import { builderStandingDocument } from "../documents/standing-fields.ts";
import {
  type AnyStanding,
  type Standing,
  type StandingDecision,
  type StandingState,
  type StandingTable,
  stateAfter,
  UNREGISTERED,
} from "../domain/standing.ts";

/** A collection whose documents store someone's standing. */
type Holders = typeof builderDocument | typeof hostDocument;

/** Builders store their standing in the same fields. */
const readStanding = hostDocument.part("standing");

/** The standing in a document. Documents from before standings existed count as unproved. */
export function toStanding(snapshot: DocumentSnapshot): Standing {
  return readStanding(snapshot).standing;
}

/** The standing of the person this document belongs to, read in a transaction. */
export async function standingIn(
  transaction: Transaction,
  place: DocumentReference,
): Promise<AnyStanding> {
  const snapshot = await transaction.get(place);
  if (!snapshot.exists) return UNREGISTERED;
  return toStanding(snapshot);
}

/** One change of a standing, as recorded. */
export interface StandingChange {
  /** The cause: an interaction's id. Each cause changes a standing once. */
  readonly id: string;
  readonly to: StandingState;
  /** Who did it: the person themselves, or a member of staff. */
  readonly byId: string;
  readonly reason?: string | undefined;
  readonly at: Date;
}

/** The record of a change, below the document whose standing it changed. */
export function changePlace(place: DocumentReference, changeId: string): DocumentReference {
  return place.collection("standings").doc(changeId);
}

/**
 * Records a change of someone's standing and returns the new standing, which the caller writes in the same
 * transaction. If the document at `changePlace` already exists, the change was made before.
 */
export function planStanding(
  transaction: Transaction,
  place: DocumentReference,
  before: Standing | undefined,
  change: StandingChange,
): Standing {
  const version = (before?.version ?? 0) + 1;
  const { id, to, byId, reason, at } = change;
  const made = { from: before?.state, to, byId, reason, at, version };
  builderStandingDocument.create(transaction, changePlace(place, id), made);
  return { state: to, reason, version };
}

/** A staff member's decision about someone. */
export interface StandingOrder extends Omit<StandingChange, "to"> {
  readonly decision: StandingDecision;
  /** The version of the standing that the staff member saw; the decision is outdated if the current version differs. */
  readonly ofVersion?: number | undefined;
}

/**
 * The outcome of a decision. `refused`: the person's standing does not allow it. `outdated`: the standing has
 * changed since.
 */
export type DecisionResult =
  | {
      readonly outcome: "decided";
      readonly from: AnyStanding["state"];
      readonly standing: Standing;
    }
  | { readonly outcome: "refused" | "outdated"; readonly standing: AnyStanding };

/**
 * Applies a decision about the person this document belongs to, in one transaction, and records who took it and
 * why. Idempotency: an order changes a standing once, and a repeat gets the same answer.
 */
export function decideStanding(
  firestore: Firestore,
  holderDocument: Holders,
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
    const known = snapshot?.exists ? toStanding(snapshot) : undefined;
    const before = known ?? UNREGISTERED;
    if (ofVersion !== undefined && ofVersion !== before.version) {
      return { outcome: "outdated", standing: before };
    }
    const to = stateAfter(table, before.state, decision);
    if (!to) return { outcome: "refused", standing: before };
    const standing = planStanding(transaction, place, known, { ...order, to });
    if (known) holderDocument.update(transaction, place, { standing });
    else holderDocument.create(transaction, place, { standing });
    return { outcome: "decided", from: before.state, standing };
  });
}

/** Decodes a recorded change. Throws TerminalError naming the bad fields. */
export function readChange(snapshot: DocumentSnapshot): DocumentOf<typeof builderStandingDocument> {
  return builderStandingDocument.read(snapshot);
}
