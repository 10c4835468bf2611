import { type OrderMoment, timelineOf } from "../../../../functions/fulfilment/domain/timeline.ts";
import type { Parcel } from "../../../../functions/shipping/domain/parcel.ts";
import { builderPart } from "../../../../functions/shop/domain/builder-part.ts";
import { orderTitle, type Payment } from "../../../../functions/shop/domain/order.ts";
import { partsOf } from "../../../../functions/shop/domain/order-parts.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, onlyId } from "../../command.ts";
import { orderNamed } from "./arguments.ts";

/** Shows one order: its money by parts, its refunds, its parcel and its timeline. Reads Firestore only. */
export const showOrder = defineCommand({
  name: "orders show",
  usage: "ORDER",
  does: "shows an order: who bought what, its money by parts, its refunds, its parcel and what happened to it",
  options: {},

  async run({ positionals }, context, say) {
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const order = await orderNamed(onlyId(positionals), deps);
    const { payment } = order;
    const [view, refunds] = await Promise.all([
      deps.orderViews.get(order.id),
      deps.refunds.ofOrder(order.id),
    ]);
    say(`Order    ${order.id}: ${orderTitle(order) ?? "without a title"}`);
    say(`Status   ${order.fulfillmentStatus}`);
    say(`People   buyer ${order.buyerId}, builder ${order.builderId}`);
    if (payment) for (const line of moneyLines(payment)) say(line);
    for (const { kind, state, amount, since } of refunds) {
      const money = formatMoney(amount, payment?.currency ?? "usd");
      say(`Refund   ${kind} of ${money}: ${state}${since ? ` since ${utc(since)}` : ""}`);
    }
    if (view?.parcel) say(parcelLine(view.parcel));
    for (const moment of view ? timelineOf(view, deps.clock.now()) : []) {
      say(`${utc(moment.at)}  ${wordsOf(moment)}`);
    }
    return exitCodes.fine;
  },
});

function parcelLine({ id, state, dispatchBy, tracking }: Parcel): string {
  const number = tracking === undefined ? "" : `, tracking ${tracking}`;
  return `Parcel   ${id}: ${state}, to be sent by ${utc(dispatchBy)}${number}`;
}

/** A moment of the timeline; what an operator did with its reason. */
function wordsOf(moment: OrderMoment): string {
  if (moment.what !== "moved") return moment.what;
  const { what, author, reason } = moment.move;
  return `moved to ${what} by ${author}: ${reason}`;
}

function moneyLines(payment: Payment): string[] {
  const money = (amount: number) => formatMoney(amount, payment.currency);
  const { items, shipping } = partsOf(payment);
  const parts = `items ${money(items.price)}, shipping ${money(shipping.price)}, tax ${money(payment.tax)}`;
  return [
    `Money    ${money(payment.amount)} in all: ${parts}`,
    `         fee ${money(payment.fee)}, the builder's part ${money(builderPart(payment))}, refunded ${money(payment.refunded)}`,
    ...(payment.paidAt ? [`Paid     ${utc(payment.paidAt)}`] : []),
    ...(payment.hold === "held" && payment.heldUntil
      ? [`Held     until ${utc(payment.heldUntil)}`]
      : []),
  ];
}
