import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  checkout,
  discord,
  patient,
  project,
  redis,
  retried,
  small,
  tasks,
} from "../../shared/runtime/function/row-parts.ts";

/** Where work for auctions waits. */
export const auctionQueues = ["auction-board", "hammer-drop", "auction-settlement"] as const;

/** The deployed functions of this feature. */
export const auctionsFunctions = {
  "auction-control": {
    does: "Answers `/c500 auction …`, the winner's claim, and a runner-up's acceptance.",
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
    ],
  },
  "auction-board": {
    does: "Records new bids, shows them on the boards, and finds lost ones.",
    ...small,
    // A board is right within 15 seconds of Redis's last failed call (docs/invariants.md), and an attempt takes time too.
    trigger: {
      kind: "queue",
      retry: { ...patient, minimumBackoffSeconds: 1, maximumBackoffSeconds: 8 },
    },
    publishes: ["dead-letters"],
    enqueues: ["auction-board", "hammer-drop"],
    settings: [...project, ...discord, ...tasks, ...redis, "PUBLIC_SITE_URL"],
  },
  "hammer-drop": {
    does: "Closes an auction at its end, or schedules itself again if a bid has moved the end.",
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: [...auctionQueues],
    settings: [...project, ...tasks, ...redis],
  },
  "auction-settlement": {
    does: "Creates the winner's order and Checkout link; if it stays unpaid, offers the item to the runners-up in turn.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["dead-letters"],
    enqueues: ["auction-board", "auction-settlement", "reservation-end"],
    settings: [...project, ...discord, ...tasks, ...redis, ...checkout],
  },
} as const satisfies FunctionRows;
