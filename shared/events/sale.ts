import * as z from "zod/mini";
import { providers } from "../domain/ledger.ts";
import { defineEvent } from "./define-event.ts";

/** ISO 4217, in small letters. */
const currency = z.string().check(z.regex(/^[a-z]{3}$/));
/** `provider:transaction`: the sale's id everywhere. */
const saleId = z.string().check(z.regex(/^(stripe|kofi|shopify):[^/]{1,300}$/));

/** Something was sold anywhere: `base` is what the items cost after discounts, in minor units. */
export const saleMade = defineEvent({
  topic: "sales",
  schema: z.object({
    id: saleId,
    provider: z.enum(providers),
    base: z.int().check(z.gte(0)),
    currency,
    /** The provider's time; never after the time at which we heard of it. */
    soldAtMs: z.int(),
    /** The lobby that the sale names. */
    lobbyId: z.optional(z.string()),
    /** What was bought, for people. */
    title: z.string(),
  }),
  attributes: ({ provider }) => ({ provider }),
});

export type SaleMade = z.infer<typeof saleMade.schema>;

/** A part of a sale was taken back, or comes back: `amount` of its base, in minor units. */
export const saleRefunded = defineEvent({
  topic: "sale-refunds",
  schema: z.object({
    /** The sale, the refund and its amount: another amount is other news. */
    id: z.string(),
    saleId,
    /** What it is to the provider. Of the same one the largest amount counts. */
    refundId: z.string().check(z.regex(/^[^/]{1,300}$/)),
    /** Negative where a dispute was won and what it took comes back. */
    amount: z.int(),
    currency,
  }),
  attributes: () => ({}),
});

export type SaleRefunded = z.infer<typeof saleRefunded.schema>;
