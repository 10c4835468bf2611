import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { plain } from "../../../shared/discord/theme.ts";
import { type Order, orderTitle } from "../../shop/domain/order.ts";

/** Notifies a buyer that the builder of their open order was suspended or removed. */
export function buyerNotice(order: Order, decision: "suspend" | "remove"): OutgoingMessage {
  const { id, payment } = order;
  const name = `**${plain(orderTitle(order) ?? "Your order", 100)}** (\`${id}\`)`;
  const what = decision === "suspend" ? "suspended its builder" : "removed its builder";
  const isHeld = payment?.hold === "held";
  const money =
    isHeld && !order.proof
      ? "Your money is held and safe: you get it back automatically unless the team restores the builder and they show your order on stream in time."
      : isHeld
        ? "Your money is held and safe until the team has decided."
        : "If it doesn't arrive, or you want your money back, write to someone on the team in our server.";
  return { content: `About ${name}: the team has ${what}. ${money}` };
}
