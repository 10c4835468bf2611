import {
  type Asked,
  type CacheDeps,
  type Choice,
  cached,
} from "../../../shared/autocomplete/suggestions.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import { isOpen, type Order, orderTitle } from "../domain/order.ts";

/** Of an order's id, which is that of an interaction or of a claim. */
const MIN_ID_LENGTH = 15;

type OrderDeps = CacheDeps & Pick<Deps, "orders">;

/** What options of commands may offer, by what the options call it in `suggest`. */
export const shopSuggestions = {
  "open-orders": openOrders,
  "sold-orders": soldOrders,
  drops: ownDrops,
} as const;

/** A builder's orders that want work: the newest hundred, and the one whose number is typed. */
async function openOrders({ userId, sought }: Asked, deps: OrderDeps): Promise<readonly Choice[]> {
  const listed = await cached({ whose: userId, name: "open-orders" }, deps, async () =>
    (await deps.orders.openOf(userId)).map(orderChoice),
  );
  return withSought(listed, sought, deps, (order) => order.builderId === userId && isOpen(order));
}

/** A builder's paid orders, newest first: a hundred, and the one whose number is typed. */
async function soldOrders({ userId, sought }: Asked, deps: OrderDeps): Promise<readonly Choice[]> {
  const listed = await cached({ whose: userId, name: "sold-orders" }, deps, async () =>
    (await deps.orders.soldBy(userId)).map(orderChoice),
  );
  const isTheirs = ({ builderId, payment }: Order) =>
    builderId === userId && payment?.paidAt !== undefined;
  return withSought(listed, sought, deps, isTheirs);
}

/** The order whose whole number is typed comes first, though the list is too long for it. */
async function withSought(
  listed: readonly Choice[],
  sought: string,
  { orders }: Pick<Deps, "orders">,
  isOffered: (order: Order) => boolean,
): Promise<readonly Choice[]> {
  const id = readId(sought);
  if (id === undefined || id.length < MIN_ID_LENGTH || listed.some((each) => each.id === id)) {
    return listed;
  }
  const order = await orders.get(id);
  return order && isOffered(order) ? [orderChoice(order), ...listed] : listed;
}

function orderChoice(order: Order): Choice {
  const label = [order.id, orderTitle(order), order.fulfillmentStatus].filter(Boolean).join(" · ");
  return { id: order.id, label };
}

/** A builder's drops, newest first. */
function ownDrops(
  { userId }: Asked,
  deps: CacheDeps & Pick<Deps, "drops">,
): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "drops" }, deps, async () =>
    (await deps.drops.ofBuilder(userId)).map((drop) => ({
      id: drop.id,
      label: [drop.title, formatMoney(drop.price, drop.currency), stateWord(drop)].join(" · "),
    })),
  );
}

function stateWord({ draftState, isClosed }: Drop): string {
  if (draftState === "draft") return "draft";
  return isClosed ? "closed" : "open";
}
