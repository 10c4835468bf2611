import type { Database } from "../../shared/ports/database.ts";
import { currentSpan } from "../../shared/runtime/trace.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { Connect } from "./connect.ts";

/** A call that a function made over HTTP: to Discord, Stripe, Twitch or Redis. */
export interface OutgoingCall {
  readonly traceId: string;
  readonly spanId: string;
  readonly method: string;
  readonly url: string;
  /** The beginning of the request's body, if it is a text. */
  readonly body: string;
  readonly atMs: number;
  readonly durationMs: number;
  /** Undefined if there was no answer. */
  readonly status: number | undefined;
}

/** How many of the latest calls and commits are held. */
const MOST_HELD = 20_000;
/** How much of a body is held. */
const BODY_LENGTH = 2_000;

/**
 * The functions' latest calls to the outside, with the spans that made them. It needs functions
 * that share this process's code, because only their spans are known here.
 */
export class OutgoingCalls {
  readonly #clock: LocalClock;
  #calls: OutgoingCall[] = [];
  /** The trace of each Firestore commit, by the time of the commit in microseconds. */
  #commits = new Map<number, string>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** The held calls of a trace, oldest first. */
  of(traceId: string): readonly OutgoingCall[] {
    return this.#calls.filter((call) => call.traceId === traceId);
  }

  /** The trace that made the Firestore commit of this time, in microseconds. */
  traceOfCommit(atMicros: number): string | undefined {
    return this.#commits.get(atMicros);
  }

  /** Creates the same connections, and records their use. */
  recording(connect: Connect): Connect {
    return (config, publishDeadlineMs) => {
      const connections = connect(config, publishDeadlineMs);
      return {
        ...connections,
        fetch: this.#recordFetch(connections.fetch),
        database: this.#recordCommits(connections.database),
      };
    };
  }

  #recordFetch(call: typeof fetch): typeof fetch {
    return async (input, init) => {
      const span = currentSpan();
      if (!span) return call(input, init);
      const atMs = this.#clock.nowMs();
      const made = {
        traceId: span.traceId,
        spanId: span.spanId,
        method: init?.method ?? "GET",
        url: String(input instanceof Request ? input.url : input),
        body: typeof init?.body === "string" ? init.body.slice(0, BODY_LENGTH) : "",
        atMs,
      };
      const end = (status: number | undefined) => {
        this.#calls.push({ ...made, durationMs: this.#clock.nowMs() - atMs, status });
        if (this.#calls.length > 2 * MOST_HELD) this.#calls = this.#calls.slice(-MOST_HELD);
      };
      try {
        const response = await call(input, init);
        end(response.status);
        return response;
      } catch (error) {
        end(undefined);
        throw error;
      }
    };
  }

  #recordCommits(database: Database): Database {
    const watched = new WeakSet<object>();
    return async () => {
      const firestore = await database();
      if (!watched.has(firestore) && hasRequest(firestore)) {
        watched.add(firestore);
        const request = firestore.request.bind(firestore);
        firestore.request = async (method, ...rest) => {
          const traceId = currentSpan()?.traceId;
          const answer = await request(method, ...rest);
          const { commitTime } = answer ?? {};
          if (traceId && commitTime) this.#addCommit(commitTime, traceId);
          return answer;
        };
      }
      return firestore;
    };
  }

  #addCommit({ seconds, nanos }: CommitTime, traceId: string): void {
    this.#commits.set(Number(seconds) * 1e6 + Math.floor(nanos / 1000), traceId);
    const [oldest] = this.#commits.keys();
    if (this.#commits.size > MOST_HELD && oldest !== undefined) this.#commits.delete(oldest);
  }
}

interface CommitTime {
  readonly seconds: string | number;
  readonly nanos: number;
}

/** The method of Google's client through which every unary call goes. */
interface HasRequest {
  request(
    method: string,
    ...rest: readonly unknown[]
  ): Promise<{ readonly commitTime?: CommitTime } | undefined>;
}

function hasRequest(client: object): client is HasRequest {
  return "request" in client && typeof client.request === "function";
}
