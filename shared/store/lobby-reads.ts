import type { CollectionReference, Firestore, Transaction } from "@google-cloud/firestore";
import { isOver, type Lobby, stateAt } from "../domain/race.ts";
import { timestamp } from "./document.ts";
import { toLobby } from "./lobby-document.ts";

/** Whether someone races or waits in a lobby that goes on, other than the one named. */
export async function isMemberElsewhere(
  lobbies: CollectionReference,
  transaction: Transaction,
  racerId: string,
  { at, but }: { readonly at: Date; readonly but: string },
): Promise<boolean> {
  const found = await transaction.get(lobbies.where("member_ids", "array-contains", racerId));
  return found.docs.map(toLobby).some((lobby) => lobby.id !== but && isGoingOn(lobby, at));
}

/** Whether people can join a lobby, or race in it. */
export function isGoingOn(lobby: Lobby, at: Date): boolean {
  return !isOver({ state: stateAt(lobby, at) });
}

/**
 * `now`, or just after the last sale that was shared: in a lobby, or of all. Clocks of instances differ
 * by seconds.
 */
export async function afterLastSale(
  firestore: Firestore,
  transaction: Transaction,
  lobbyId: string | undefined,
  now: Date,
): Promise<Date> {
  const sales = firestore.collection("sales");
  const concerned = lobbyId ? sales.where("lobby_ids", "array-contains", lobbyId) : sales;
  const newest = await transaction.get(concerned.orderBy("sold_at", "desc").limit(1));
  const [last] = newest.docs;
  const soldAt = last && timestamp.parse(last.get("sold_at"));
  return soldAt && soldAt >= now ? new Date(soldAt.getTime() + 1) : now;
}
