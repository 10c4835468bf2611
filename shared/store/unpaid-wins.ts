import type { Database } from "../clients/firestore.ts";
import { createdNow } from "./document.ts";

export type UnpaidWins = ReturnType<typeof createUnpaidWins>;

/** `users/…/unpaid_wins`: auctions that someone won and did not pay; document id = order id. */
export function createUnpaidWins(database: Database) {
  const user = async (userId: string) => (await database()).collection("users").doc(userId);
  const collection = async (userId: string) => (await user(userId)).collection("unpaid_wins");

  return {
    async add(userId: string, orderId: string, now: Date): Promise<void> {
      const win = (await collection(userId)).doc(orderId);
      await createdNow(win.create({ at: now, is_lifted: false }));
    },

    /** How many count against someone. */
    async countSince(userId: string, since: Date): Promise<number> {
      const found = await (await collection(userId)).where("at", ">=", since).get();
      return found.docs.filter((win) => win.get("is_lifted") === false).length;
    },

    async bar(userId: string, now: Date): Promise<void> {
      await (await user(userId)).set({ bidding_barred_at: now }, { merge: true });
    },

    /** Forgives what counted against someone; false when nothing did. */
    async lift(userId: string): Promise<boolean> {
      const firestore = await database();
      const place = await user(userId);
      const wins = await (await collection(userId)).where("is_lifted", "==", false).get();
      if (wins.empty) return false;
      const batch = firestore.batch();
      for (const win of wins.docs) batch.update(win.ref, { is_lifted: true });
      batch.set(place, { bidding_barred_at: null }, { merge: true });
      await batch.commit();
      return true;
    },

    /** Everyone who is barred. */
    async barred(): Promise<string[]> {
      const users = (await database()).collection("users");
      const found = await users.where("bidding_barred_at", ">", new Date(0)).get();
      return found.docs.map(({ id }) => id);
    },
  };
}
