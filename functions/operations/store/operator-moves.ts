import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import type { OperatorMove } from "../../shop/domain/order.ts";

const readMoves = orderDocument.part("operatorMoves");

/** What operators have moved by hand, stored with the orders. */
export function createOperatorMoves(database: Database) {
  async function change(
    orderId: string,
    decide: (before: readonly OperatorMove[]) => readonly OperatorMove[],
  ): Promise<boolean> {
    const firestore = await database();
    const place = orderDocument.place(firestore, orderId);
    return firestore.runTransaction(async (transaction) => {
      const { operatorMoves: before = [] } = readMoves(await transaction.get(place));
      const after = decide(before);
      const isChange = after.length !== before.length;
      if (isChange) orderDocument.update(transaction, place, { operatorMoves: after });
      return isChange;
    });
  }

  return {
    /**
     * Stores a move with its reason, and returns whether it is new. Idempotent: the same move for the same reason is
     * stored once.
     */
    note: (orderId: string, move: OperatorMove): Promise<boolean> =>
      change(orderId, (before) =>
        before.some((other) => isSame(other, move)) ? before : [...before, move],
      ),

    /** Forgets a move that was not made. */
    forget: (orderId: string, move: OperatorMove): Promise<boolean> =>
      change(orderId, (before) => before.filter((other) => !isSame(other, move))),
  };
}

function isSame(one: OperatorMove, other: OperatorMove): boolean {
  return one.what === other.what && one.reason === other.reason;
}
