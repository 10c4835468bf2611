import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { DeadLetter } from "../../../shared/events/message-dead-lettered.ts";
import { parseDecimal } from "../../../shared/money/money.ts";
import type { SaleMade, SaleRefunded } from "../events/sale.ts";

/** What a shop tells us. */
export type News =
  | { readonly kind: "sale"; readonly sale: SaleMade }
  | {
      readonly kind: "refund";
      readonly refund: SaleRefunded;
      /** What of it cannot be counted. */
      readonly deadLetter?: DeadLetter;
    }
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "unreadable"; readonly deadLetter: DeadLetter };

/** An id of a shop's that can be a part of ours. */
export const shopId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,199}$/));

/** A text where there may be anything else, which then counts as not there. */
export const anyText = z.catch(z.optional(z.nullable(z.string())), undefined);

/** A flag where there may be anything else, which then counts as not there. */
export const anyFlag = z.catch(z.optional(z.nullable(z.boolean())), undefined);

/** A list where there may be anything else, which then counts as unreadable. */
export const listOf = <Item extends z.ZodMiniType>(item: Item) =>
  z.catch(z.nullable(z.array(item)), null);

/** Undefined when one of them is. */
export function sumOf(amounts: readonly (number | undefined)[] | undefined): number | undefined {
  return amounts?.reduce(
    (sum, amount) => (sum === undefined || amount === undefined ? undefined : sum + amount),
    0,
  );
}

/** JSON with its numbers as they were written, because ids and amounts lose digits as floats. */
export function parseExactly(text: string): unknown {
  const asWritten = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? (context?.source ?? value) : value;
  try {
    return JSON.parse(text, asWritten);
  } catch {
    return undefined;
  }
}

/** Money as a shop writes it, or undefined where it cannot be counted. */
export function readMoney(
  text: string | null | undefined,
  currency: string | null | undefined,
): { amount: number; currency: string } | undefined {
  const code = currency?.toLowerCase() ?? "";
  const amount = parseDecimal(text ?? "", code);
  return amount === undefined ? undefined : { amount, currency: code };
}

/** What operators need to find a payment at its shop. Nothing about a person goes in here. */
export interface Traces {
  readonly provider: "kofi" | "shopify";
  /** The shop's id of it, if that can be read. */
  readonly id: string | null | undefined;
  readonly type: string | null | undefined;
  readonly amount: string | null | undefined;
  readonly currency: string | null | undefined;
  readonly time: string | null | undefined;
}

const MAX_TRACE_LENGTH = 64;

/** What cannot be counted at all. */
export function unreadable(what: string, traces: Traces, body: Buffer): News {
  const reason = `A webhook of ${traces.provider} cannot be counted: ${what}. Look it up there.`;
  return { kind: "unreadable", deadLetter: deadLetterOf(reason, traces, body) };
}

/** Keeps what cannot be counted; of the body there are only the traces and, unnamed, its digest. */
export function deadLetterOf(reason: string, traces: Traces, body: Buffer): DeadLetter {
  const id = shopId.safeParse(traces.id);
  const digest = createHash("sha256").update(body).digest("hex").slice(0, 32);
  const named = Object.entries(traces).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, text.slice(0, MAX_TRACE_LENGTH)]] : [],
  );
  return {
    id: `shop-webhook.${traces.provider}.${id.success ? id.data : digest}`,
    functionName: "shop-webhook",
    reason,
    attributes: {},
    body: JSON.stringify(Object.fromEntries(named)),
    isReport: true,
  };
}
