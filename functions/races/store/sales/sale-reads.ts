import type { Firestore, Transaction } from "../../../../shared/ports/database.ts";
import type { BookedSale } from "../../domain/sale.ts";
import { toSale } from "./sale-document.ts";

/** More than anyone can watch in a minute; the pot includes the rest. */
const MAX_BOOKED = 40;
const DAY_MS = 24 * 3_600_000;

/**
 * A lobby's sales booked since a given moment, oldest first, at most the newest 40; read within a transaction. A
 * sale may be reported long after it was made, so its own time cannot be used here. Its shares are held for
 * `holdDays` from its booking, so `available_at` shows when it was booked.
 */
export async function bookedWithin(
  firestore: Firestore,
  transaction: Transaction,
  {
    lobbyId,
    since,
    holdDays,
  }: { readonly lobbyId: string; readonly since: Date; readonly holdDays: number },
): Promise<BookedSale[]> {
  const booked = firestore
    .collection("sales")
    .where("lobby_ids", "array-contains", lobbyId)
    .where("available_at", ">", new Date(since.getTime() + holdDays * DAY_MS))
    .orderBy("available_at", "desc");
  const { docs } = await transaction.get(booked.limit(MAX_BOOKED));
  return docs.map(toSale).reverse();
}
