import { eraseIn, peopleOf, type Renaming } from "../../../shared/documents/personal.ts";
import { eachDocument } from "../../../shared/documents/rename.ts";
import type { Database, DocumentReference, Firestore } from "../../../shared/ports/database.ts";
import { caseDocument } from "../../shipping/documents/case.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import { isLive } from "../../shipping/domain/case.ts";
import { dropBuyerDocument } from "../../shop/documents/drop-buyer.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { orderIdsOf } from "../../shop/store/reservations.ts";
import { type OpenObligation, obligationOfOrder } from "../domain/open-obligation.ts";

/** Where an order names people: its buyer and its builder. */
const ROLES = peopleOf(orderDocument);

/** A person's part in `orders`, as their buyer or their builder. */
export function createPersonOrders(database: Database) {
  return {
    /** The orders that are not over for someone, and what was reported about them. */
    async open(userId: string, now: Date): Promise<OpenObligation[]> {
      const firestore = await database();
      const orders = orderDocument.all(firestore);
      const found: OpenObligation[] = [];
      for (const role of ROLES) {
        for await (const order of eachDocument(orders.where(role, "==", userId))) {
          found.push(
            ...orderDocument.readable(order).flatMap((each) => obligationOfOrder(each, now) ?? []),
          );
        }
      }
      return [...found, ...(await openCases(firestore, userId))];
    },

    /**
     * Replaces a user by a pseudonym, order by order, together with the buyer's document of the drop. Open orders
     * do not change. Links to the builder's stream are removed. Then the same in the parcels and cases of their orders.
     */
    async rename(userId: string, pseudonym: string, now: Date): Promise<void> {
      const firestore = await database();
      for (const role of ROLES) {
        const theirs = orderDocument.all(firestore).where(role, "==", userId);
        for await (const { ref } of eachDocument(theirs)) {
          await renameOrder(firestore, ref, { from: userId, to: pseudonym, now });
        }
      }
      for (const role of peopleOf(parcelDocument)) {
        const theirs = parcelDocument.all(firestore).where(role, "==", userId);
        for await (const { ref } of eachDocument(theirs)) {
          await renameParcel(firestore, ref, { from: userId, to: pseudonym });
        }
      }
      for (const role of peopleOf(caseDocument)) {
        const theirs = caseDocument.all(firestore).where(role, "==", userId);
        for await (const { ref } of eachDocument(theirs)) {
          await firestore.runTransaction(async (transaction) => {
            const snapshot = await transaction.get(ref);
            eraseIn(transaction, caseDocument, snapshot, { from: userId, to: pseudonym });
          });
        }
      }
    },
  };
}

/** Reports that wait for somebody; their end notifies both sides. */
async function openCases(firestore: Firestore, userId: string): Promise<OpenObligation[]> {
  const found: OpenObligation[] = [];
  for (const role of peopleOf(caseDocument)) {
    const theirs = caseDocument.all(firestore).where(role, "==", userId);
    for await (const snapshot of eachDocument(theirs)) {
      const live = caseDocument.readable(snapshot).filter(isLive);
      found.push(...live.map(({ id }) => ({ kind: "case" as const, name: `order ${id}` })));
    }
  }
  return found;
}

/** A parcel that is not over belongs to an open order, which keeps both from being renamed. */
async function renameParcel(
  firestore: Firestore,
  place: DocumentReference,
  renaming: Renaming,
): Promise<void> {
  await firestore.runTransaction(async (transaction) => {
    const snapshot = await transaction.get(place);
    const [parcel] = parcelDocument.readable(snapshot);
    if (parcel?.state === "open" || parcel?.state === "sent") return;
    eraseIn(transaction, parcelDocument, snapshot, renaming);
  });
}

async function renameOrder(
  firestore: Firestore,
  place: DocumentReference,
  { from, to, now }: { readonly from: string; readonly to: string; readonly now: Date },
): Promise<void> {
  await firestore.runTransaction(async (transaction) => {
    const snapshot = await transaction.get(place);
    const [order] = orderDocument.readable(snapshot);
    if (order && obligationOfOrder(order, now)) return;
    const stored = snapshot.data() ?? {};
    const dropId: unknown = stored["buyer_id"] === from ? stored["drop_id"] : undefined;
    const [before, after] =
      typeof dropId === "string"
        ? await transaction.getAll(
            ...[from, to].map((id) => dropBuyerDocument.place(firestore, dropId, id)),
          )
        : [];
    eraseIn(transaction, orderDocument, snapshot, { from, to });
    if (!before?.exists || !after) return;
    const ids = orderIdsOf(before);
    const rest = ids.filter((id) => id !== place.id);
    if (rest.length > 0) dropBuyerDocument.update(transaction, before.ref, { orderIds: rest });
    else transaction.delete(before.ref);
    if (ids.includes(place.id)) {
      const orderIds = [...orderIdsOf(after), place.id];
      dropBuyerDocument.set(transaction, after.ref, { orderIds });
    }
  });
}
