import { isDeepStrictEqual } from "node:util";
import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";
import type { Dispute, Order } from "../domain/order.ts";
import { planBuilderPart } from "./builder-part.ts";

/** The outcome of recording a dispute's state. */
export interface RecordedDispute {
  readonly order: Order;
  /** The dispute as stored before, if it was. */
  readonly before: Dispute | undefined;
  /** The debt created because a bank took the money, if any. */
  readonly debtId: string | undefined;
}

/** What Stripe says of a dispute. */
type DisputeFact = Omit<Dispute, "isBooked" | "openedAt" | "decidedAt"> &
  Partial<Pick<Dispute, "openedAt">>;

export type Disputes = ReturnType<typeof createDisputes>;

/** Disputes in the `orders` collection. While one is open, nothing of the order is released. */
export function createDisputes(database: Database) {
  return {
    /**
     * Stores the state of an order's dispute. The builder owes their part of what the bank has taken, and gets back
     * their part of what it has returned. A lost dispute that is booked does not change.
     */
    async record(orderId: string, fact: DisputeFact, now: Date): Promise<RecordedDispute> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction): Promise<RecordedDispute> => {
        const order = orderDocument.read(await transaction.get(place));
        const { payment } = order;
        if (!payment) return { order, before: undefined, debtId: undefined };
        const before = payment.disputes.find(({ id }) => id === fact.id);
        const dispute = {
          ...fact,
          isBooked: before?.isBooked ?? false,
          openedAt: fact.openedAt ?? before?.openedAt,
          decidedAt: decidedAt(fact, before, now),
        };
        const isKnown = before !== undefined && isDeepStrictEqual(before, dispute);
        if (before?.isBooked || isKnown) return { order, before, debtId: undefined };
        const others = payment.disputes.filter(({ id }) => id !== dispute.id);
        const changed = { ...payment, disputes: [...others, dispute] };
        const part = await planBuilderPart(firestore, transaction, order, {
          payment: changed,
          cause: dispute.id,
          now,
        });
        orderDocument.update(transaction, place, {
          payment: { disputes: changed.disputes, ...part.changes },
          updatedAt: now,
        });
        part.apply();
        return { order: { ...order, payment: part.payment }, before, debtId: part.debtId };
      });
    },
  };
}

/** When we learnt the outcome: the first time that it was this one. */
function decidedAt(
  { outcome }: DisputeFact,
  before: Dispute | undefined,
  now: Date,
): Date | undefined {
  if (before?.outcome === outcome) return before.decidedAt;
  return outcome === "open" ? undefined : now;
}
