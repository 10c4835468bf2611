import * as z from "zod/mini";
import type { Database } from "../ports/database.ts";
import { createdNow, parseDocument, timestamp } from "./document.ts";

const winDocument = z.object({ at: timestamp, is_lifted: z.boolean() });

export type UnpaidWins = ReturnType<typeof createUnpaidWins>;

/** `users/…/unpaid_wins`: auctions that someone won and did not pay; document id = order id. */
export function createUnpaidWins(database: Database) {
  const collection = async (userId: string) =>
    (await database()).collection("users").doc(userId).collection("unpaid_wins");

  return {
    async add(userId: string, orderId: string, now: Date): Promise<void> {
      const win = (await collection(userId)).doc(orderId);
      await createdNow(win, { at: now, is_lifted: false });
    },

    /** When someone did not pay, as far as it counts against them. */
    async countedSince(userId: string, since: Date): Promise<Date[]> {
      const found = await (await collection(userId)).where("at", ">=", since).get();
      const wins = found.docs.map((win) => parseDocument(win.ref.path, winDocument, win.data()));
      return wins.filter((win) => !win.is_lifted).map(({ at }) => at);
    },
  };
}
