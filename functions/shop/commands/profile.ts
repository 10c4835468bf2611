import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { action } from "../../../shared/discord/command-action.ts";
import { defineCommand } from "../../../shared/discord/define-command.ts";
import { profile } from "../messages/builders.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** `/c500 profile`. */
export const profileCommand = defineCommand({
  words: "c500 profile",
  description: "Your orders; for builders also drops, open orders and money",
  options: {},
  who: "everyone",
  answeredBy: "shop",
});

/** Shows the asker's own orders, and their shop if they have one. Reads only. */
export const showingProfile = /* @__PURE__ */ action(
  profileCommand,
  ({ userId }, _values, deps: ProfileDeps) => showProfile(userId, deps),
);

type ProfileDeps = Pick<ShopDeps, "orders" | "builders" | "drops" | "debts" | "clock">;

async function showProfile(
  userId: string,
  { orders, builders, drops, debts, clock }: ProfileDeps,
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
