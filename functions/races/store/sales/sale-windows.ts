import type { Firestore } from "../../../../shared/ports/database.ts";
import { sharingRacers, type Window } from "../../domain/commission.ts";
import { isOpenAt, racersAt } from "../../domain/race.ts";
import type { Sale } from "../../domain/sale.ts";
import { type LobbiesRead, readLobbiesAround, readNamed } from "../lobbies/lobby-reads.ts";

/**
 * The sale with the windows that were open at its time, each with the racers who share in it. If the sale names a
 * lobby whose window was open, only that window counts, and of several only the first. If the seller's clock is ahead
 * of the database's, the database's time counts: the rosters of a future moment are not known yet.
 */
export async function withWindows(
  firestore: Firestore,
  { otherLobbyIds = [], ...sale }: Sale,
): Promise<Sale & { readonly windows: readonly Window[] }> {
  for (const name of sale.lobbyId ? [sale.lobbyId, ...otherLobbyIds] : []) {
    const read = await readNamed(firestore, name);
    const known = { ...sale, ...timeKnown(sale, read) };
    const windows = windowsOf(read, known, { isNamed: true });
    if (windows.length > 0) return { ...known, windows };
  }
  const read = await readLobbiesAround(firestore, sale.soldAt);
  const known = { ...sale, ...timeKnown(sale, read) };
  return { ...known, windows: windowsOf(read, known, { isNamed: false }) };
}

function timeKnown(
  { soldAt, notifiedAt }: Sale,
  { readAt }: LobbiesRead,
): Pick<Sale, "soldAt" | "notifiedAt"> {
  return soldAt <= readAt
    ? { soldAt, notifiedAt }
    : { soldAt: readAt, notifiedAt: notifiedAt ?? soldAt };
}

function windowsOf(
  { lobbies }: LobbiesRead,
  { soldAt }: Pick<Sale, "soldAt">,
  terms: { readonly isNamed: boolean },
): Window[] {
  return lobbies
    .filter((lobby) => isOpenAt(lobby, soldAt))
    .map((lobby) => ({
      lobbyId: lobby.id,
      rateBps: lobby.rateBps,
      racerIds: sharingRacers(racersAt(lobby, soldAt).toSorted(), terms),
    }));
}
