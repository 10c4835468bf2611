import type { FunctionRows } from "../../shared/runtime/function-row.ts";
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
} from "../../shared/runtime/row-parts.ts";
import { providerSettings } from "./providers/settings.ts";

/** The deployed functions of this feature. */
export const racesFunctions = {
  "shop-webhook": {
    deps: platformOnly,
    does: "Verifies webhooks of merch providers such as Ko-fi and Shopify, converts their sales and refunds to one shape, and publishes them.",
    ...small,
    trigger: { kind: "http", isPublic: true },
    timeoutSeconds: 10,
    // Shopify's largest orders have some hundred lines of a kilobyte or two.
    maxBodyBytes: 2_000_000,
    publishes: ["sales", "sale-refunds", "dead-letters"],
    publishDeadlineMs: 3_000,
    settings: project,
    ownSettings: Object.keys(providerSettings),
  },
  commission: {
    does: "Books a sale and its shares in the ledger.",
    ...small,
    trigger: { kind: "topic", topic: "sales", retry: retried },
    publishes: ["dead-letters"],
    enqueues: ["race-board"],
    settings: [...project, ...tasks, "SHARE_HOLD_DAYS"],
  },
  clawback: {
    does: "Takes shares back in proportion to a refund, even after a payout.",
    ...small,
    trigger: { kind: "topic", topic: "sale-refunds", retry: retried },
    publishes: ["dead-letters"],
    enqueues: ["race-board", "race-notice"],
    settings: [...project, ...tasks],
  },
  "race-control": {
    does: "Answers `/race …`, `/start`, `/finish`, the lobby's buttons and `/c500 hosts …`, once for each interaction.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "race-control" },
      retry: retried,
    },
    publishes: ["notices", "dead-letters"],
    enqueues: ["race-board", "window-close"],
    settings: [
      ...[...project, ...discord, ...tasks, "DISCORD_OPERATORS_CHANNEL_ID", "PUBLIC_SITE_URL"],
      "FORGOTTEN_KEY",
      ...(["RACE_RATE_BPS", "SHOP_CURRENCY", "SHOP_URL"] as const),
    ],
  },
  "race-board": {
    does: "Shows a lobby and its pot, makes pending announcements, and notifies racers of their first share.",
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["race-notice"],
    settings: [
      ...[...project, ...discord, ...tasks, ...redis],
      ...(["PUBLIC_SITE_URL", "SHARE_HOLD_DAYS"] as const),
    ],
  },
  "race-notice": {
    does: "Notifies racers of refunds, and of money that can be paid out.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    publishes: ["dead-letters"],
    enqueues: ["race-notice"],
    settings: [...project, ...discord, ...tasks, "PAYOUT_THRESHOLD"],
  },
  "window-close": {
    does: "Warns the host of an open window, then closes it as of its scheduled end.",
    ...small,
    trigger: { kind: "queue", retry: { ...patient, minimumBackoffSeconds: 1 } },
    publishes: ["dead-letters"],
    enqueues: ["race-board", "window-close"],
    settings: [...project, ...discord, ...tasks, "PUBLIC_SITE_URL"],
  },
  wallet: {
    does: "Answers `/wallet`, `/payout` and `/payouts …`.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "wallet" },
      retry: retried,
    },
    publishes: ["dead-letters"],
    settings: [
      ...project,
      ...discord,
      ...stripe,
      "DISCORD_OPERATORS_CHANNEL_ID",
      "FORGOTTEN_KEY",
      "PAYOUT_THRESHOLD",
      "PUBLIC_SITE_URL",
      "SHOP_CURRENCY",
      "TAX_YEARLY_LIMIT",
    ],
  },
} as const satisfies FunctionRows;
