import type {
  CollectionReference,
  Firestore,
  Transaction,
} from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import { isOver, type Lobby, MAX_WINDOW_MS, stateAt } from "../../domain/race.ts";
import { isShopWord } from "../../domain/shop-link.ts";
import { toLobby } from "./lobby-document.ts";

/** The active lobby in which someone races or waits, other than the lobby `but`. */
export async function lobbyElsewhere(
  lobbies: CollectionReference,
  transaction: Transaction,
  racerId: string,
  { at, but }: { readonly at: Date; readonly but: string },
): Promise<Lobby | undefined> {
  const found = await transaction.get(lobbies.where("member_ids", "array-contains", racerId));
  return found.docs.map(toLobby).find((lobby) => lobby.id !== but && isGoingOn(lobby, at));
}

/** Whether a lobby is active: people can join it or race in it. */
export function isGoingOn(lobby: Lobby, at: Date): boolean {
  return !isOver({ state: stateAt(lobby, at) });
}

/** Lobbies as they were at one moment of the database's clock. */
export interface LobbiesRead {
  readonly lobbies: readonly Lobby[];
  /** The lobbies include every change recorded at or before this time; precise to the millisecond. */
  readonly readAt: Date;
}

/** The lobbies with this id, or with this word that buyers type, read without a lock. */
export async function readNamed(firestore: Firestore, id: string): Promise<LobbiesRead> {
  if (isShopWord(id)) {
    const ofWord = lobbyDocument.all(firestore).where("shop_word", "==", id);
    const { docs, readTime } = await ofWord.get();
    return { lobbies: docs.map(toLobby), readAt: readTime.toDate() };
  }
  const snapshot = await lobbyDocument.place(firestore, id).get();
  const lobbies = snapshot.exists ? [toLobby(snapshot)] : [];
  return { lobbies, readAt: snapshot.readTime.toDate() };
}

/** The lobbies whose windows may have been open at `at` or up to `AHEAD_MS` earlier, read without locks. */
export async function readLobbiesAround(firestore: Firestore, at: Date): Promise<LobbiesRead> {
  // `closes_at` is the latest possible end of a window, and a window is open for at most a day.
  const around = lobbyDocument
    .all(firestore)
    .where("closes_at", ">", new Date(at.getTime() - AHEAD_MS))
    .where("closes_at", "<=", new Date(at.getTime() + MAX_WINDOW_MS));
  const { docs, readTime } = await around.get();
  const lobbies = docs.map(toLobby).sort((one, other) => (one.id < other.id ? -1 : 1));
  return { lobbies, readAt: readTime.toDate() };
}

/** The most by which a seller's clock may run ahead of ours; `isAhead` in sender-time.ts refuses anything more. */
const AHEAD_MS = 10 * 60_000;
