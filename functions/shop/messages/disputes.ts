import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { StripeDispute } from "../../../shared/clients/stripe/objects.ts";
import { fullTime, plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { orderTitle } from "../domain/order.ts";
import type { PaidOrder } from "./payments.ts";

/**
 * Notifies a builder of a dispute of one of their orders: what it means, and what they should do. `theirFee` is
 * the part of Stripe's fee that they pay if it is lost, in minor units; 0 if the platform pays it.
 */
export function disputeToBuilder(
  order: PaidOrder,
  dispute: StripeDispute,
  theirFee: number,
): OutgoingMessage {
  const fee = formatMoney(theirFee, dispute.currency);
  const amount = formatMoney(dispute.amount, dispute.currency);
  const what = `**${plain(orderTitle(order) ?? "your order", 100)}** (\`${order.id}\`)`;
  const until = dispute.answerBy ? ` by ${fullTime(dispute.answerBy)}` : "";
  const proof =
    "Send the team everything that shows the order was made and sent: photos, the tracking number, your messages with the buyer.";
  if (dispute.outcome === "won") return { content: `✅ ${wonText(order, dispute, what)}` };
  if (dispute.outcome === "lost") {
    return { content: `⚖️ ${lostText(order, theirFee > 0 ? fee : undefined, amount, what)}` };
  }
  if (dispute.isInquiry) {
    return {
      content: `❓ The buyer's bank is asking about ${what}, ${amount}. No money has moved. ${proof} The team has to answer${until}. If the buyer is right, \`/c500 refund\` settles it now.`,
    };
  }
  const taken = `⚠️ The buyer's bank has taken ${amount} back for ${what}.`;
  const feeToo = theirFee > 0 ? ` If we lose, you also pay Stripe's fee of ${fee}.` : "";
  if (isGoingBack(order)) {
    return {
      content: `${taken} All of it was to go back to the buyer anyway: you get none of it, whatever the bank decides.${feeToo}`,
    };
  }
  const { hold } = order.payment;
  const part =
    hold === "releasing" || hold === "released"
      ? "your part is taken back too; you get it again if we win"
      : "your part isn't paid out; if we win, everything goes on as before";
  return {
    content: `${taken} Until it decides, which can take two or three months, ${part}.${feeToo} ${proof} The team has to answer${until}.`,
  };
}

/** Whether all of an order's payment was to go back to its buyer, whatever a bank decides. */
function isGoingBack({ payment }: PaidOrder): boolean {
  const { hold, refundRequested, isOwedBack, amount } = payment;
  return hold === "ended" || isOwedBack === true || refundRequested >= amount;
}

/** Also true of an order whose loss is booked already. */
function lostText(order: PaidOrder, fee: string | undefined, amount: string, what: string): string {
  const lost = `The buyer of ${what} got ${amount} back through their bank.`;
  const ways = "taken back from your account, or comes off your next payouts";
  if (order.payment.transfer) {
    const feeToo = fee === undefined ? "" : ` So does Stripe's fee of ${fee} for the dispute.`;
    return `${lost} Your part of it is ${ways}.${feeToo}`;
  }
  const feeAlone = fee === undefined ? "" : ` Stripe's fee of ${fee} for the dispute is ${ways}.`;
  return `${lost} Your part of it isn't paid out.${feeAlone}`;
}

function wonText(order: PaidOrder, { status, amount, currency }: StripeDispute, what: string) {
  const { hold, heldUntil } = order.payment;
  if (isGoingBack(order)) {
    const decided =
      status === "won"
        ? `The bank decided in your favor on ${what}.`
        : `The buyer's bank has closed its inquiry about ${what}.`;
    return `${decided} The money still goes back to the buyer: that was decided before.`;
  }
  const isUnproved = hold === "held" && !order.proof && heldUntil !== undefined;
  const build = isUnproved
    ? ` The money is still held: build it on stream with \`/c500 live context:order orders:${order.id}\`; otherwise it goes back to the buyer ${fullTime(heldUntil)}.`
    : "";
  if (status !== "won") {
    return `The buyer's bank has closed its inquiry about ${what}.${build || " Nothing changes for you."}`;
  }
  const yours = ` the ${formatMoney(amount, currency)} is yours. Anything taken back for it is on its way to your account again.`;
  return `The bank decided in your favor on ${what}${isUnproved ? `.${build}` : `:${yours}`}`;
}
