import type {
  CollectionReference,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import { isOver, type Lobby, MAX_WINDOW_MS, stateAt } from "../domain/race.ts";
import { isShopWord } from "../domain/shop-link.ts";
import { toLobby } from "./lobby-document.ts";

/** The lobby in which someone races or waits while it goes on, other than the one named. */
export async function lobbyElsewhere(
  lobbies: CollectionReference,
  transaction: Transaction,
  racerId: string,
  { at, but }: { readonly at: Date; readonly but: string },
): Promise<Lobby | undefined> {
  const found = await transaction.get(lobbies.where("member_ids", "array-contains", racerId));
  return found.docs.map(toLobby).find((lobby) => lobby.id !== but && isGoingOn(lobby, at));
}

/** Whether people can join a lobby, or race in it. */
export function isGoingOn(lobby: Lobby, at: Date): boolean {
  return !isOver({ state: stateAt(lobby, at) });
}

/** Lobbies as they were at one moment, which the database names. */
export interface LobbiesRead {
  readonly lobbies: readonly Lobby[];
  /** All that is recorded with this time, or an earlier one, is in them; to the millisecond. */
  readonly readAt: Date;
}

/** The lobbies that have an id, or a word that buyers type, read without a lock. */
export async function readNamed(firestore: Firestore, id: string): Promise<LobbiesRead> {
  if (isShopWord(id)) {
    const ofWord = firestore.collection("lobbies").where("shop_word", "==", id);
    const { docs, readTime } = await ofWord.get();
    return { lobbies: docs.map(toLobby), readAt: readTime.toDate() };
  }
  const snapshot = await firestore.collection("lobbies").doc(id).get();
  const lobbies = snapshot.exists ? [toLobby(snapshot)] : [];
  return { lobbies, readAt: snapshot.readTime.toDate() };
}

/** The lobbies whose windows may have been open at a moment, or up to `AHEAD_MS` before it; without locks. */
export async function readLobbiesAround(firestore: Firestore, at: Date): Promise<LobbiesRead> {
  // A window never ends later than this says, and is open for a day at the longest.
  const around = firestore
    .collection("lobbies")
    .where("closes_at", ">", new Date(at.getTime() - AHEAD_MS))
    .where("closes_at", "<=", new Date(at.getTime() + MAX_WINDOW_MS));
  const { docs, readTime } = await around.get();
  const lobbies = docs.map(toLobby).sort((one, other) => (one.id < other.id ? -1 : 1));
  return { lobbies, readAt: readTime.toDate() };
}

/** A seller's clock may be so far ahead of ours: `isAhead` of sender-time.ts refuses what is further. */
const AHEAD_MS = 10 * 60_000;
