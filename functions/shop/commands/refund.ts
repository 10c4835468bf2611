import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  MAX_MONEY_COMMAND_AGE_MS,
  moneyDeadline,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { choice, flag, text } from "../../../shared/discord/definitions/options.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { parseAmount } from "../../../shared/money/money.ts";
import { supersededText } from "../../../shared/money/money-command-texts.ts";
import { tooOldText } from "../../members/messages/access.ts";
import {
  badRefundAmountText,
  justRefundedText,
  refundMadeText,
  refundRefusalTexts,
  tooMuchText,
} from "../messages/payments.ts";
import { refundOrder } from "../money/refund-order.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** An amount with its currency's sign and commas. */
const MAX_AMOUNT_LENGTH = 20;

/** `/c500 refund`. */
export const refundCommand = defineCommand({
  words: "c500 refund",
  description: "Give a buyer their money back, all of it or a part",
  options: {
    order: text("The order's id", { required: true, maxLength: 200, suggest: "sold-orders" }),
    amount: text("How much, such as 12.50; everything that is left unless you say", {
      maxLength: MAX_AMOUNT_LENGTH,
    }),
    of: choice("What the amount is for; items before shipping unless you say", {
      choices: { items: "items alone", shipping: "shipping alone" },
    }),
    restock: flag("Put its units back on sale; only with a refund of everything"),
  },
  who: "owner",
  limit: "refunds",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "shop",
});

/**
 * Refunds an order for its builder or for staff. Made once by the command's id; a repeat
 * finds it made and says the same. Of identical commands within two minutes one refunds: the newest, unless
 * an older one has by then.
 */
export const refunding = /* @__PURE__ */ action(refundCommand, {
  run: refund,
  isBegun: async ({ id }, { order }, { refunds }: Pick<ShopDeps, "refunds">) => {
    const orderId = readId(order);
    return orderId !== undefined && (await refunds.get(orderId, id)) !== undefined;
  },
});

async function refund(
  { id, userId, isStaff, command }: CommandUse,
  options: ValuesOf<typeof refundCommand>,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const orderId = readId(options.order);
  const order = orderId === undefined ? undefined : await deps.orders.get(orderId);
  const isAllowed = order && (isStaff || order.builderId === userId);
  if (orderId === undefined || !isAllowed) return { content: refundRefusalTexts["not-found"] };
  const { payment } = order;
  if (!payment) return { content: refundRefusalTexts.unpaid };

  const typed = options.amount;
  const amount = typed === undefined ? undefined : parseAmount(typed, payment.currency);
  if (typed !== undefined && !amount) return { content: badRefundAmountText(payment.currency) };
  const restock = options.restock === true;
  const deadline = moneyDeadline(id);
  const result = await refundOrder(
    { id, orderId, amount, part: options.of, restock, deadline, isLimited: !isStaff },
    deps,
  );
  if (result.outcome === "too-much") {
    return { content: tooMuchText(result.left, result.order.payment ?? payment) };
  }
  if (result.outcome === "too-late") return { content: tooOldText(command, true) };
  if (result.outcome === "superseded") return { content: supersededText(timeOf(result)) };
  if (result.outcome === "just-refunded") return { content: justRefundedText(timeOf(result)) };
  if (result.outcome !== "refunded") return { content: refundRefusalTexts[result.outcome] };
  const after = { ...result.order, payment: result.order.payment ?? payment };
  return { content: refundMadeText(after, result.refund.amount) };
}

/** When the other command was typed. */
function timeOf({ otherId }: { readonly otherId: string }): Date {
  return new Date(snowflakeTimeMs(otherId));
}
