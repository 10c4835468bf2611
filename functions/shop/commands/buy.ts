import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { buy } from "../checkout/checkout.ts";
import { endReservation } from "../checkout/end-reservation.ts";
import { buyRefusalText } from "../messages/buy-refusals.ts";
import {
  buyRefusalTexts,
  dropDetails,
  givenBackText,
  notGivenBackText,
  payNow,
} from "../messages/drops.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** Buy Now: reserves a unit under the press's id and answers with the page to pay on. */
export async function buyNow(
  { id, userId, options }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const dropId = targetOf(options);
  const result = await buy({ orderId: id, dropId, buyerId: userId }, deps);
  return result.ok
    ? payNow(result.order, result)
    : { content: buyRefusalText(result, deps.config) };
}

/** Details: everything about a drop, for the one who asks. Reads only. */
export async function showDetails(
  { options }: DiscordCommand,
  { drops, builders }: Pick<ShopDeps, "drops" | "builders">,
): Promise<OutgoingMessage> {
  const drop = await drops.get(targetOf(options));
  if (!drop) return { content: buyRefusalTexts["not-found"] };
  const [stock, builder] = await Promise.all([
    drops.stockLevel(drop.id),
    builders.get(drop.builderId),
  ]);
  return dropDetails({ drop: { ...drop, hasImage: false }, stock, builder });
}

/** Give it back: ends the buyer's own reservation. A repeat finds it ended and says so. */
export async function cancelReservation(
  { userId, options }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const orderId = targetOf(options);
  const order = await deps.orders.get(orderId);
  if (order?.buyerId !== userId) return { content: notGivenBackText };
  if (order.fulfillmentStatus === "cancelled") return { content: givenBackText };
  const isGivenBack = await endReservation(orderId, "cancelled", deps);
  // Stripe's own word of the page's end may have been quicker.
  const after = isGivenBack ? undefined : await deps.orders.get(orderId);
  const isOver = ["expired", "cancelled"].includes(after?.fulfillmentStatus ?? "");
  return { content: isGivenBack || isOver ? givenBackText : notGivenBackText };
}

/** An id that came back from a button of ours; nothing that could leave a document path. */
export function targetOf(options: DiscordCommand["options"]): string {
  return readId(options["target"]) ?? "none";
}
