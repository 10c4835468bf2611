import type { OutgoingHttpHeaders } from "node:http";
import type { LocalClock } from "../clock.ts";
import type { Fault } from "../faults.ts";
import { FetchExchange } from "./fetch-exchange.ts";
import type { InProcessFetch } from "./in-process.ts";
import { SocketExchange } from "./socket-exchange.ts";

/** An HTTP request to one of the application's endpoints. */
export interface Delivery {
  readonly url: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** The deadline for the response, by the local clock. */
  readonly deadlineMs: number;
}

/** A delivery's outcome: the response, or why there was none. */
export type DeliveryOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly contentType?: string | undefined;
      /** The response's `Retry-After` header, unparsed. */
      readonly retryAfter?: string | undefined;
      /** Undefined when the response came from a fault or is an interim one. */
      readonly body?: Buffer;
    }
  | { readonly kind: "failed"; readonly reason: "deadline" | "connection" };

/** Receives the outcome of one request. */
export interface AnswerReceiver {
  /** An interim response (1xx). */
  readonly interim: (status: number) => void;
  readonly answer: (outcome: DeliveryOutcome & { kind: "answered" }) => void;
  /** There will be no response. */
  readonly fail: () => void;
}

/** Sends requests to their endpoints. Does not follow redirects. */
export interface Exchange {
  /** Sends a request. The returned function aborts it. */
  send(delivery: Delivery, receiver: AnswerReceiver): () => void;
  /** Aborts every request. */
  stop(): void;
}

const LOST: DeliveryOutcome = { kind: "failed", reason: "connection" };

/**
 * The minimum real time of every endpoint while the clock runs: advancing it by a day during a
 * request must not abort the handler in its first millisecond. A frozen clock lets handlers finish
 * first.
 */
const MINIMUM_REAL_MS = 1_000;

/** Sends deliveries, over sockets unless a `fetch` is given, and can abort all of them. */
export class HttpSender {
  #clock: LocalClock;
  #exchange: Exchange;

  constructor(clock: LocalClock, fetch?: InProcessFetch) {
    this.#clock = clock;
    this.#exchange = fetch ? new FetchExchange(fetch) : new SocketExchange();
  }

  /** Never rejects. Does not follow redirects. A 1xx is the outcome when nothing follows it. */
  send(delivery: Delivery): Promise<DeliveryOutcome> {
    return new Promise((resolve) => {
      let interim: DeliveryOutcome | undefined;
      let cancelDeadline = () => {};
      const settle = (outcome: DeliveryOutcome) => {
        cancelDeadline();
        resolve(outcome);
      };
      const cut = this.#exchange.send(delivery, {
        interim: (status) => {
          interim = { kind: "answered", status };
        },
        answer: settle,
        fail: () => settle(interim ?? LOST),
      });
      cancelDeadline = this.#onDeadline(delivery.deadlineMs, () => {
        settle(interim ?? { kind: "failed", reason: "deadline" });
        cut();
      });
    });
  }

  /**
   * Sends a delivery with its fault: not at all, several times at once, or losing the response. Of
   * several responses a successful one wins. The caller handles faults that postpone a delivery.
   */
  async sendWithFault(delivery: Delivery, fault: Fault | undefined): Promise<DeliveryOutcome> {
    if (fault?.kind === "drop") return LOST;
    if (fault?.kind === "fail") return { kind: "answered", status: fault.code };
    const copies = fault?.kind === "duplicate" ? fault.copies : 1;
    const outcomes = await Promise.all(Array.from({ length: copies }, () => this.send(delivery)));
    if (fault?.kind === "lose-answer") return LOST;
    return outcomes.find((outcome) => succeeded(outcome)) ?? outcomes[0] ?? LOST;
  }

  /** Terminates every connection; deliveries in flight fail. */
  stop(): void {
    this.#exchange.stop();
  }

  #onDeadline(deadlineMs: number, callback: () => void): () => void {
    if (this.#clock.isFrozen) return this.#clock.after(deadlineMs, callback);
    const startedMs = performance.now();
    let realTimer: NodeJS.Timeout | undefined;
    const cancel = this.#clock.after(deadlineMs, () => {
      const leftMs = MINIMUM_REAL_MS - (performance.now() - startedMs);
      realTimer = setTimeout(callback, Math.max(0, leftMs));
    });
    return () => {
      cancel();
      clearTimeout(realTimer);
    };
  }
}

function succeeded(outcome: DeliveryOutcome): boolean {
  return outcome.kind === "answered" && outcome.status < 300;
}
