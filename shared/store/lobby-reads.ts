import { isOpenAt, isOver, type Lobby, MAX_WINDOW_MS, stateAt } from "../domain/race.ts";
import type { CollectionReference, Firestore, Transaction } from "../ports/database.ts";
import { timestamp } from "./document.ts";
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

/**
 * `now`, or just after the last sale that was booked: while a lobby's window was open, or of all. Clocks of
 * instances differ by seconds.
 */
export async function afterLastSale(
  firestore: Firestore,
  transaction: Transaction,
  lobbyId: string | undefined,
  now: Date,
): Promise<Date> {
  const sales = firestore.collection("sales");
  const concerned = lobbyId ? sales.where("open_lobby_ids", "array-contains", lobbyId) : sales;
  const newest = await transaction.get(concerned.orderBy("sold_at", "desc").limit(1));
  const [last] = newest.docs;
  const soldAt = last && timestamp.parse(last.get("sold_at"));
  return soldAt && soldAt >= now ? new Date(soldAt.getTime() + 1) : now;
}

/** A lobby, read within a transaction. */
export async function lobbyWithin(
  firestore: Firestore,
  transaction: Transaction,
  id: string,
): Promise<Lobby | undefined> {
  const snapshot = await transaction.get(firestore.collection("lobbies").doc(id));
  return snapshot.exists ? toLobby(snapshot) : undefined;
}

/** The lobbies whose windows were open at a moment, read within a transaction, by id. */
export async function openAt(
  firestore: Firestore,
  transaction: Transaction,
  at: Date,
): Promise<Lobby[]> {
  const lobbies = firestore.collection("lobbies");
  const closedSoonAfter = lobbies
    .where("closed_at", ">", at)
    .where("closed_at", "<=", new Date(at.getTime() + MAX_WINDOW_MS));
  const [running, closed] = await Promise.all([
    transaction.get(lobbies.where("state", "==", "racing")),
    transaction.get(closedSoonAfter),
  ]);
  return [...running.docs, ...closed.docs]
    .map(toLobby)
    .filter((lobby) => isOpenAt(lobby, at))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
