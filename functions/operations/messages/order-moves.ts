import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { plain } from "../../../shared/discord/theme.ts";
import type { OperatorMove } from "../../shop/domain/order.ts";

/** What the operators' channel reads of an order that was moved by hand. */
export function orderMovedNotice(
  orderId: string,
  { what, reason, author }: OperatorMove,
): OutgoingMessage {
  const why = `${plain(author, 100)}: ${plain(reason, 300)}`;
  return { content: `🔧 Order \`${orderId}\` was moved to **${what}** by hand. ${why}` };
}
