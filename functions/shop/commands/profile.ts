import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import type { Order } from "../domain/order.ts";
import { MAX_LINES, profile } from "../messages/builders.ts";
import { linkToOrder } from "../web/order-link.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** `/c500 profile`. */
export const profileCommand = defineCommand({
  words: "c500 profile",
  description: "Your orders; for builders also drops, open orders and money",
  options: {},
  who: "everyone",
  answeredBy: "shop",
});

/** Shows the asker's own orders with links to their pages, and their shop if they have one. A repeat shows the same. */
export const showingProfile = /* @__PURE__ */ action(
  profileCommand,
  ({ userId }, _values, deps: ProfileDeps) => showProfile(userId, deps),
);

type ProfileDeps = Pick<
  ShopDeps,
  "orderLinks" | "orders" | "builders" | "drops" | "debts" | "clock" | "config"
>;

async function showProfile(userId: string, deps: ProfileDeps): Promise<OutgoingMessage> {
  const { orders, builders, drops, debts, clock } = deps;
  const now = clock.now();
  const [bought, builder] = await Promise.all([orders.ofBuyer(userId), builders.get(userId)]);
  const pages = await linksTo(bought, deps);
  if (!builder) {
    return profile({ bought, pages, builder, sold: [], openDrops: 0, debts: new Map(), now });
  }
  const [sold, theirDrops, owed] = await Promise.all([
    orders.soldBy(userId),
    drops.ofBuilder(userId),
    debts.outstanding(userId),
  ]);
  const openDrops = theirDrops.filter(({ isClosed }) => !isClosed).length;
  return profile({ bought, pages, builder, sold, openDrops, debts: owed, now });
}

/** The links to the pages of the paid orders that a profile shows. */
async function linksTo(
  bought: readonly Order[],
  deps: ProfileDeps,
): Promise<ReadonlyMap<string, string>> {
  const paid = bought.slice(0, MAX_LINES).filter(({ payment }) => payment?.paidAt);
  const links = await Promise.all(
    paid.map(async ({ id }) => [id, await linkToOrder(id, deps)] as const),
  );
  return new Map(links.flatMap(([id, link]) => (link === undefined ? [] : [[id, link] as const])));
}
