import type { FunctionRows } from "../../shared/runtime/function-row.ts";
import {
  checkout,
  discord,
  patient,
  project,
  redis,
  retried,
  small,
  tasks,
} from "../../shared/runtime/row-parts.ts";

/** Where work for auctions waits. */
export const auctionQueues = ["auction-board", "hammer-drop", "auction-settlement"] as const;

/** The deployed functions of this feature. */
export const auctionsFunctions = {
  "auction-control": {
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "auction-control" },
      retry: retried,
    },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: [...auctionQueues, "drop-board", "reservation-end", "held-payment"],
    settings: [
      "REFUND_ADVANCE_LIMIT",
      ...project,
      ...discord,
      ...tasks,
      ...redis,
      ...checkout,
      "SHOP_CURRENCY",
      "DISCORD_OPERATORS_CHANNEL_ID",
    ],
  },
  "auction-board": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["auction-board", "hammer-drop"],
    settings: [...project, ...discord, ...tasks, ...redis, "PUBLIC_SITE_URL"],
  },
  "hammer-drop": {
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: [...auctionQueues],
    settings: [...project, ...tasks, ...redis],
  },
  "auction-settlement": {
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["dead-letters"],
    enqueues: ["auction-board", "auction-settlement", "reservation-end"],
    settings: [...project, ...discord, ...tasks, ...redis, ...checkout],
  },
} as const satisfies FunctionRows;
