import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { parseAmount } from "../../shared/domain/money.ts";
import { readId } from "../../shared/domain/outside-id.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { refundMadeText, refundRefusalTexts, tooMuchText } from "../../shared/messages/payments.ts";
import { refundOrder } from "../../shared/shop/refund-order.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * `/c500 refund`: for the order's builder and for staff. Made once by the command's id; a repeat
 * finds it made and says the same.
 */
export async function refund(
  { id, userId, isStaff, options }: DiscordCommand,
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
  const result = await refundOrder({ id, orderId, amount, restock }, deps);
  if (result.outcome === "too-much") return { content: tooMuchText(result.left, payment.currency) };
  if (result.outcome !== "refunded") return { content: refundRefusalTexts[result.outcome] };
  const after = { ...result.order, payment: result.order.payment ?? payment };
  return { content: refundMadeText(after, result.refund.amount) };
}

/** The id of the order that a command names, if it names one. */
export function orderIdIn(options: DiscordCommand["options"]): string | undefined {
  return readId(options["order"]);
}
