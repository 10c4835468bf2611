import type { Database, Firestore, Transaction } from "../../../../shared/ports/database.ts";
import { setDeadlines } from "../../../shipping/store/deadlines.ts";
import { planLeaving } from "../../../shipping/store/parcels.ts";
import { dropBuyerDocument } from "../../documents/drop-buyer.ts";
import { orderDocument } from "../../documents/order.ts";
import { refundDocument } from "../../documents/refund.ts";
import { isContested } from "../../domain/builder-part.ts";
import type { Order } from "../../domain/order.ts";
import { type RefundedPart, refundable, shippingIn } from "../../domain/order-parts.ts";
import { bookRefund, type MadeRefund, type Refund } from "../../domain/refund.ts";
import { planBuilderPart } from "../builder-part.ts";
import { placesOf, without } from "../reservations.ts";
import { debtId } from "./debt-document.ts";
import { createRefundLists } from "./refund-lists.ts";
import { judgeTyped, type NotBegun, withUndone } from "./typed-refunds.ts";

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
  /** After this moment it is not begun any more: somebody typed it. Undefined for what we owe. */
  readonly deadline?: Date | undefined;
  readonly now: () => Date;
}

/** The refund that is to be made, or why there is none. */
export type RefundDecision =
  | { readonly outcome: "refund"; readonly order: Order; readonly refund: Refund }
  | { readonly outcome: "too-much"; readonly order: Order; readonly left: number }
  | { readonly outcome: "unpaid" | "disputed"; readonly order: Order }
  | NotBegun
  | { readonly outcome: "releasing" };

/** A refund that is booked, and the id of what the builder owes for it, if they do. */
export interface BookedRefund {
  readonly order: Order;
  readonly refund: Refund;
  readonly debtId: string;
}

export type Refunds = ReturnType<typeof createRefunds>;

/** Refunds: `orders/<id>/refunds`, one document each, and their sums in the order. */
export function createRefunds(database: Database) {
  return {
    ...createRefundLists(database),

    /**
     * Decides a refund, once per id, so that all refunds together never exceed the payment. The order stores typed
     * commands: of identical commands only the newest counts, and one that repeats a completed command is not run
     * again. The deadline is checked inside the transaction, so that an instance that was paused after its own
     * checks cannot refund late.
     */
    async begin(request: RefundRequest): Promise<RefundDecision> {
      const firestore = await database();
      const place = orderDocument.place(firestore, request.orderId);
      const refundPlace = refundDocument.place(firestore, request.orderId, request.id);
      return firestore.runTransaction(async (transaction): Promise<RefundDecision> => {
        const snapshot = await transaction.get(place);
        const order = orderDocument.read(snapshot);
        const known = await transaction.get(refundPlace);
        if (known.exists) {
          return { outcome: "refund", order, refund: refundDocument.read(known) };
        }
        const { payment } = order;
        const now = request.now();
        const typed = request.deadline && judgeTyped({ ...request, now }, snapshot);
        const refuse = (decision: RefundDecision): RefundDecision => {
          if (typed) orderDocument.update(transaction, place, typed.remember(false));
          return decision;
        };
        if (typed?.refusal) return refuse(typed.refusal);
        if (!payment?.chargeId) return refuse({ outcome: "unpaid", order });
        if (isContested(payment)) return refuse({ outcome: "disputed", order });
        if (payment.hold === "releasing") return refuse({ outcome: "releasing" });
        const part = request.part ?? "order";
        const leftInAll = payment.amount - payment.refundRequested;
        const left = refundable(payment, leftInAll, part);
        const amount = request.amount ?? left;
        if (amount > left || left === 0) return refuse({ outcome: "too-much", order, left });
        const shipping = shippingIn(payment, leftInAll, { amount, part });
        if (typed?.repeated) return refuse(typed.repeated);
        const { id, restock, isOwed, isLimited } = request;
        const refund: Refund = {
          id,
          kind: "refund",
          amount,
          shipping,
          state: "requested",
          attempt: 1,
          restock,
          isOwed,
          isLimited,
        };
        const requested = {
          ...payment,
          refundRequested: payment.refundRequested + amount,
          refundRequestedShipping: payment.refundRequestedShipping + shipping,
          openRefunds: [...payment.openRefunds, id],
        };
        const plan = await planBuilderPart(firestore, transaction, order, {
          payment: requested,
          cause: id,
          now,
        });
        refundDocument.create(transaction, refundPlace, { ...refund, createdAt: now });
        const { refundRequested, refundRequestedShipping, openRefunds } = requested;
        orderDocument.update(transaction, place, {
          payment: { refundRequested, refundRequestedShipping, openRefunds, ...plan.changes },
          hasOpenRefunds: true,
          ...typed?.remember(true),
          updatedAt: now,
        });
        plan.apply();
        return { outcome: "refund", order: { ...order, payment: plan.payment }, refund };
      });
    },

    /** Books money that has gone back, once for each id, and what the builder owes for it. */
    async made(orderId: string, made: MadeRefund, now: Date): Promise<BookedRefund> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      const refundPlace = refundDocument.place(firestore, orderId, made.id);
      return firestore.runTransaction(async (transaction): Promise<BookedRefund> => {
        const order = orderDocument.read(await transaction.get(place));
        const known = await transaction.get(refundPlace);
        const before = known.exists ? refundDocument.read(known) : undefined;
        const { payment } = order;
        if (!payment) throw new Error(`Order ${orderId} was not paid here.`);
        const { paidOutside } = made;
        if (before?.state === "made" || (before?.state === "closed" && paidOutside)) {
          return { order, refund: before, debtId: debtId(orderId, made.id) };
        }
        const others = await openOf(firestore, transaction, order, made.id);
        const { refund, cuts, changed, status, restock, isWhole, isLeaving } = bookRefund(
          { order, payment, before, others },
          made,
        );
        const leave = isLeaving
          ? await leavingBuyer(firestore, transaction, order, restock)
          : undefined;
        const { parcel } = order;
        const unpack =
          isWhole && parcel?.state === "open"
            ? await planLeaving(firestore, transaction, { parcelId: parcel.id, orderId }, now)
            : undefined;
        const part = await planBuilderPart(firestore, transaction, order, {
          payment: changed,
          cause: made.id,
          now,
        });
        const why = paidOutside && closedFields(paidOutside.reason, now);
        const fields = { ...refund, createdAt: now, ...why };
        if (known.exists) refundDocument.update(transaction, refundPlace, fields);
        else refundDocument.create(transaction, refundPlace, fields);
        for (const cut of cuts) {
          refundDocument.update(transaction, refundDocument.place(firestore, orderId, cut.id), cut);
        }
        const { refunded, refundRequested, openRefunds, disputes, hold } = changed;
        const { refundRequestedShipping } = changed;
        orderDocument.update(transaction, place, {
          payment: {
            refunded,
            refundRequested,
            refundRequestedShipping,
            openRefunds,
            disputes,
            ...(hold !== payment.hold && { hold }),
            ...part.changes,
          },
          hasOpenRefunds: openRefunds.length > 0,
          fulfillmentStatus: status,
          ...(parcel && unpack && { parcel: { ...parcel, state: "canceled" as const } }),
          updatedAt: now,
        });
        unpack?.();
        // What was sent may have been reported: its case is over.
        if (isWhole && parcel && !unpack) {
          const due = {
            kind: "case-refunded",
            subjectId: orderId,
            version: 1,
            dueAt: now,
          } as const;
          setDeadlines(firestore, transaction, [due]);
        }
        leave?.();
        part.apply();
        const after = { ...order, fulfillmentStatus: status, payment: part.payment };
        return { order: after, refund, debtId: debtId(orderId, made.id) };
      });
    },

    /**
     * Books that Stripe refused a refund: its amount can be refunded again, and the builder gets back what was
     * collected for it. Returns true if that needs a transfer.
     */
    async refused(orderId: string, id: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      const refundPlace = refundDocument.place(firestore, orderId, id);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const order = orderDocument.read(snapshot);
        const { payment } = order;
        const refund = refundDocument.read(await transaction.get(refundPlace));
        if (!payment || refund.state !== "requested") return false;
        const left = {
          ...payment,
          refundRequested: payment.refundRequested - refund.amount,
          refundRequestedShipping: payment.refundRequestedShipping - refund.shipping,
          openRefunds: payment.openRefunds.filter((open) => open !== id),
        };
        const part = await planBuilderPart(firestore, transaction, order, {
          payment: left,
          cause: id,
          now,
        });
        refundDocument.update(transaction, refundPlace, { state: "failed" });
        const { refundRequested, refundRequestedShipping, openRefunds } = left;
        orderDocument.update(transaction, place, {
          payment: { refundRequested, refundRequestedShipping, openRefunds, ...part.changes },
          hasOpenRefunds: openRefunds.length > 0,
          ...withUndone(id, snapshot),
          updatedAt: now,
        });
        part.apply();
        return part.payment.hold === "held";
      });
    },

    /**
     * Prepares the next try of an owed refund that Stripe refused, with a new attempt number and at most `left`,
     * the amount that Stripe says is left. If nothing is left, the refund is closed; `reason` is set if staff
     * closed it. Returns the refund after the change.
     */
    async aim(
      orderId: string,
      id: string,
      left: number,
      now: Date,
      reason?: string,
    ): Promise<Refund> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      const refundPlace = refundDocument.place(firestore, orderId, id);
      return firestore.runTransaction(async (transaction) => {
        const { payment } = orderDocument.read(await transaction.get(place));
        const refund = refundDocument.read(await transaction.get(refundPlace));
        if (!payment || refund.state !== "requested") return refund;
        const amount = Math.min(refund.amount, left);
        const state = amount === 0 ? "closed" : "requested";
        const shipping = Math.min(refund.shipping, amount);
        const attempt = refund.attempt + 1;
        const after: Refund = { ...refund, amount, shipping, state, attempt };
        const why = reason === undefined ? {} : closedFields(reason, now);
        refundDocument.update(transaction, refundPlace, { ...after, ...why });
        const openRefunds = payment.openRefunds.filter((open) => open !== id || amount > 0);
        const refundRequested = payment.refundRequested - refund.amount + amount;
        const refundRequestedShipping =
          payment.refundRequestedShipping - refund.shipping + shipping;
        orderDocument.update(transaction, place, {
          payment: { refundRequested, refundRequestedShipping, openRefunds },
          hasOpenRefunds: openRefunds.length > 0,
          updatedAt: now,
        });
        return after;
      });
    },
  };
}

/** What other refunds of an order have not made yet. */
async function openOf(
  firestore: Firestore,
  transaction: Transaction,
  { id: orderId, payment }: Order,
  except: string,
): Promise<Refund[]> {
  const refunds: Refund[] = [];
  for (const id of payment?.openRefunds ?? []) {
    if (id === except) continue;
    const place = refundDocument.place(firestore, orderId, id);
    refunds.push(refundDocument.read(await transaction.get(place)));
  }
  return refunds.filter(({ state }) => state === "requested");
}

/** Why staff closed a refund, for the record. */
function closedFields(reason: string, now: Date) {
  return { closedReason: reason, closedAt: now };
}

/**
 * Plans the end of a fully refunded purchase: its units no longer count towards the buyer's limit, and all of them are
 * for sale again if `restock` is set. Reads immediately; the returned function writes.
 */
async function leavingBuyer(
  firestore: Firestore,
  transaction: Transaction,
  order: Order,
  restock: boolean,
): Promise<(() => void) | undefined> {
  const places = placesOf(firestore, order);
  if (!places || !order.payment?.paidAt) return undefined;
  const buyer = await transaction.get(places.buyer);
  return () => {
    if (restock) places.free(transaction);
    const orderIds = without(buyer, order.id);
    dropBuyerDocument.update(transaction, places.buyer, { orderIds });
  };
}
