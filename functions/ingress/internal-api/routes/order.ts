import * as z from "zod/mini";
import { isId } from "../../../../shared/documents/outside-id.ts";
import type { Parcel } from "../../../shipping/domain/parcel.ts";
import { builderPart } from "../../../shop/domain/builder-part.ts";
import type { Order } from "../../../shop/domain/order.ts";
import { partsOf } from "../../../shop/domain/order-parts.ts";
import type { ListedRefund } from "../../../shop/store/refunds.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute } from "../define-route.ts";
import { currency, id, money, time, written, writtenOrNull } from "../fields.ts";
import { orderView, viewOfOrder } from "../order-view.ts";

const EVENTS = [
  "reserved",
  "paid",
  "on-workbench",
  "parcel-opened",
  "parcel-sent",
  "parcel-arrived",
  "refund-requested",
  "disputed",
] as const;

/** Reads one order. It only reads, and shows neither an address nor Stripe's ids. */
export const order = defineRoute({
  method: "GET",
  path: "/api/internal/order",
  operationId: "readOrder",
  does: "One order: its money by parts, its parcel, its refunds and what has happened so far.",
  input: z.object({ order_id: id("The order") }),
  answer: z.object({
    ...orderView.shape,
    money: z.nullable(
      z.object({
        currency,
        total: money,
        items: money,
        shipping: money,
        tax: money,
        fee: money,
        builder_part: money,
        refund_requested: money,
        refunded: money,
        payment_plan: z.enum(["split", "held"]),
        hold: z.nullable(z.enum(["held", "releasing", "released", "ended", "returned"])),
        held_until: z.nullable(time),
      }),
    ),
    parcel: z.nullable(
      z.object({
        parcel_id: z.string(),
        state: z.enum(["open", "sent", "arrived", "canceled"]),
        order_ids: z.array(z.string()),
        dispatch_by: time,
        carrier: z.nullable(z.string()),
        tracking: z.nullable(z.string()),
      }),
    ),
    refunds: z.array(
      z.object({
        kind: z.enum(["refund", "dispute"]),
        state: z.enum(["requested", "made", "failed", "closed"]),
        amount: money,
        shipping: money,
        since: z.nullable(time),
      }),
    ),
    timeline: z.array(z.object({ at: time, what: z.enum(EVENTS) })),
  }),
  errors: { "not-found": { status: 404, when: "there is no such order" } },
  run: async (
    { input },
    { orders, parcels, refunds }: Pick<Deps, "orders" | "parcels" | "refunds">,
  ) => {
    const found = isId(input.order_id) ? await orders.get(input.order_id) : undefined;
    if (!found) return { refusal: "not-found", error: "There is no such order." };
    const [createdAt, parcel, listed] = await Promise.all([
      orders.createdAt(found.id),
      found.parcel && parcels.get(found.parcel.id),
      refunds.ofOrder(found.id),
    ]);
    return {
      answer: {
        ...viewOfOrder(found),
        money: moneyOf(found),
        parcel: parcelOf(parcel),
        refunds: listed.map(({ kind, state, amount, shipping, since }) => ({
          kind,
          state,
          amount,
          shipping,
          since: writtenOrNull(since),
        })),
        timeline: timelineOf({ order: found, createdAt, parcel, refunds: listed }),
      },
    };
  },
});

function moneyOf({ payment }: Order) {
  if (!payment) return null;
  const { items, shipping } = partsOf(payment);
  return {
    currency: payment.currency,
    total: payment.amount,
    items: items.price,
    shipping: shipping.price,
    tax: payment.tax,
    fee: payment.fee,
    builder_part: builderPart(payment),
    refund_requested: payment.refundRequested,
    refunded: payment.refunded,
    payment_plan: payment.plan,
    hold: payment.hold ?? null,
    held_until: writtenOrNull(payment.heldUntil),
  };
}

function parcelOf(parcel: Parcel | undefined) {
  if (!parcel) return null;
  return {
    parcel_id: parcel.id,
    state: parcel.state,
    order_ids: parcel.lines.map(({ orderId }) => orderId),
    dispatch_by: written(parcel.dispatchBy),
    carrier: parcel.carrier ?? null,
    tracking: parcel.tracking ?? null,
  };
}

/** What an order's timeline is made of. */
interface History {
  readonly order: Order;
  readonly createdAt: Date | undefined;
  readonly parcel: Parcel | undefined;
  readonly refunds: readonly ListedRefund[];
}

/** What is known to have happened, oldest first. */
function timelineOf({ order: { payment, proof }, createdAt, parcel, refunds }: History) {
  const events: { what: (typeof EVENTS)[number]; at: Date | undefined }[] = [
    { what: "reserved", at: payment && createdAt },
    { what: "paid", at: payment?.paidAt },
    { what: "on-workbench", at: proof && new Date(proof.verifiedAtMs) },
    { what: "parcel-opened", at: parcel?.openedAt },
    { what: "parcel-sent", at: parcel?.sentAt },
    { what: "parcel-arrived", at: parcel?.arrivedAt },
    ...refunds.map(({ kind, since }) => ({
      what: kind === "refund" ? ("refund-requested" as const) : ("disputed" as const),
      at: since,
    })),
  ];
  return events
    .flatMap(({ what, at }) => (at ? [{ at, what }] : []))
    .sort((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ at, what }) => ({ at: written(at), what }));
}
