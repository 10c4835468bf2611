import type { Database } from "../../../../shared/ports/database.ts";
import type { Lobby } from "../../domain/race.ts";
import { findLobby } from "./change-lobby.ts";
import { lobbyDetails } from "./lobby-details.ts";
import { lobbyLists } from "./lobby-lists.ts";
import { type LobbyAndPot, readPot } from "./lobby-pot.ts";
import { lobbyRoster } from "./lobby-roster.ts";
import { lobbyWindow } from "./lobby-window.ts";
import { newLobbies } from "./new-lobbies.ts";

export type Lobbies = ReturnType<typeof createLobbies>;

/**
 * The `lobbies` collection. Every change that affects who shares in a sale is recorded with the time at which the
 * database committed it. Sales can therefore be booked without locking their lobbies, and no change to a lobby
 * waits for a sale.
 */
export function createLobbies(database: Database) {
  return {
    ...lobbyLists(database),
    ...newLobbies(database),
    ...lobbyRoster(database),
    ...lobbyWindow(database),
    ...lobbyDetails(database),

    get: (id: string): Promise<Lobby | undefined> => findLobby(database, id),

    /**
     * The newest lobby of the host who owns this overlay key, with its pot and the sales booked since `since`.
     * Undefined if no lobby has the key or the host has since replaced it.
     */
    ofPot: (potKey: string, since: Date, holdDays: number): Promise<LobbyAndPot | undefined> =>
      readPot(database, potKey, { since, holdDays }),
  };
}
