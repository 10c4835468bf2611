import type { DocumentSnapshot } from "../ports/database.ts";

/** Whether a document is the same as when it was read before, or still does not exist. */
export function isUnchanged(before: DocumentSnapshot, now: DocumentSnapshot): boolean {
  return before.updateTime === undefined
    ? now.updateTime === undefined
    : now.updateTime?.isEqual(before.updateTime) === true;
}
