import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { unpaidWinDocument } from "../../documents/unpaid-win.ts";

/** The times of the unpaid wins that count against a user. Lifted ones do not count. */
export function countedWins(wins: readonly DocumentSnapshot[]): Date[] {
  return wins
    .map(unpaidWinDocument.read)
    .filter(({ isLifted }) => !isLifted)
    .map(({ at }) => at);
}
