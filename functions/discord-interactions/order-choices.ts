import * as z from "zod/mini";
import type { Deps } from "../../shared/runtime/deps.ts";
import { parseJson } from "../../shared/runtime/http.ts";

/** An order as it is offered: what is shown of it holds its id. */
const orderChoice = z.object({ id: z.string(), label: z.string() });
const orderChoices = z.array(orderChoice);
export type OrderChoice = z.infer<typeof orderChoice>;

/** As long as someone types: every key press asks again. */
const CACHE_SECONDS = 10;

/**
 * A builder's open orders as choices, from Redis while someone types and from Firestore else.
 * A list may be ten seconds old, which autocomplete bears: the command itself is always checked.
 * Trouble with either is logged and gives what is left, at worst an empty list.
 */
export async function openOrderChoices(
  builderId: string,
  { orders, redis, log }: Pick<Deps, "orders" | "redis" | "log">,
): Promise<readonly OrderChoice[]> {
  const key = `order-choices:${builderId}`;
  const quietly = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      log.warn("Autocomplete does without a service", {
        error: error instanceof Error ? error.name : "unknown",
      });
      return undefined;
    });

  const cached = await quietly(redis().then((client) => client.get<string>(key)));
  const known = orderChoices.safeParse(parseJson(Buffer.from(cached ?? "")));
  if (known.success) return known.data;

  const open = await quietly(orders.openOf(builderId));
  if (!open) return [];
  const choices = open
    .map((order) => ({ id: order.id, label: labelOf(order) }))
    .sort((one, other) => one.label.localeCompare(other.label));
  await quietly(
    redis().then((client) => client.set(key, JSON.stringify(choices), { ex: CACHE_SECONDS })),
  );
  return choices;
}

function labelOf(order: { id: string; title: string | undefined; fulfillmentStatus: string }) {
  return [order.id, order.title, order.fulfillmentStatus].filter(Boolean).join(" · ");
}
