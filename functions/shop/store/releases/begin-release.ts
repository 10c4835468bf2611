import type { Database } from "../../../../shared/ports/database.ts";
import { isApproved } from "../../../members/domain/standing.ts";
import { standingIn } from "../../../members/store/standing.ts";
import { orderDocument } from "../../documents/order.ts";
import { builderPart, givenTo, openDisputes } from "../../domain/builder-part.ts";
import { type BuilderTransfer, OPEN_STATUSES, type Order } from "../../domain/order.ts";
import { planNetting, reversedDebtOf } from "../refunds/debt-plans.ts";

/**
 * The outcome of requesting a release. `release`: the transfer is decided and must be made. `unproved`: there is no
 * verified stream yet. `frozen`: a dispute is open. `refunding`: a refund is under way, or a lost dispute is not booked
 * yet, so request it again later. `reversing`: a reversal for one of the order's debts has no outcome yet, so finish it
 * first. `not-approved`: the team has not approved the builder, or has suspended them. `no-account`: no account can
 * receive the transfer. `over`: no money is held.
 */
export interface ReleaseDecision {
  readonly outcome:
    | "release"
    | "unproved"
    | "frozen"
    | "refunding"
    | "reversing"
    | "not-approved"
    | "no-account"
    | "over";
  readonly order: Order;
  /** The debt whose reversal has no outcome yet. */
  readonly reversedDebt?: string;
}

const WORKED_ON: ReadonlySet<string> = new Set([...OPEN_STATUSES, "shipped", "delivered"]);

const NOTHING_GIVEN: BuilderTransfer = {
  ids: [],
  gross: 0,
  netted: 0,
  takenBack: 0,
  sending: undefined,
};

/**
 * Decides a transfer to an account, once: its amount, and how much of it is withheld for debts. A transfer that
 * was decided earlier is returned unchanged.
 */
export async function beginRelease(
  database: Database,
  orderId: string,
  accountId: string | undefined,
  now: Date,
): Promise<ReleaseDecision> {
  const firestore = await database();
  const place = orderDocument.place(firestore, orderId);
  return firestore.runTransaction(async (transaction): Promise<ReleaseDecision> => {
    const order = orderDocument.read(await transaction.get(place));
    const { payment } = order;
    if (payment?.hold === "releasing") return { outcome: "release", order };
    if (payment?.hold !== "held") return { outcome: "over", order };
    const isDue = order.proof !== undefined || payment.plan === "split";
    if (!isDue || !WORKED_ON.has(order.fulfillmentStatus)) {
      return { outcome: "unproved", order };
    }
    if (openDisputes(payment).length > 0) return { outcome: "frozen", order };
    const isLossOpen = payment.disputes.some(
      ({ outcome, isBooked }) => outcome === "lost" && !isBooked,
    );
    const isRefundOpen = payment.refundRequested !== payment.refunded;
    if (isLossOpen || isRefundOpen) return { outcome: "refunding", order };
    const builder = firestore.collection("builders").doc(order.builderId);
    if (!isApproved(await standingIn(transaction, builder))) {
      return { outcome: "not-approved", order };
    }
    if (accountId === undefined) return { outcome: "no-account", order };
    // Made again, it would look for its first call among all of the order's transfers, and take from a newer one.
    const reversedDebt = await reversedDebtOf(firestore, transaction, order);
    if (reversedDebt !== undefined) return { outcome: "reversing", order, reversedDebt };
    const gross = builderPart(payment) - givenTo(payment);
    const { netted, nettedDebts, apply } = await planNetting(firestore, transaction, {
      builderId: order.builderId,
      currency: payment.currency,
      most: gross,
    });
    const before = payment.transfer ?? NOTHING_GIVEN;
    const transfer = {
      ...before,
      gross: before.gross + gross,
      netted: before.netted + netted,
      sending: { accountId, gross, netted, nettedDebts },
    };
    const changes = { hold: "releasing", transfer } as const;
    orderDocument.update(transaction, place, { payment: changes, updatedAt: now });
    apply();
    const releasing = { ...payment, hold: "releasing" as const, transfer };
    return { outcome: "release", order: { ...order, payment: releasing } };
  });
}
