import { isDeepStrictEqual } from "node:util";
import { isUnchanged } from "../../../shared/documents/unchanged.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";
import type { Dispute, Order } from "../domain/order.ts";
import { heldAfterDispute } from "../money/hold-steps.ts";
import { planBuilderPart } from "./builder-part.ts";

/** The outcome of recording a dispute's state. */
export interface RecordedDispute<Fact extends DisputeFact = DisputeFact> {
  readonly order: Order;
  /** The state that was recorded. */
  readonly fact: Fact;
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
     * Stores the state of an order's dispute, which `read` gets from Stripe. The builder owes their part of what the
     * bank has taken, and gets back their part of what it has returned. Once it is decided, held money without a proof
     * stays held for long enough to warn both sides. A lost dispute that is booked does not change.
     * If another run changes the order between reading and writing, the state is read again: a run that stalls does not
     * store an old state over a newer one.
     */
    async record<Fact extends DisputeFact>(
      orderId: string,
      read: () => Promise<Fact>,
      now: Date,
    ): Promise<RecordedDispute<Fact>> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      for (;;) {
        const seen = await place.get();
        const fact = await read();
        const recorded = await firestore.runTransaction(async (transaction) => {
          const snapshot = await transaction.get(place);
          if (!isUnchanged(seen, snapshot)) return undefined;
          return store(firestore, transaction, orderDocument.read(snapshot), fact, now);
        });
        if (recorded) return { ...recorded, fact };
      }
    },
  };
}

async function store(
  firestore: Firestore,
  transaction: Transaction,
  order: Order,
  { id, amount, withdrawn, fee, isInquiry, outcome, openedAt }: DisputeFact,
  now: Date,
): Promise<Omit<RecordedDispute, "fact">> {
  const { payment } = order;
  if (!payment) return { order, before: undefined, debtId: undefined };
  const before = payment.disputes.find((each) => each.id === id);
  const dispute = {
    id,
    amount,
    withdrawn,
    fee,
    isInquiry,
    outcome,
    isBooked: before?.isBooked ?? false,
    openedAt: openedAt ?? before?.openedAt,
    decidedAt: decidedAt({ outcome }, before, now),
  };
  const isKnown = before !== undefined && isDeepStrictEqual(before, dispute);
  if (before?.isBooked || isKnown) return { order, before, debtId: undefined };
  const others = payment.disputes.filter((each) => each.id !== id);
  const isOver = outcome !== "open" && before?.outcome !== outcome;
  const heldUntil = isOver ? heldAfterDispute({ ...order, payment }, now) : undefined;
  const changed = {
    ...payment,
    disputes: [...others, dispute],
    ...(heldUntil && { heldUntil }),
  };
  const part = await planBuilderPart(firestore, transaction, order, {
    payment: changed,
    cause: id,
    now,
  });
  orderDocument.update(transaction, orderDocument.place(firestore, order.id), {
    payment: { disputes: changed.disputes, ...(heldUntil && { heldUntil }), ...part.changes },
    ...(heldUntil && { holdEndsAt: heldUntil }),
    updatedAt: now,
  });
  part.apply();
  return { order: { ...order, payment: part.payment }, before, debtId: part.debtId };
}

/** When we learnt the outcome: the first time that it was this one. */
function decidedAt(
  { outcome }: Pick<DisputeFact, "outcome">,
  before: Dispute | undefined,
  now: Date,
): Date | undefined {
  if (before?.outcome === outcome) return before.decidedAt;
  return outcome === "open" ? undefined : now;
}
