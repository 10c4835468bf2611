import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { createdNow, mergeDocument, parseDocument } from "./document.ts";

const winDocument = z.object({ is_lifted: z.boolean() });

export type UnpaidWins = ReturnType<typeof createUnpaidWins>;

/** `users/…/unpaid_wins`: auctions that someone won and did not pay; document id = order id. */
export function createUnpaidWins(database: Database) {
  const user = async (userId: string) => (await database()).collection("users").doc(userId);
  const collection = async (userId: string) => (await user(userId)).collection("unpaid_wins");

  return {
    async add(userId: string, orderId: string, now: Date): Promise<void> {
      const win = (await collection(userId)).doc(orderId);
      await createdNow(win, { at: now, is_lifted: false });
    },

    /** How many count against someone. */
    async countSince(userId: string, since: Date): Promise<number> {
      const found = await (await collection(userId)).where("at", ">=", since).get();
      const wins = found.docs.map((win) => parseDocument(win.ref.path, winDocument, win.data()));
      return wins.filter((win) => !win.is_lifted).length;
    },

    async bar(userId: string, now: Date): Promise<void> {
      await mergeDocument(await database(), await user(userId), { bidding_barred_at: now });
    },

    /** Forgives what counted against someone; false when nothing did. */
    async lift(userId: string): Promise<boolean> {
      const firestore = await database();
      const place = await user(userId);
      const counted = (await collection(userId)).where("is_lifted", "==", false);
      return firestore.runTransaction(async (transaction) => {
        const [wins, known] = [await transaction.get(counted), await transaction.get(place)];
        for (const win of wins.docs) transaction.update(win.ref, { is_lifted: true });
        if (known.exists && !wins.empty) transaction.update(place, { bidding_barred_at: null });
        return !wins.empty;
      });
    },

    /** Everyone who is barred. */
    async barred(): Promise<string[]> {
      const users = (await database()).collection("users");
      const found = await users.where("bidding_barred_at", ">", new Date(0)).get();
      return found.docs.map(({ id }) => id);
    },
  };
}
