import * as z from "zod/mini";
import { parseDocument, timestamp } from "../../../shared/documents/document.ts";
import type { DocumentSnapshot } from "../../../shared/ports/database.ts";

// `users/…/unpaid_wins`: auctions that a user won and did not pay for. The document id is the order id.

const winDocument = z.object({ at: timestamp, is_lifted: z.boolean() });

/** The fields of a win that was not paid by `now`. */
export function winFields(now: Date) {
  return { at: now, is_lifted: false };
}

/** The times of the unpaid wins that count against a user. Lifted ones do not count. */
export function countedWins(wins: readonly DocumentSnapshot[]): Date[] {
  return wins
    .map((win) => parseDocument(win.ref.path, winDocument, win.data()))
    .filter((win) => !win.is_lifted)
    .map(({ at }) => at);
}
