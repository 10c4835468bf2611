import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { StripeRefund } from "../../../shared/clients/stripe/objects.ts";
import { alarm } from "../../../shared/discord/sending/alarm.ts";
import { colours, oneLine } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { AccountState } from "../../../shared/money/seller-account.ts";
import type { Order } from "../domain/order.ts";

/** Notifies the operators that Stripe refused a refund. */
export function refundRefusedNotice(
  order: Order,
  amount: number,
  reason: string,
  isOwed: boolean,
): OutgoingMessage {
  const money = formatMoney(amount, order.payment?.currency ?? "usd");
  const next = isOwed
    ? "We owe it to the buyer: I try again every 15 minutes. Fix the cause at Stripe; `./dev ops orders` lists what is open, and closes it if you pay them in another way."
    : "Nothing has changed. If its builder asked for it, they were notified; it can be asked for again.";
  return alarm(
    "Stripe refuses a refund",
    `${money} of order \`${order.id}\`: ${oneLine(reason, 300)}\n\n${next}`,
  );
}

/** Notifies the operators of a refund that the platform would have to advance. */
export function advanceRefusedNotice(order: Order, amount: number): OutgoingMessage {
  const money = formatMoney(amount, order.payment?.currency ?? "usd");
  return alarm(
    "A builder's refund needs your decision",
    `<@${order.builderId}> wants to refund ${money} of order \`${order.id}\`. Their Stripe account can't give their part back now, and it is more than the platform advances (\`REFUND_ADVANCE_LIMIT\`). Nothing was refunded. To refund it anyway, run \`/c500 refund order:${order.id}\`: what they can't give back comes off their next payouts.`,
  );
}

/** Notifies the operators that money was earned and cannot be sent, because its builder's account is not ready. */
export function accountNeededNotice(
  order: Order,
  state: AccountState | undefined,
): OutgoingMessage {
  const account = state ? `account at Stripe is ${state.toLowerCase()}` : "account is missing";
  return alarm(
    "A builder can't be paid",
    `The ${account}: <@${order.builderId}> has earned the money of order \`${order.id}\`, and can't receive it. They were notified, and it is sent once the account is ready. It can be refunded meanwhile. \`./dev ops orders\` lists this and every other order that waits.`,
  );
}

/** Notifies the operators that Stripe refused to pay a builder. */
export function releaseRefusedNotice(order: Order, reason: string): OutgoingMessage {
  return alarm(
    "Stripe refuses to pay a builder",
    `Order \`${order.id}\` of <@${order.builderId}>: ${oneLine(reason, 300)}\n\nThe money stays held, and I try again every 15 minutes. It can be refunded meanwhile. \`./dev ops orders\` lists it.`,
  );
}

/** Notifies the operators that a refund did not reach the buyer. */
export function refundFailedNotice(order: Order, refund: StripeRefund): OutgoingMessage {
  const amount = formatMoney(refund.amount, order.payment?.currency ?? "usd");
  return {
    embeds: [
      {
        title: "A refund did not reach its buyer",
        color: colours.rose,
        description: `${amount} of order \`${order.id}\` (refund \`${refund.id}\`) came back to our balance at Stripe. Ask <@${order.buyerId}> for another way to pay them, and pay them by hand. What the builder gave back stays with us until then.`,
      },
    ],
  };
}
