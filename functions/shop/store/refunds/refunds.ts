import type { Database } from "../../../../shared/ports/database.ts";
import type { MadeRefund } from "../../domain/refund.ts";
import { beginRefund, type RefundDecision, type RefundRequest } from "./begin-refund.ts";
import { type BookedRefund, bookMade } from "./made-refund.ts";
import { createRefundLists } from "./refund-lists.ts";
import { createRefusedRefunds } from "./refused-refund.ts";

export type Refunds = ReturnType<typeof createRefunds>;

/** Refunds: `orders/<id>/refunds`, one document each, and their sums in the order. */
export function createRefunds(database: Database) {
  return {
    ...createRefundLists(database),
    ...createRefusedRefunds(database),

    /** Decides a refund, once per id; see `beginRefund`. */
    begin: (request: RefundRequest): Promise<RefundDecision> => beginRefund(database, request),

    /** Books money that has gone back, once for each id, and what the builder owes for it. */
    made: (orderId: string, made: MadeRefund, now: Date): Promise<BookedRefund> =>
      bookMade(database, orderId, made, now),
  };
}
