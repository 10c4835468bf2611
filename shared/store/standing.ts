import type { DocumentData, DocumentReference, Transaction } from "@google-cloud/firestore";
import * as z from "zod/mini";
import { type Standing, type StandingState, standingStates } from "../domain/standing.ts";
import { createDocument, stored } from "./document.ts";

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
