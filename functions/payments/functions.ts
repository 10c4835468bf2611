import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  discord,
  merch,
  project,
  redis,
  retried,
  small,
  tasks,
} from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const paymentsFunctions = {
  "order-payment": {
    does: "Brings an order up to date with its Checkout Session.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "checkout.session." } },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "sales", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: ["REFUND_ADVANCE_LIMIT", ...project, ...tasks, ...redis, ...merch],
  },
  refund: {
    does: "Books refunds, and what the builder owes for them.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "refund." } },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "sale-refunds", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: ["REFUND_ADVANCE_LIMIT", ...project, ...tasks, ...redis, ...merch],
  },
  dispute: {
    does: "Takes the builder's part back while a bank has the money, notifies buyer and builder, and books the outcome.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "charge.dispute." } },
      retry: retried,
    },
    publishes: ["notices", "sale-refunds", "order-disputes", "order-releases", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "DISPUTE_FEE_PAID_BY",
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...merch,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
} as const satisfies FunctionRows;
