import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  discord,
  project,
  redis,
  retried,
  small,
  stripe,
  tasks,
} from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const fulfilmentFunctions = {
  fulfilment: {
    does: "Sets where builders ship, lists orders, marks parcels as sent and as arrived, cancels orders, and answers what people ask about them.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "fulfilment" },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: ["drop-board"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...stripe,
      "SHOP_CURRENCY",
      "DISCORD_GUILD_ID",
      "DISCORD_OPERATORS_CHANNEL_ID",
      "PUBLIC_SITE_URL",
      "SESSION_KEY",
    ],
  },
  "order-dispute": {
    does: "Closes what a buyer reported about an order that their bank disputes, and drafts the evidence at Stripe.",
    ...small,
    trigger: { kind: "topic", topic: "order-disputes", retry: retried },
    publishes: ["notices", "dead-letters"],
    settings: [...project, ...stripe, "DISCORD_GUILD_ID", "DISCORD_OPERATORS_CHANNEL_ID"],
  },
} as const satisfies FunctionRows;
