import { userDocument } from "../../../shared/documents/definitions/user.ts";
import type { Database } from "../../../shared/ports/database.ts";

const readCustomer = userDocument.part("stripeCustomerId");

export type Customers = ReturnType<typeof createCustomers>;

/** The customer at Stripe that each person is: a field of `users`. */
export function createCustomers(database: Database) {
  return {
    async get(userId: string): Promise<string | undefined> {
      const snapshot = await userDocument.place(await database(), userId).get();
      return readCustomer(snapshot).stripeCustomerId;
    },

    /**
     * Stores a person's customer, in place of the one that is `instead`, or of none. Returns the one that counts: another
     * checkout may have been faster.
     */
    async keep(userId: string, customerId: string, instead: string | undefined): Promise<string> {
      const firestore = await database();
      const place = userDocument.place(firestore, userId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const { stripeCustomerId: known } = readCustomer(snapshot);
        if (known !== undefined && known !== instead) return known;
        const changes = { stripeCustomerId: customerId };
        if (snapshot.exists) userDocument.update(transaction, place, changes);
        else userDocument.create(transaction, place, changes);
        return customerId;
      });
    },
  };
}
