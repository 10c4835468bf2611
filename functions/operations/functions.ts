import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  checkout,
  discord,
  project,
  redis,
  small,
  tasks,
  twitch,
} from "../../shared/runtime/function/row-parts.ts";
import { auctionQueues } from "../auctions/functions.ts";

/** The deployed functions of this feature. */
export const operationsFunctions = {
  sweeper: {
    does: "Does what lost tasks and messages left undone, and repairs Twitch's subscriptions; each part by itself.",
    ...small,
    trigger: { kind: "schedule", everyMinutes: 15 },
    timeoutSeconds: 300,
    publishes: ["order-disputes", "order-releases", "notices", "sales", "sale-refunds"],
    enqueues: [
      ...auctionQueues,
      ...([
        "drop-back",
        "drop-board",
        "drop-opening",
        "forget-person",
        "held-payment",
        "race-board",
        "reservation-end",
      ] as const),
    ],
    settings: [
      "DISPUTE_FEE_PAID_BY",
      "REFUND_ADVANCE_LIMIT",
      "RELEASE_HELD_AFTER",
      ...project,
      ...discord,
      ...twitch,
      ...tasks,
      ...redis,
      ...checkout,
      "STRIPE_PAYMENT_LINKS",
      "TWITCH_EVENTSUB_SECRET",
      "DISCORD_GUILD_ID",
      "DISCORD_OPERATORS_CHANNEL_ID",
      "FUNCTIONS_BASE_URL",
    ],
  },
  "dead-letter": {
    does: "Stores what failed for good, and notifies the operators' channel.",
    ...small,
    deps: "functions/operations/dead-letter-deps.ts",
    trigger: {
      kind: "topic",
      topic: "dead-letters",
      retry: { minimumBackoffSeconds: 10, maximumBackoffSeconds: 600 },
    },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, "DISCORD_OPERATORS_CHANNEL_ID"],
  },
} as const satisfies FunctionRows;
