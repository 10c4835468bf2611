import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  discord,
  patient,
  platformOnly,
  project,
  redis,
  retried,
  small,
  stripe,
  tasks,
} from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const shopFunctions = {
  "drop-board": {
    does: "Brings a drop's post and its event in the server up to date, at most once a second.",
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["drop-back"],
    settings: [...project, ...discord, ...redis, ...tasks, "DISCORD_GUILD_ID", "PUBLIC_SITE_URL"],
  },
  "drop-back": {
    does: "Notifies people who wait for a drop that it has units again.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["notices", "dead-letters"],
    enqueues: ["drop-back"],
    settings: [...project, ...tasks, "DISCORD_GUILD_ID"],
  },
  "drop-opening": {
    does: "Opens a draft of a drop at its time.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["notices", "dead-letters"],
    enqueues: ["drop-board"],
    settings: [
      ...project,
      ...discord,
      ...redis,
      ...tasks,
      "DISCORD_MARKETPLACE_CHANNEL_ID",
      "PUBLIC_SITE_URL",
    ],
  },
  "reservation-end": {
    does: "Frees the unit of a checkout that ended unpaid.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: ["auction-settlement", "drop-board", "held-payment"],
    settings: ["REFUND_ADVANCE_LIMIT", ...project, ...tasks, ...redis, ...stripe],
  },
  "charge-booked": {
    deps: platformOnly,
    does: "Asks for the release of money that Stripe could not transfer before.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: "charge.updated" },
      retry: retried,
    },
    publishes: ["order-releases", "dead-letters"],
    settings: [...project, ...stripe],
  },
  notice: {
    deps: "functions/shop/notice-deps.ts",
    does: "Notifies people of what was done with money; nothing waits for it.",
    ...small,
    // No dead letters: while Discord is down, all wait, for as long as the topic keeps them.
    trigger: {
      kind: "topic",
      topic: "notices",
      retry: { minimumBackoffSeconds: 5, maximumBackoffSeconds: 300 },
    },
    publishes: ["dead-letters"],
    settings: [...project, ...discord, "DISCORD_OPERATORS_CHANNEL_ID", "PUBLIC_SITE_URL"],
  },
  "seller-account": {
    does: "Stores the state of a builder's Stripe account, and notifies them.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "stripe-events",
      filter: { type: { startsWith: "account." } },
      retry: retried,
    },
    publishes: ["order-releases", "dead-letters"],
    settings: [...project, ...discord, ...stripe],
  },
  "order-release": {
    does: "Sends the builder their part of a paid or proved order.",
    ...small,
    trigger: { kind: "topic", topic: "order-releases", retry: retried },
    publishes: ["notices", "dead-letters"],
    settings: ["RELEASE_HELD_AFTER", ...project, ...stripe],
  },
  "held-payment": {
    does: "Warns before held money is due, then refunds it.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["order-releases", "notices", "dead-letters"],
    enqueues: ["drop-board"],
    settings: ["REFUND_ADVANCE_LIMIT", ...project, ...tasks, ...redis, ...stripe],
  },
} as const satisfies FunctionRows;
