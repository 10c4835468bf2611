import * as z from "zod/mini";
import { isId } from "../../../../shared/documents/outside-id.ts";
import { type OrderMoment, timelineOf } from "../../../fulfilment/domain/timeline.ts";
import type { OrderView } from "../../../fulfilment/store/order-views.ts";
import type { Parcel } from "../../../shipping/domain/parcel.ts";
import { builderPart } from "../../../shop/domain/builder-part.ts";
import type { Order } from "../../../shop/domain/order.ts";
import { partsOf } from "../../../shop/domain/order-parts.ts";
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
  "dispute-lost",
  "dispute-won",
  "cancellation-requested",
  "cancellation-declined",
  "canceled",
  "parcel-late",
  "wait-requested",
  "case-opened",
  "case-answered",
  "case-escalated",
  "case-settled",
  "case-withdrawn",
  "moved-by-operator",
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
    { orderViews, refunds, clock }: Pick<Deps, "orderViews" | "refunds" | "clock">,
  ) => {
    const view = isId(input.order_id) ? await orderViews.get(input.order_id) : undefined;
    if (!view) return { refusal: "not-found", error: "There is no such order." };
    const { order: found, parcel } = view;
    const listed = await refunds.ofOrder(found.id);
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
        timeline: timelineFrom(view, clock.now()),
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

/** What is known to have happened, oldest first. */
function timelineFrom(view: OrderView, now: Date) {
  const { parcel } = view;
  const opened = parcel ? [{ at: parcel.openedAt, what: "parcel-opened" as const }] : [];
  const moments = timelineOf(view, now).map((moment) => ({ at: moment.at, what: wordOf(moment) }));
  return [...moments, ...opened]
    .sort((one, other) => secondOf(one.at) - secondOf(other.at))
    .map(({ at, what }) => ({ at: written(at), what }));
}

/** Stripe dates payments in whole seconds: of the same second the timeline's own order counts. */
function secondOf(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

function wordOf(moment: OrderMoment): (typeof EVENTS)[number] {
  if (moment.what !== "refund") return words[moment.what];
  return moment.refund.kind === "refund" ? "refund-requested" : "dispute-lost";
}

const words = {
  reserved: "reserved",
  paid: "paid",
  built: "on-workbench",
  "cancel-asked": "cancellation-requested",
  "cancel-declined": "cancellation-declined",
  canceled: "canceled",
  late: "parcel-late",
  waiting: "wait-requested",
  sent: "parcel-sent",
  arrived: "parcel-arrived",
  reported: "case-opened",
  answered: "case-answered",
  escalated: "case-escalated",
  settled: "case-settled",
  withdrawn: "case-withdrawn",
  disputed: "disputed",
  "dispute-won": "dispute-won",
  moved: "moved-by-operator",
} as const;
