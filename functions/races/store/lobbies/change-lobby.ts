import type { Database, Transaction } from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import type { Lobby } from "../../domain/race.ts";
import { type LobbyChanges, settledTimes, toLobby } from "./lobby-document.ts";

/** Returns what to change, if anything. Runs again if the lobby was changed concurrently. */
type Decision = (lobby: Lobby, transaction: Transaction) => MaybePromise<LobbyChanges | undefined>;

/** A decision that needs no database read returns its value synchronously. */
type MaybePromise<T> = T | Promise<T>;

/** A lobby; undefined if there is none with this id. */
export async function findLobby(database: Database, id: string): Promise<Lobby | undefined> {
  const snapshot = await lobbyDocument.place(await database(), id).get();
  return snapshot.exists ? toLobby(snapshot) : undefined;
}

/**
 * Updates fields of a lobby that its messages do not show, and replaces the placeholder times of earlier writes by
 * their commit times. False if the lobby does not exist.
 */
export async function noteInLobby(
  database: Database,
  id: string,
  decide: Decision,
): Promise<boolean> {
  const firestore = await database();
  const place = lobbyDocument.place(firestore, id);
  return firestore.runTransaction(async (transaction) => {
    const snapshot = await transaction.get(place);
    if (!snapshot.exists) return false;
    const lobby = toLobby(snapshot);
    const changes = await decide(lobby, transaction);
    if (changes) {
      lobbyDocument.update(transaction, place, { ...settledTimes(lobby), ...changes });
    }
    return true;
  });
}

/**
 * Changes a lobby, whose messages are then to be edited. Returns the current lobby, or undefined if it does not
 * exist.
 */
export async function changeLobby(
  database: Database,
  id: string,
  decide: Decision,
): Promise<Lobby | undefined> {
  const isThere = await noteInLobby(database, id, async (lobby, transaction) => {
    const changes = await decide(lobby, transaction);
    return changes && { isBoardDue: true, revision: lobby.revision + 1, ...changes };
  });
  return isThere ? findLobby(database, id) : undefined;
}
