/**
 * Dollars at list price, without free tiers, in us-central1, as of November 2026. Not all were read on the
 * provider's own page: `docs/costs.md` says which.
 */
export const PRICE = {
  // https://upstash.com/pricing/redis
  redisCommand: 0.2 / 100_000,
  // https://cloud.google.com/run/pricing (request-based billing, tier 1)
  vcpuSecond: 0.000024,
  gibibyteSecond: 0.0000025,
  request: 0.4 / 1_000_000,
  /** Of an instance that is kept and has nothing to do. */
  idleVcpuSecond: 0.0000025,
  // https://cloud.google.com/tasks/docs/pricing
  taskOperation: 0.4 / 1_000_000,
  // https://cloud.google.com/firestore/pricing
  firestoreWrite: 0.09 / 100_000,
  firestoreRead: 0.03 / 100_000,
  /** Stored for a month; what recovery keeps costs the same again. */
  firestoreGibibyte: 0.15,
  firestoreBackupGibibyte: 0.03,
  // https://cloud.google.com/pubsub/pricing
  pubsubGibibyte: 40 / 1024,
  // https://firebase.google.com/pricing
  hostingGibibyte: 0.15,
  // https://cloud.google.com/stackdriver/pricing
  logGibibyte: 0.5,
} as const;

/** An instance is billed in steps of this. https://cloud.google.com/run/pricing */
export const BILLING_STEP_MS = 100;
/** One bid is one EVALSHA. Upstash does not say that commands inside a script cost anything. */
export const COMMANDS_A_BID = 1;

/** Of a database that is paid by use. https://upstash.com/docs/redis/troubleshooting/max_requests_limit */
export const UPSTASH_COMMANDS_A_SECOND = 10_000;

/** What one run of a board's task needs, besides a write for each bid it records. */
export const BOARD = {
  /** Of `showBoards`: its lock, the mark, twice how far bidding is, the bids, and what is shown. */
  commands: 3 + 1 + 4 + 1 + 2,
  /** Creating it and dispatching it. */
  taskOperations: 2,
  /** The auction, three times; the auction as it stands. The bids themselves are counted alone. */
  reads: 3,
  writes: 1,
  /** Taken, not measured: Discord's edit is most of it. */
  ms: 500,
} as const;
