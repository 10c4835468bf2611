import type { Deps } from "../deps.ts";

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
  {
    orderLinks,
    config,
  }: Pick<Deps, "orderLinks"> & { readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL"> },
): Promise<string | undefined> {
  const key = await orderLinks.keyOf(orderId);
  return key === undefined ? undefined : `${config.PUBLIC_SITE_URL}/order/${key}`;
}
