import type { Reply } from "./reply.ts";

/** A command with its arguments, as byte strings. */
export type Command = readonly string[];

/** A replica that can take over after a failure; it may lack the last writes. */
export interface Replica {
  /** Starts following. Before that the replica has no state to continue from. */
  follow(): void;
  /** The maximum number of writing requests it can be behind. */
  readonly most: number;
  /**
   * Fails over to the replica, which lacks the last `lost` writing requests and knows no scripts.
   * Each key has a leader; `isLed` selects the keys whose leader failed, by default all.
   * https://upstash.com/docs/redis/features/consistency
   */
  failOver(lost: number, isLed?: (key: string) => boolean): void;
}

/** Executes the commands of the REST protocol: a real redis-server, or the embedded engine. */
export interface Engine {
  readonly kind: "redis-server" | "embedded";
  /** Runs commands one after another; commands of other callers may run in between. */
  run(commands: readonly Command[]): Promise<Reply[]>;
  /**
   * Runs commands as one MULTI/EXEC transaction. Returns a single error and runs none of them when
   * one could not be queued.
   */
  runAtomically(commands: readonly Command[]): Promise<Reply>;
  /** Deletes every key and every cached script, like a Redis that restarted empty. */
  loseData(): Promise<void>;
  /** The replica; undefined if the engine has none. */
  readonly replica?: Replica;
  stop(): Promise<void>;
}
