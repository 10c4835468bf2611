import type { Reply } from "./reply.ts";

/** One command with its arguments, as byte strings. */
export type Command = readonly string[];

/** A copy that takes over when the first one fails; it may not have got the last writes. */
export interface Replica {
  /** Begins to follow: before that there is nothing to go on from. */
  follow(): void;
  /** How many writing requests it can be behind. */
  readonly most: number;
  /**
   * Goes on from the replica, which has not got the last `lost` requests that wrote; no scripts are known. Each
   * key has a leader, and it may be that of some alone that failed: those that `isLed` says.
   * https://upstash.com/docs/redis/features/consistency
   */
  failOver(lost: number, isLed?: (key: string) => boolean): void;
}

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
  /** The copy that can take over; undefined where an engine has none. */
  readonly replica?: Replica;
  stop(): Promise<void>;
}
