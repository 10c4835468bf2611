import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { profile } from "../messages/builders.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** `/c500 profile`: the asker's own orders, and their shop if they have one. Reads only. */
export async function showProfile(
  { userId }: DiscordCommand,
  {
    orders,
    builders,
    drops,
    debts,
    clock,
  }: Pick<ShopDeps, "orders" | "builders" | "drops" | "debts" | "clock">,
): Promise<OutgoingMessage> {
  const now = clock.now();
  const [bought, builder] = await Promise.all([orders.ofBuyer(userId), builders.get(userId)]);
  if (!builder) {
    return profile({ bought, builder, sold: [], openDrops: 0, debts: new Map(), now });
  }
  const [sold, theirDrops, owed] = await Promise.all([
    orders.soldBy(userId),
    drops.ofBuilder(userId),
    debts.outstanding(userId),
  ]);
  const openDrops = theirDrops.filter(({ isClosed }) => !isClosed).length;
  return profile({ bought, builder, sold, openDrops, debts: owed, now });
}
