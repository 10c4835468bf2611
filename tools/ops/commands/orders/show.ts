import { builderPart } from "../../../../functions/shop/domain/builder-part.ts";
import { orderTitle, type Payment } from "../../../../functions/shop/domain/order.ts";
import { partsOf } from "../../../../functions/shop/domain/order-parts.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, onlyId } from "../../command.ts";
import { orderNamed } from "./arguments.ts";

/** Shows one order: its money by parts, its refunds, its parcel and its deadlines. Reads Firestore only. */
export const showOrder = defineCommand({
  name: "orders show",
  usage: "ORDER",
  does: "shows an order: who bought what, its money by parts, its refunds, its parcel and its deadlines",
  options: {},

  async run({ positionals }, context, say) {
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const order = await orderNamed(onlyId(positionals), deps);
    const { payment, parcel } = order;
    const [packed, refunds] = await Promise.all([
      parcel && deps.parcels.get(parcel.id),
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
    if (packed) {
      say(`Parcel   ${packed.id}: ${packed.state}, to be sent by ${utc(packed.dispatchBy)}`);
      if (packed.sentAt) say(`         sent ${utc(packed.sentAt)}`);
      if (packed.arrivedAt) say(`         arrived ${utc(packed.arrivedAt)}`);
    }
    return exitCodes.fine;
  },
});

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
