/**
 * List prices in dollars without free tiers, us-central1, November 2026. `docs/costs.md` lists
 * those that do not come from the provider's own page.
 */
export const PRICE = {
  // https://upstash.com/pricing/redis
  redisCommand: 0.2 / 100_000,
  // https://cloud.google.com/run/pricing (request-based billing, tier 1)
  vcpuSecond: 0.000024,
  gibibyteSecond: 0.0000025,
  request: 0.4 / 1_000_000,
  /** Price of an idle minimum instance. */
  idleVcpuSecond: 0.0000025,
  // https://cloud.google.com/tasks/docs/pricing
  taskOperation: 0.4 / 1_000_000,
  // https://cloud.google.com/firestore/pricing
  firestoreWrite: 0.09 / 100_000,
  firestoreRead: 0.03 / 100_000,
  /** Per month of storage; point-in-time recovery costs the same again. */
  firestoreGibibyte: 0.15,
  firestoreBackupGibibyte: 0.03,
  // https://cloud.google.com/pubsub/pricing
  pubsubGibibyte: 40 / 1024,
  // https://firebase.google.com/pricing
  hostingGibibyte: 0.15,
  // https://cloud.google.com/stackdriver/pricing
  logGibibyte: 0.5,
} as const;

/** Instances are billed in steps of this length: https://cloud.google.com/run/pricing */
export const BILLING_STEP_MS = 100;
/** One bid is one EVALSHA. Upstash does not document a price of the commands inside a script. */
export const COMMANDS_A_BID = 1;

/**
 * For a pay-as-you-go database: https://upstash.com/docs/redis/troubleshooting/max_requests_limit
 */
export const UPSTASH_COMMANDS_A_SECOND = 10_000;

/** The operations of one run of a board's task, besides one write per recorded bid. */
export const BOARD = {
  /** In `showBoards`: the lock, the mark, twice the progress, the bids, and what is shown. */
  commands: 3 + 1 + 4 + 1 + 2,
  /** Creating and dispatching the task. */
  taskOperations: 2,
  /** The auction, three times including its current standing. Bids are counted separately. */
  reads: 3,
  writes: 1,
  /** Assumed, not measured: mostly Discord's edit. */
  ms: 500,
} as const;
