import * as z from "zod/mini";
import { defineEvent } from "../../../shared/events/define-event.ts";
import { provider } from "../../../shared/money/ledger.ts";

/** ISO 4217, in small letters. */
const currency = z.string().check(z.regex(/^[a-z]{3}$/));
/** `provider:transaction`: the sale's id everywhere. */
const saleId = z.string().check(z.regex(/^[a-z]{1,20}:[^/]{1,300}$/));

/** Something was sold anywhere: `base` is what the items cost after discounts, in minor units. */
export const saleMade = defineEvent({
  topic: "sales",
  schema: z.object({
    id: saleId,
    provider,
    base: z.int().check(z.gte(0)),
    currency,
    /** The provider's time; where that is well ahead of ours, when we heard of it. */
    soldAtMs: z.int(),
    /** The provider's time where it is not the one that counts. */
    notifiedAtMs: z.optional(z.int()),
    /** Whether the prices have tax in them; the base has none. */
    isTaxIncluded: z.optional(z.boolean()),
    /** The lobby that the sale names. */
    lobbyId: z.optional(z.string()),
    /** Further names in the buyer's message, in its order: each counts if none before it names an open race. */
    otherLobbyIds: z.optional(z.array(z.string())),
    /** What was bought, for people. */
    title: z.string(),
  }),
  attributes: ({ provider }) => ({ provider }),
});

export type SaleMade = z.infer<typeof saleMade.schema>;

/** A part of a sale was taken back: `amount` of its base or of all that was paid, in minor units. */
export const saleRefunded = defineEvent({
  topic: "sale-refunds",
  schema: z.object({
    /** The sale, the refund and its amount: another amount is other news. */
    id: z.string(),
    saleId,
    /** What it is to the provider. Of the same one the latest turn counts, and its largest amount. */
    refundId: z.string().check(z.regex(/^[^/]{1,300}$/)),
    amount: z.int().check(z.gte(0)),
    /** The amount instead, should the sale's prices have tax in them. */
    amountWithTaxIn: z.optional(z.int().check(z.gte(0))),
    /** All that was paid, where the amount is a part of that and not of the base. */
    paid: z.optional(z.int().check(z.gte(0))),
    currency,
    /** Grows where an outcome is turned over. */
    turn: z.optional(z.int()),
  }),
  attributes: () => ({}),
});

export type SaleRefunded = z.infer<typeof saleRefunded.schema>;
