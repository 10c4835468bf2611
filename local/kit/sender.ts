import type { OutgoingHttpHeaders } from "node:http";
import type { LocalClock } from "./clock.ts";
import type { Fault } from "./faults.ts";
import { FetchExchange } from "./fetch-exchange.ts";
import type { InProcessFetch } from "./in-process.ts";
import { SocketExchange } from "./socket-exchange.ts";

/** One HTTP request to an endpoint of ours. */
export interface Delivery {
  readonly url: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** How long the endpoint has to answer, by the local clock. */
  readonly deadlineMs: number;
}

/** What came of a delivery: what it was answered with, or why there was no answer. */
export type DeliveryOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly contentType?: string | undefined;
      /** The answer's `Retry-After`, as it came. */
      readonly retryAfter?: string | undefined;
      /** Undefined when a fault or an interim response was the answer. */
      readonly body?: Buffer;
    }
  | { readonly kind: "failed"; readonly reason: "deadline" | "connection" };

/** Receives what comes of one request. */
export interface AnswerReceiver {
  /** An interim answer (1xx). */
  readonly interim: (status: number) => void;
  readonly answer: (outcome: DeliveryOutcome & { kind: "answered" }) => void;
  /** There will be no answer. */
  readonly fail: () => void;
}

/** How requests reach their endpoints. Redirects are not followed. */
export interface Exchange {
  /** Sends a request; what it returns cuts the request off. */
  send(delivery: Delivery, receiver: AnswerReceiver): () => void;
  /** Cuts every request off. */
  stop(): void;
}

const LOST: DeliveryOutcome = { kind: "failed", reason: "connection" };

/**
 * The real time every endpoint gets at the least where the clock runs: advancing it by a day while a handler
 * runs must not cut the handler off in its first millisecond. A clock that stands lets handlers finish first.
 */
const MINIMUM_REAL_MS = 1_000;

/** Sends deliveries, over sockets unless a `fetch` is given, and can end all of them at once. */
export class HttpSender {
  #clock: LocalClock;
  #exchange: Exchange;

  constructor(clock: LocalClock, fetch?: InProcessFetch) {
    this.#clock = clock;
    this.#exchange = fetch ? new FetchExchange(fetch) : new SocketExchange();
  }

  /** Never rejects. Redirects are not followed; a 1xx counts when nothing comes after it. */
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
   * Sends it as the fault has it: not at all, several times at once, or with its answer lost. Of
   * several answers a successful one counts. What postpones a delivery is the caller's to see to.
   */
  async sendStruck(delivery: Delivery, fault: Fault | undefined): Promise<DeliveryOutcome> {
    if (fault?.kind === "drop") return LOST;
    if (fault?.kind === "fail") return { kind: "answered", status: fault.code };
    const copies = fault?.kind === "duplicate" ? fault.copies : 1;
    const outcomes = await Promise.all(Array.from({ length: copies }, () => this.send(delivery)));
    if (fault?.kind === "lose-answer") return LOST;
    return outcomes.find((outcome) => succeeded(outcome)) ?? outcomes[0] ?? LOST;
  }

  /** Cuts every connection; deliveries in flight fail. */
  stop(): void {
    this.#exchange.stop();
  }

  #onDeadline(deadlineMs: number, callback: () => void): () => void {
    if (this.#clock.stands) return this.#clock.after(deadlineMs, callback);
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
