import type { FunctionRows } from "../../shared/runtime/function-row.ts";
import {
  discord,
  merch,
  project,
  redis,
  retried,
  small,
  tasks,
} from "../../shared/runtime/row-parts.ts";

/** The deployed functions of this feature. */
export const paymentsFunctions = {
  "order-payment": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "checkout.session." } },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "sales", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...merch,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  refund: {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "refund." } },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "sale-refunds", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...merch,
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  dispute: {
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "charge.dispute." } },
      retry: retried,
    },
    publishes: ["notices", "sale-refunds", "order-releases", "dead-letters"],
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
