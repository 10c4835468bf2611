import { isId } from "../../../shared/documents/outside-id.ts";

/** What a builder goes live with. */
export type LiveContext =
  | { readonly kind: "chat" }
  | { readonly kind: "drop" }
  | { readonly kind: "orders"; readonly orderIds: readonly string[] };

/** The four wire forms as they are shown to people. */
export const LIVE_CONTEXT_FORMS = ["chat", "drop", "order:ID", "orders:ID,ID"] as const;

/** The most orders in one command. Their outcomes must fit one Discord embed (4,096 characters). */
export const MAX_ORDERS_PER_COMMAND = 25;

/** What is wrong with a context. `form` is the word that was typed with the ids. */
export type LiveContextProblem =
  | { readonly kind: "unknown-form" }
  | { readonly kind: "no-id"; readonly form: "order" | "orders" }
  | { readonly kind: "too-many"; readonly form: "order" | "orders"; readonly given: number }
  | {
      readonly kind: "bad-ids";
      readonly form: "order" | "orders";
      readonly ids: readonly string[];
    };

/** A parsed context, or what is wrong with it. */
export type LiveContextReading =
  | { readonly ok: true; readonly context: LiveContext }
  | { readonly ok: false; readonly problem: LiveContextProblem };

/**
 * Reads the wire form `chat`, `drop`, `order:ID` or `orders:ID,ID`. Blanks around ids are allowed,
 * empty and repeated ids are dropped. Anything else, or more than 25 orders, is a problem.
 */
export function readLiveContext(wire: string): LiveContextReading {
  if (wire === "chat" || wire === "drop") return { ok: true, context: { kind: wire } };
  const [, word, list = ""] = /^(orders?)(?::(.*))?$/s.exec(wire) ?? [];
  if (word === undefined) return refused({ kind: "unknown-form" });
  const form = word === "order" ? "order" : "orders";
  const orderIds = uniqueIds(list);
  if (orderIds.length === 0) return refused({ kind: "no-id", form });
  const bad = orderIds.filter((id) => !isId(id));
  if (bad.length > 0) return refused({ kind: "bad-ids", form, ids: bad });
  const most = form === "order" ? 1 : MAX_ORDERS_PER_COMMAND;
  if (orderIds.length > most) return refused({ kind: "too-many", form, given: orderIds.length });
  return { ok: true, context: { kind: "orders", orderIds } };
}

/** Parses a context's wire form; undefined if `readLiveContext` finds a problem. */
export function parseLiveContext(wire: string): LiveContext | undefined {
  const reading = readLiveContext(wire);
  return reading.ok ? reading.context : undefined;
}

/** The wire form of a context; parsing it again gives the same context. */
export function formatLiveContext(context: LiveContext): string {
  if (context.kind !== "orders") return context.kind;
  const form = context.orderIds.length === 1 ? "order" : "orders";
  return `${form}:${context.orderIds.join(",")}`;
}

function refused(problem: LiveContextProblem): LiveContextReading {
  return { ok: false, problem };
}

function uniqueIds(list: string): string[] {
  const ids = list.split(",").map((id) => id.replace(/^[ \t]+|[ \t]+$/g, ""));
  return [...new Set(ids.filter((id) => id !== ""))];
}
