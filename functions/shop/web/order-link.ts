import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { Deps } from "../deps.ts";

/** Dependencies of links to orders' pages. */
export type OrderLinkDeps = Pick<Deps, "orderLinks"> & {
  readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL">;
};

const ORDER_PATH = /^\/order\/([\w-]{32})$/;

/** The key in the path of an order's page. */
export function orderKeyOf(path: string): string | undefined {
  return ORDER_PATH.exec(path)?.[1];
}

/**
 * The address of an order's page, for its buyer alone: everyone who has it sees the order. Undefined if there is no such
 * order, or its buyer was forgotten. It must not be logged. Idempotent.
 */
export async function linkToOrder(
  orderId: string,
  { orderLinks, config }: OrderLinkDeps,
): Promise<string | undefined> {
  const key = await orderLinks.keyOf(orderId);
  return key === undefined ? undefined : `${config.PUBLIC_SITE_URL}/order/${key}`;
}

/** A message to an order's buyer with a button that opens its page, unless the buyer was forgotten. */
export async function withOrderPage(
  message: OutgoingMessage,
  orderId: string,
  deps: OrderLinkDeps,
): Promise<OutgoingMessage> {
  const url = await linkToOrder(orderId, deps);
  if (url === undefined) return message;
  return { ...message, buttons: [...(message.buttons ?? []), { label: "Your order", url }] };
}
