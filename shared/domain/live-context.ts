/** What a builder goes live with. */
export type LiveContext =
  | { readonly kind: "chat" }
  | { readonly kind: "drop" }
  | { readonly kind: "orders"; readonly orderIds: readonly string[] };

/** The four wire forms, as people are shown them. */
export const LIVE_CONTEXT_FORMS = ["chat", "drop", "order:ID", "orders:ID,ID"] as const;

/** Orders in one command. Their outcomes must fit one Discord message (4,096 characters of embed). */
export const MAX_ORDERS_PER_COMMAND = 25;

/** Firestore's ids and Stripe's Checkout Session ids alike; nothing that could leave a document path. */
const ORDER_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,199}$/;

/**
 * Reads the wire form `chat`, `drop`, `order:ID` or `orders:ID,ID`. Blanks around ids are allowed,
 * empty and repeated ids are dropped. Anything else, or more than 25 orders, gives undefined.
 */
export function parseLiveContext(wire: string): LiveContext | undefined {
  if (wire === "chat" || wire === "drop") return { kind: wire };
  const [, form, list] = /^(orders?):(.*)$/s.exec(wire) ?? [];
  if (form === undefined || list === undefined) return undefined;
  const orderIds = uniqueIds(list);
  const most = form === "order" ? 1 : MAX_ORDERS_PER_COMMAND;
  if (orderIds.length === 0 || orderIds.length > most) return undefined;
  return orderIds.every((id) => ORDER_ID.test(id)) ? { kind: "orders", orderIds } : undefined;
}

/** The wire form of a context; parsing it again gives the same context. */
export function formatLiveContext(context: LiveContext): string {
  if (context.kind !== "orders") return context.kind;
  const form = context.orderIds.length === 1 ? "order" : "orders";
  return `${form}:${context.orderIds.join(",")}`;
}

function uniqueIds(list: string): string[] {
  const ids = list.split(",").map((id) => id.replace(/^[ \t]+|[ \t]+$/g, ""));
  return [...new Set(ids.filter((id) => id !== ""))];
}
