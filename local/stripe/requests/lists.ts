import * as z from "zod/mini";
import type { StripeList } from "../objects/objects.ts";
import { integer, text } from "./parameters.ts";
import { StripeError } from "./stripe-error.ts";

/** https://docs.stripe.com/api/pagination */
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

const limitRange = `Invalid integer: must be between 1 and ${MAX_LIMIT}`;

/** The parameters of every list. */
export const paging = {
  limit: z.optional(
    z.pipe(
      integer,
      z.int().check(z.gte(1, { error: limitRange }), z.lte(MAX_LIMIT, { error: limitRange })),
    ),
  ),
  starting_after: z.optional(text()),
  ending_before: z.optional(text()),
};

const bound = z.optional(integer);

/** A time or a range of times, in seconds since the epoch. */
export const created = z.optional(
  z.union([integer, z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound })]),
);

/** Whether a creation time is within a list's filter. */
export function isCreated(atSeconds: number, wanted: z.infer<typeof created>): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === "number") return atSeconds === wanted;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = wanted;
  return atSeconds > gt && atSeconds >= gte && atSeconds < lt && atSeconds <= lte;
}

/** One page, newest first, of items that are given oldest first. */
export function page<Item extends { readonly id: string }>(
  oldestFirst: Iterable<Item>,
  wanted: {
    limit?: number | undefined;
    starting_after?: string | undefined;
    ending_before?: string | undefined;
  },
  url: string,
): StripeList<Item> {
  const items = [...oldestFirst].reverse();
  const { limit = DEFAULT_LIMIT, starting_after: after, ending_before: before } = wanted;
  if (before !== undefined) {
    const end = indexOf(items, before, "ending_before");
    const start = Math.max(0, end - limit);
    return { object: "list", data: items.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : indexOf(items, after, "starting_after") + 1;
  const data = items.slice(start, start + limit);
  return { object: "list", data, has_more: start + limit < items.length, url };
}

function indexOf(items: readonly { readonly id: string }[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index >= 0) return index;
  throw new StripeError(`No such object: '${id}'`, { code: "resource_missing", param });
}
