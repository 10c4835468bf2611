import type { StripeList } from "../objects/objects.ts";
import type { World } from "../world.ts";
import { StripeError } from "./stripe-error.ts";

/** https://docs.stripe.com/api/expanding_objects */
const MAX_DEPTH = 4;

type Json = Record<string, unknown>;

/** A copy of a response in which objects replace the ids at the given paths. */
export function expand(world: World, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer);
  for (const path of paths) {
    const names = path.split(".");
    if (names.length > MAX_DEPTH) throw notExpandable(path);
    expandAt(world, copy as Json, names, path);
  }
  return copy;
}

function expandAt(world: World, target: Json, names: readonly string[], path: string): void {
  const [name, ...rest] = names;
  if (name === undefined || target === null) return;
  if (Array.isArray(target)) {
    for (const item of target) expandAt(world, item, names, path);
    return;
  }
  const value = target[name] ?? included(world, target, name);
  if (typeof value === "string") {
    const found = world.find(value);
    if (!found) throw notExpandable(path);
    target[name] = structuredClone(found);
  } else if (value === undefined) {
    if (target[name] === undefined) throw notExpandable(path);
  } else {
    target[name] = structuredClone(value);
  }
  expandAt(world, target[name] as Json, rest, path);
}

/** Lists that an object contains only when they are expanded. */
function included(world: World, target: Json, name: string): StripeList | undefined {
  const id = String(target.id);
  if (target.object === "checkout.session" && name === "line_items") {
    const data = world.sessions.get(id)?.lineItems ?? [];
    return list(data, `/v1/checkout/sessions/${id}/line_items`);
  }
  if (target.object === "charge" && name === "refunds") {
    const refunds = [...world.refunds.values()].filter(({ charge }) => charge === id);
    return list(refunds.reverse(), `/v1/charges/${id}/refunds`);
  }
  return undefined;
}

function list(data: readonly object[], url: string): StripeList {
  return { object: "list", data, has_more: false, url };
}

function notExpandable(path: string): StripeError {
  return new StripeError(`This property cannot be expanded (${path}).`, {
    param: "expand",
    beforeExecution: true,
  });
}
