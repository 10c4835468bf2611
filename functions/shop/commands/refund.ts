import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { moneyDeadline } from "../../../shared/discord/define-command.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { parseAmount } from "../../../shared/money/money.ts";
import { supersededText } from "../../../shared/money/money-command-texts.ts";
import { tooOldText } from "../../members/messages/access.ts";
import {
  justRefundedText,
  refundMadeText,
  refundRefusalTexts,
  tooMuchText,
} from "../messages/payments.ts";
import { refundOrder } from "../money/refund-order.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * `/c500 refund`: for the order's builder and for staff. Made once by the command's id; a repeat
 * finds it made and says the same. Of identical commands within two minutes one refunds: the newest, unless
 * an older one has by then.
 */
export async function refund(
  { id, userId, isStaff, options, command }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const orderId = orderIdIn(options);
  const order = orderId === undefined ? undefined : await deps.orders.get(orderId);
  const isAllowed = order && (isStaff || order.builderId === userId);
  if (orderId === undefined || !isAllowed) return { content: refundRefusalTexts["not-found"] };
  const { payment } = order;
  if (!payment) return { content: refundRefusalTexts.unpaid };

  const typed = options["amount"];
  const amount = typed === undefined ? undefined : parseAmount(String(typed), payment.currency);
  if (typed !== undefined && !amount) return { content: refundRefusalTexts["bad-amount"] };
  const restock = options["restock"] === true;
  const deadline = moneyDeadline(id);
  const result = await refundOrder(
    { id, orderId, amount, restock, deadline, isLimited: !isStaff },
    deps,
  );
  if (result.outcome === "too-much") return { content: tooMuchText(result.left, payment.currency) };
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

/** The id of the order that a command names, if it names one. */
export function orderIdIn(options: DiscordCommand["options"]): string | undefined {
  return readId(options["order"]);
}
