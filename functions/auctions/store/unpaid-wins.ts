import * as z from "zod/mini";
import { parseDocument, timestamp } from "../../../shared/documents/document.ts";
import type { DocumentSnapshot } from "../../../shared/ports/database.ts";

// `users/…/unpaid_wins`: auctions that someone won and did not pay; document id = order id.

const winDocument = z.object({ at: timestamp, is_lifted: z.boolean() });

/** The fields of a win that was not paid by `now`. */
export function winFields(now: Date) {
  return { at: now, is_lifted: false };
}

/** When someone did not pay, as far as it counts against them: what was lifted does not. */
export function countedWins(wins: readonly DocumentSnapshot[]): Date[] {
  return wins
    .map((win) => parseDocument(win.ref.path, winDocument, win.data()))
    .filter((win) => !win.is_lifted)
    .map(({ at }) => at);
}
