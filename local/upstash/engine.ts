import type { Reply } from "./reply.ts";

/** One command with its arguments, as byte strings. */
export type Command = readonly string[];

/** What answers the commands behind the REST protocol: a real redis-server, or the embedded one. */
export interface Engine {
  readonly kind: "redis-server" | "embedded";
  /** Runs commands one after another; other callers' commands may come between them. */
  run(commands: readonly Command[]): Promise<Reply[]>;
  /**
   * Runs commands as one MULTI/EXEC transaction. Gives a single error, and runs none of them, when one
   * could not even be queued.
   */
  runAtomically(commands: readonly Command[]): Promise<Reply>;
  /** Forgets every key and every cached script, as a Redis that came back empty would have. */
  loseData(): Promise<void>;
  stop(): Promise<void>;
}
