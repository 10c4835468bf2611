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

/** A collection whose documents keep someone's standing. */
type Holders = typeof builderDocument | typeof hostDocument;

/** Builders keep theirs in the same fields. */
const readStanding = hostDocument.part("standing");

/** The standing in a document. Those from before there were standings are unproved. */
export function toStanding(snapshot: DocumentSnapshot): Standing {
  return readStanding(snapshot).standing;
}

/** The standing of the person whose document this is, read in a transaction. */
export async function standingIn(
  transaction: Transaction,
  place: DocumentReference,
): Promise<AnyStanding> {
  const snapshot = await transaction.get(place);
  if (!snapshot.exists) return UNREGISTERED;
  return toStanding(snapshot);
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

/** The record of a change, below the document whose standing it changed. */
export function changePlace(place: DocumentReference, changeId: string): DocumentReference {
  return place.collection("standings").doc(changeId);
}

/**
 * Records a change of someone's standing and gives what it is then; the caller writes it in the same transaction. A caller that finds `changePlace` there has made the change before.
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

/** A recorded change. Throws TerminalError naming the bad fields. */
export function readChange(snapshot: DocumentSnapshot): DocumentOf<typeof builderStandingDocument> {
  return builderStandingDocument.read(snapshot);
}
