import type { IncomingMessage } from "node:http";
import { connectGoogle } from "../../shared/clients/google.ts";
import { type Gate, gated } from "../kit/gate.ts";
import type { Connect } from "./connect.ts";

/**
 * One instance of a function. Killed, it makes no call any more and sees no answer of those under
 * way, as when its machine fails; a call that was under way may still have its effect.
 */
export class LocalInstance {
  #isAlive = true;
  /** The requests that it handles, each with what counts it as ended. */
  readonly #requests = new Map<IncomingMessage, () => void>();

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Begins a request; the returned function ends it once. */
  begin(request: IncomingMessage, onEnd: () => void): () => void {
    const end = () => {
      if (this.#requests.delete(request)) onEnd();
    };
    this.#requests.set(request, onEnd);
    return end;
  }

  /** Ends it: its callers lose their connections. Returns how many there were. */
  kill(): number {
    this.#isAlive = false;
    const requests = [...this.#requests];
    this.#requests.clear();
    for (const [request, end] of requests) {
      request.socket.destroy();
      end();
    }
    return requests.length;
  }

  /** Every call of the instance passes through here, before and after its effect. */
  readonly gate: Gate = async (_operation, call) => {
    if (!this.#isAlive) return never();
    try {
      const result = await call();
      return this.#isAlive ? result : await never();
    } catch (error) {
      if (!this.#isAlive) return never();
      throw error;
    }
  };

  /** Connects it to Google's services and the internet. */
  readonly connectGoogle: Connect = (config, publishDeadlineMs) => {
    const google = connectGoogle(config, publishDeadlineMs);
    const { gate } = this;
    return {
      database: () => gate("database", google.database),
      topics: gated(google.topics, gate),
      queues: gated(google.queues, gate),
      fetch: (input, init) => gate("fetch", () => google.fetch(input, init)),
    };
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}
