import type { Deps } from "../../../../functions/operations/deps.ts";
import type { Order, Payment } from "../../../../functions/shop/domain/order.ts";
import { isId } from "../../../../shared/documents/outside-id.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { NeedsYouError } from "../../command.ts";
import type { StuckMoney } from "../../stuck-orders.ts";

/** The order with the id that was typed. */
export async function orderNamed(id: string, { orders }: Pick<Deps, "orders">): Promise<Order> {
  const order = isId(id) ? await orders.get(id) : undefined;
  if (order) return order;
  throw new NeedsYouError(
    `There is no order "${id}". ./dev ops orders shows those that are stuck.`,
  );
}

/** What is stuck, in a few words. */
export function nameOf({ kind, id }: StuckMoney): string {
  return kind === "refund" && id !== undefined ? `refund ${id}` : kind;
}

/** An amount of an order's payment. */
export function moneyWord(amount: number, { currency }: Pick<Payment, "currency">): string {
  return formatMoney(amount, currency);
}

/** How much of it. */
export function amountOf({ amount, currency, kind }: StuckMoney): string {
  return kind === "unreadable" ? "-" : formatMoney(amount, currency);
}
