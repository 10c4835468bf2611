import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import { userDocument } from "../../../../shared/documents/definitions/user.ts";
import type { DocumentSnapshot, Transaction } from "../../../../shared/ports/database.ts";
import { type BiddingBar, barEnd } from "../../domain/bidding-bar.ts";

/** The fields of a bar in its user's document. */
export const readBar = userDocument.part("barredAt", "barredUntil", "barReason", "barActId");
type StoredBar = ReturnType<typeof readBar>;
/** Changes of that document. */
export type Changes = ChangesOf<typeof userDocument>;

/** Changes the document of a user, who may not have one yet. */
export function writeBar(
  transaction: Transaction,
  known: DocumentSnapshot,
  changes: Changes,
): void {
  if (known.exists) userDocument.update(transaction, known.ref, changes);
  else userDocument.create(transaction, known.ref, changes);
}

/** The fields of a bar that begins now. */
export function barFields({ until, reason }: BiddingBar, now: Date) {
  return { barredAt: now, barredUntil: until, barReason: reason };
}

/** A bar without a stored end lasts for the automatic period from its start. */
export function toBar(stored: StoredBar, now: Date): BiddingBar | undefined {
  const { barredAt, barredUntil, barReason: reason } = stored;
  const until = barredUntil ?? (barredAt && barEnd(barredAt));
  return until && now < until ? { until, reason } : undefined;
}
