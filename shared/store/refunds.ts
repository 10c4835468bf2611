import * as z from "zod/mini";
import { builderShare } from "../domain/money.ts";
import {
  type HoldState,
  isOrderStatus,
  moved,
  type Order,
  type OrderStatus,
  type Payment,
} from "../domain/order.ts";
import type { Database, DocumentReference, Firestore, Transaction } from "../ports/database.ts";
import { debtFields, debtReference } from "./debts.ts";
import { createDocument, parseDocument, stored } from "./document.ts";
import { readableOrder, toOrder } from "./order-document.ts";
import { placesOf, without } from "./reservations.ts";
import { judgeTyped, type NotBegun, withUndone } from "./typed-refunds.ts";

/**
 * Money that went back, or is to. `requested`: decided, Stripe may or may not have made it.
 * `reversal` is what the builder has to give back for it: `planned` until it was taken back, or
 * became a debt.
 */
export interface Refund {
  /** Ours, or Stripe's for one that was made elsewhere. */
  readonly id: string;
  readonly kind: "refund" | "dispute";
  readonly amount: number;
  readonly state: "requested" | "made" | "failed";
  /** Counts Stripe's refusals of a refund that we owe. */
  readonly attempt: number;
  readonly restock: boolean;
  readonly reversal: number;
  readonly reversalState: "none" | "planned" | "done" | "debt";
}

/** A refund that someone asks for. */
export interface RefundRequest {
  readonly id: string;
  readonly orderId: string;
  /** Minor units; everything that is left unless told. */
  readonly amount: number | undefined;
  /** Whether the unit is for sale again. */
  readonly restock: boolean;
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

/** Money that Stripe says has gone back: a refund, or a dispute that was lost. */
export interface MadeRefund {
  readonly id: string;
  readonly kind: Refund["kind"];
  readonly amount: number;
  /** What the builder gave back for it already, in Stripe's dashboard. */
  readonly reversed: number;
  /** What of the fee was given to the builder there, by all refunds of the charge together. */
  readonly feeReturned: number;
}

const refundDocument = z.object({
  kind: z.enum(["refund", "dispute"]),
  amount: z.int(),
  state: z.enum(["requested", "made", "failed"]),
  attempt: stored(z.int()),
  restock: stored(z.boolean()),
  reversal: z.int(),
  reversal_state: z.enum(["none", "planned", "done", "debt"]),
});

/** A sweep takes so many at a time. */
const MAX_LISTED = 100;
/** Held money that a refund of everything sends back. */
const WAITING: ReadonlySet<HoldState | undefined> = new Set(["held", "ended"] as const);

export type Refunds = ReturnType<typeof createRefunds>;

/** Refunds: `orders/<id>/refunds`, one document each, and their sums in the order. */
export function createRefunds(database: Database) {
  return {
    async get(orderId: string, id: string): Promise<Refund | undefined> {
      const place = placeOf(await database(), orderId, id);
      const snapshot = await place.get();
      return snapshot.exists ? toRefund(place, snapshot.data()) : undefined;
    },

    /** Orders with refunds that were not done to the end, at most 100. */
    async unfinished(): Promise<{ orderId: string; refundIds: readonly string[] }[]> {
      const found = await (await database())
        .collection("orders")
        .where("has_open_refunds", "==", true)
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readableOrder).map(({ id, payment }) => ({
        orderId: id,
        refundIds: payment?.openRefunds ?? [],
      }));
    },

    /**
     * Decides a refund, once for each id, so that all of them never exceed what was paid. What somebody
     * typed is remembered with the order: of identical commands only the newest counts, and one that an
     * older one has done is not done again. The deadline is checked here, so that an instance that stood
     * still after its own checks cannot refund late.
     */
    async begin(request: RefundRequest): Promise<RefundDecision> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(request.orderId);
      const refundPlace = placeOf(firestore, request.orderId, request.id);
      return firestore.runTransaction(async (transaction): Promise<RefundDecision> => {
        const snapshot = await transaction.get(place);
        const order = toOrder(snapshot);
        const known = await transaction.get(refundPlace);
        if (known.exists) {
          return { outcome: "refund", order, refund: toRefund(refundPlace, known.data()) };
        }
        const { payment } = order;
        const now = request.now();
        const typed = request.deadline && judgeTyped({ ...request, now }, snapshot);
        const refuse = (decision: RefundDecision): RefundDecision => {
          if (typed) transaction.update(place, { ...typed.remember(false) });
          return decision;
        };
        if (typed?.refusal) return refuse(typed.refusal);
        if (!payment?.chargeId) return refuse({ outcome: "unpaid", order });
        if (payment.dispute?.outcome === "open") return refuse({ outcome: "disputed", order });
        if (payment.hold === "releasing") return refuse({ outcome: "releasing" });
        const left = payment.amount - payment.refundRequested;
        const amount = request.amount ?? left;
        if (amount > left || left === 0) return refuse({ outcome: "too-much", order, left });
        if (typed?.repeated) return refuse(typed.repeated);
        const { id, restock } = request;
        const refund: Refund = {
          ...{ id, kind: "refund", amount, state: "requested", attempt: 1, restock },
          ...{ reversal: 0, reversalState: "none" },
        };
        createDocument(transaction, refundPlace, { ...fieldsOf(refund), created_at: now });
        transaction.update(place, {
          refund_requested: payment.refundRequested + amount,
          ...withOpen(payment, id),
          ...typed?.remember(true),
          updated_at: now,
        });
        return { outcome: "refund", order, refund };
      });
    },

    /** Books money that has gone back, once for each id, and plans what the builder gives back. */
    async made(
      orderId: string,
      made: MadeRefund,
      now: Date,
    ): Promise<{ order: Order; refund: Refund }> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      const refundPlace = placeOf(firestore, orderId, made.id);
      return firestore.runTransaction(async (transaction) => {
        const order = toOrder(await transaction.get(place));
        const known = await transaction.get(refundPlace);
        const before = known.exists ? toRefund(refundPlace, known.data()) : undefined;
        const { payment } = order;
        if (!payment) throw new Error(`Order ${orderId} was not paid here.`);
        if (before && before.state === "made") return { order, refund: before };

        // A dispute may name more than refunds have left of the charge.
        const amount = Math.min(made.amount, payment.amount - payment.refunded);
        const refunded = payment.refunded + amount;
        const isAsked = before?.state === "requested";
        const refundRequested = payment.refundRequested + (isAsked ? 0 : amount);
        const { transfer } = payment;
        const takenBackInDashboard = (transfer?.takenBack ?? 0) + made.reversed;
        const shareLeft = builderShare({ ...payment, refunded });
        const feeReturned = Math.max(transfer?.feeReturned ?? 0, made.feeReturned);
        const has = (transfer?.gross ?? 0) + feeReturned - takenBackInDashboard;
        const reversal = transfer ? Math.max(0, has - shareLeft) : 0;
        const refund: Refund = {
          ...{ id: made.id, kind: made.kind, amount, state: "made" },
          attempt: before?.attempt ?? 1,
          restock: before?.restock ?? false,
          reversal,
          reversalState: reversal > 0 ? "planned" : "none",
        };
        const isAll = refunded >= payment.amount;
        const status = isAll ? finalStatus(order, made.kind) : order.fulfillmentStatus;
        const unit = isAll && refund.restock && (await freeUnit(firestore, transaction, order));
        const fields = { ...fieldsOf(refund), created_at: now };
        if (known.exists) transaction.update(refundPlace, fields);
        else createDocument(transaction, refundPlace, fields);
        transaction.update(place, {
          refunded,
          refund_requested: refundRequested,
          fulfillment_status: status,
          ...(reversal > 0 ? withOpen(payment, made.id) : withoutOpen(payment, made.id)),
          ...(isAll && WAITING.has(payment.hold) && { hold: "returned" }),
          updated_at: now,
          ...(transfer && {
            "transfer.taken_back": takenBackInDashboard + reversal,
            "transfer.fee_returned": feeReturned,
          }),
        });
        if (unit) unit();
        const after = {
          ...payment,
          ...{ refunded, refundRequested },
          transfer: transfer && {
            ...transfer,
            ...{ feeReturned, takenBack: takenBackInDashboard + reversal },
          },
        };
        return { order: { ...order, fulfillmentStatus: status, payment: after }, refund };
      });
    },

    /** Stripe refused a refund that was decided: its amount may be refunded again. */
    async refused(orderId: string, id: string, now: Date): Promise<void> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      const refundPlace = placeOf(firestore, orderId, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const { payment } = toOrder(snapshot);
        const refund = toRefund(refundPlace, (await transaction.get(refundPlace)).data());
        if (!payment || refund.state !== "requested") return;
        transaction.update(refundPlace, { state: "failed" });
        transaction.update(place, {
          refund_requested: payment.refundRequested - refund.amount,
          ...withoutOpen(payment, id),
          ...withUndone(id, snapshot),
          updated_at: now,
        });
      });
    },

    /** Stripe refused a refund that we owe: the next try is another call to it. */
    async tryAgain(orderId: string, id: string): Promise<void> {
      const firestore = await database();
      const place = placeOf(firestore, orderId, id);
      await firestore.runTransaction(async (transaction) => {
        const { attempt, state } = toRefund(place, (await transaction.get(place)).data());
        if (state === "requested") transaction.update(place, { attempt: attempt + 1 });
      });
    },

    /**
     * The builder's part of a refund came back as far as it could be taken; the rest they owe from now
     * on. The first to say so decides.
     */
    async reversed(order: Order, { id }: Refund, taken: number, now: Date): Promise<Refund> {
      const firestore = await database();
      const place = placeOf(firestore, order.id, id);
      const debt = debtReference(firestore, order.builderId, `${order.id}.${id}`);
      const orderPlace = firestore.collection("orders").doc(order.id);
      return firestore.runTransaction(async (transaction) => {
        const { payment } = toOrder(await transaction.get(orderPlace));
        const refund = toRefund(place, (await transaction.get(place)).data());
        if (refund.reversalState !== "planned" || !payment) return refund;
        const owed = refund.reversal - taken;
        const reversalState = owed > 0 ? "debt" : "done";
        if (owed > 0) createDocument(transaction, debt, debtFields(owed, payment.currency, now));
        transaction.update(place, { reversal_state: reversalState });
        transaction.update(orderPlace, withoutOpen(payment, id));
        return { ...refund, reversalState };
      });
    },
  };
}

function placeOf(firestore: Firestore, orderId: string, id: string): DocumentReference {
  return firestore.collection("orders").doc(orderId).collection("refunds").doc(id);
}

function toRefund(place: DocumentReference, data: unknown): Refund {
  const fields = parseDocument(place.path, refundDocument, data);
  return {
    id: place.id,
    kind: fields.kind,
    amount: fields.amount,
    state: fields.state,
    attempt: fields.attempt ?? 1,
    restock: fields.restock ?? false,
    reversal: fields.reversal,
    reversalState: fields.reversal_state,
  };
}

function fieldsOf(refund: Refund) {
  return {
    kind: refund.kind,
    amount: refund.amount,
    state: refund.state,
    attempt: refund.attempt,
    restock: refund.restock,
    reversal: refund.reversal,
    reversal_state: refund.reversalState,
  };
}

function withOpen({ openRefunds }: Payment, id: string) {
  return { open_refunds: [...new Set([...openRefunds, id])], has_open_refunds: true };
}

function withoutOpen({ openRefunds }: Payment, id: string) {
  const open_refunds = openRefunds.filter((open) => open !== id);
  return { open_refunds, has_open_refunds: open_refunds.length > 0 };
}

/** Where a wholly refunded order ends. One that is there already stays. */
function finalStatus(order: Order, kind: Refund["kind"]): string {
  const status = order.fulfillmentStatus;
  const to: OrderStatus = kind === "dispute" ? "charged_back" : "refunded";
  const isFinal = status === "refunded" || status === "charged_back";
  return isFinal || !isOrderStatus(status) ? status : moved(order, to);
}

/** Frees the unit of a sold order. Reads at once; what it gives writes. */
async function freeUnit(firestore: Firestore, transaction: Transaction, order: Order) {
  const places = placesOf(firestore, order);
  if (!places || !order.payment?.paidAt) return undefined;
  const buyer = await transaction.get(places.buyer);
  return () => {
    transaction.update(places.unit, { state: "free", order_id: null });
    transaction.update(places.buyer, { order_ids: without(buyer, order.id) });
  };
}
