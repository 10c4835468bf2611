import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { refundDocument } from "../../documents/refund.ts";
import { isContested } from "../../domain/builder-part.ts";
import type { Order } from "../../domain/order.ts";
import type { RefundedPart } from "../../domain/order-parts.ts";
import type { Refund } from "../../domain/refund.ts";
import { sizeRefund, withRefund } from "../../domain/refund-requests.ts";
import { planBuilderPart } from "../builder-part.ts";
import { openOf } from "./made-refund.ts";
import { judgeTyped, type NotBegun } from "./typed-refunds.ts";

/** A refund that someone asks for. */
export interface RefundRequest {
  readonly id: string;
  readonly orderId: string;
  /** Minor units; by default everything that is left of the part. */
  readonly amount: number | undefined;
  /** What is refunded; items before shipping unless given. */
  readonly part?: RefundedPart | undefined;
  /** Whether the unit is for sale again. */
  readonly restock: boolean;
  readonly isOwed: boolean;
  readonly isLimited: boolean;
  /** The caller asks again while a bank disputes the payment. */
  readonly isAskedAgain?: boolean;
  /** After this moment it is not begun any more: somebody typed it. Undefined for what we owe. */
  readonly deadline?: Date | undefined;
  readonly now: () => Date;
}

/**
 * The refund that is to be made, or why there is none. `releasing`: the order's money is being transferred.
 * `refunding`: it would be all that is left, and a refund that somebody requested may still fail and leave more.
 */
export type RefundDecision =
  | { readonly outcome: "refund"; readonly order: Order; readonly refund: Refund }
  | { readonly outcome: "too-much"; readonly order: Order; readonly left: number }
  | { readonly outcome: "unpaid" | "disputed"; readonly order: Order }
  | NotBegun
  | { readonly outcome: "releasing" }
  | { readonly outcome: "refunding" };

/**
 * Decides a refund, once per id, so that all refunds together never exceed the payment. The order stores typed
 * commands: of identical commands only the newest counts, and one that repeats a completed command is not run
 * again. The deadline is checked inside the transaction, so that an instance that was paused after its own
 * checks cannot refund late.
 */
export async function beginRefund(
  database: Database,
  request: RefundRequest,
): Promise<RefundDecision> {
  const firestore = await database();
  const place = orderDocument.place(firestore, request.orderId);
  const refundPlace = refundDocument.place(firestore, request.orderId, request.id);
  return firestore.runTransaction(async (transaction): Promise<RefundDecision> => {
    const snapshot = await transaction.get(place);
    const order = orderDocument.read(snapshot);
    const known = await transaction.get(refundPlace);
    if (known.exists) return { outcome: "refund", order, refund: refundDocument.read(known) };
    const { payment } = order;
    const now = request.now();
    const typed = request.deadline && judgeTyped({ ...request, now }, snapshot);
    const refuse = (decision: RefundDecision): RefundDecision => {
      if (typed) orderDocument.update(transaction, place, typed.remember(false));
      return decision;
    };
    if (typed?.refusal) return refuse(typed.refusal);
    if (!payment?.chargeId) return refuse({ outcome: "unpaid", order });
    if (isContested(payment)) {
      const isNew = request.isAskedAgain && !payment.isOwedBack;
      if (isNew) orderDocument.update(transaction, place, { payment: { isOwedBack: true } });
      return refuse({ outcome: "disputed", order });
    }
    if (payment.hold === "releasing") return refuse({ outcome: "releasing" });
    if (request.isOwed && request.amount === undefined) {
      const others = await openOf(firestore, transaction, order, request.id);
      if (others.some(({ isOwed }) => !isOwed)) return { outcome: "refunding" };
    }
    const { left, amount, shipping } = sizeRefund(payment, request);
    if (amount > left || left === 0) return refuse({ outcome: "too-much", order, left });
    if (typed?.repeated) return refuse(typed.repeated);
    const refund = toRefund(request, { amount, shipping });
    const sums = withRefund(payment, refund);
    const plan = await planBuilderPart(firestore, transaction, order, {
      payment: { ...payment, ...sums },
      cause: refund.id,
      now,
    });
    refundDocument.create(transaction, refundPlace, { ...refund, createdAt: now });
    orderDocument.update(transaction, place, {
      payment: { ...sums, ...plan.changes },
      hasOpenRefunds: true,
      ...typed?.remember(true),
      updatedAt: now,
    });
    plan.apply();
    return { outcome: "refund", order: { ...order, payment: plan.payment }, refund };
  });
}

function toRefund(
  { id, restock, isOwed, isLimited }: RefundRequest,
  size: Pick<Refund, "amount" | "shipping">,
): Refund {
  return {
    id,
    kind: "refund",
    ...size,
    state: "requested",
    attempt: 1,
    restock,
    isOwed,
    isLimited,
  };
}
