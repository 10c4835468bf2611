import type { Database } from "./database.ts";
import type { Queues } from "./queues.ts";
import type { Topics } from "./topics.ts";

/** An instance's connections to everything outside of it. */
export interface Connections {
  readonly database: Database;
  readonly topics: Topics;
  readonly queues: Queues;
  /** For Discord, Stripe, Twitch and Redis. */
  readonly fetch: typeof fetch;
}
