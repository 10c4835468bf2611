import { setDocument } from "../../../shared/documents/document.ts";
import { eachDocument } from "../../../shared/documents/rename.ts";
import type { Database, DocumentReference, Firestore } from "../../../shared/ports/database.ts";
import { readableOrder } from "../../shop/store/order-document.ts";
import { orderIdsOf } from "../../shop/store/reservations.ts";
import { type OpenObligation, obligationOfOrder } from "../domain/open-obligation.ts";

const ROLES = ["buyer_id", "builder_id"] as const;

/** A person's part in `orders`, as their buyer or their builder. */
export function createPersonOrders(database: Database) {
  return {
    /** The orders that are not over for someone. */
    async open(userId: string, now: Date): Promise<OpenObligation[]> {
      const orders = (await database()).collection("orders");
      const found: OpenObligation[] = [];
      for (const role of ROLES) {
        for await (const order of eachDocument(orders.where(role, "==", userId))) {
          found.push(...readableOrder(order).flatMap((each) => obligationOfOrder(each, now) ?? []));
        }
      }
      return found;
    },

    /**
     * Puts a pseudonym in a person's place, order by order; with each goes what the buyer has of its drop.
     * An order that is not over stays as it is. Links to the builder's stream go.
     */
    async rename(userId: string, pseudonym: string, now: Date): Promise<void> {
      const firestore = await database();
      for (const role of ROLES) {
        const theirs = firestore.collection("orders").where(role, "==", userId);
        for await (const { ref } of eachDocument(theirs)) {
          await renameOrder(firestore, ref, { from: userId, to: pseudonym, now });
        }
      }
    },
  };
}

async function renameOrder(
  firestore: Firestore,
  place: DocumentReference,
  { from, to, now }: { readonly from: string; readonly to: string; readonly now: Date },
): Promise<void> {
  await firestore.runTransaction(async (transaction) => {
    const snapshot = await transaction.get(place);
    if (readableOrder(snapshot).some((order) => obligationOfOrder(order, now))) return;
    const isBuyer = snapshot.get("buyer_id") === from;
    const isBuilder = snapshot.get("builder_id") === from;
    const dropId: unknown = isBuyer ? snapshot.get("drop_id") : undefined;
    const buyers = typeof dropId === "string" && firestore.collection(`inventory/${dropId}/buyers`);
    const [before, after] = buyers
      ? await transaction.getAll(buyers.doc(from), buyers.doc(to))
      : [];
    transaction.update(place, {
      ...(isBuyer && { buyer_id: to, checkout_url: null }),
      ...(isBuilder && { builder_id: to, twitch_vod_link: null, vod_is_permanent: null }),
    });
    if (!before?.exists || !after) return;
    const ids = orderIdsOf(before);
    const rest = ids.filter((id) => id !== place.id);
    if (rest.length > 0) transaction.update(before.ref, { order_ids: rest });
    else transaction.delete(before.ref);
    if (ids.includes(place.id)) {
      setDocument(transaction, after.ref, { order_ids: [...orderIdsOf(after), place.id] });
    }
  });
}
