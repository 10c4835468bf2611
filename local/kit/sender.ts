import { Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LocalClock } from "./clock.ts";
import type { Fault } from "./faults.ts";

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
      /** Undefined when a fault or an interim response was the answer. */
      readonly body?: Buffer;
    }
  | { readonly kind: "failed"; readonly reason: "deadline" | "connection" };

const LOST: DeliveryOutcome = { kind: "failed", reason: "connection" };

/** Below the five seconds after which Node's servers hang up, so that no reused socket is stale. */
const IDLE_SOCKET_MS = 2_000;

/**
 * The real time every endpoint gets at the least: advancing the clock by a day while a handler runs
 * must not cut the handler off in its first millisecond.
 */
const MINIMUM_REAL_MS = 1_000;

/** Sends deliveries over kept-alive connections, and can end all of them at once. */
export class HttpSender {
  #clock: LocalClock;
  #http = new HttpAgent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_SOCKET_MS });

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** Never rejects. Redirects are not followed; a 1xx counts when nothing comes after it. */
  send({ url, method, headers, body, deadlineMs }: Delivery): Promise<DeliveryOutcome> {
    const secure = url.startsWith("https:");
    return new Promise((resolve) => {
      let cancelDeadline = () => {};
      const settle = (outcome: DeliveryOutcome) => {
        cancelDeadline();
        resolve(outcome);
      };
      let interim: DeliveryOutcome | undefined;
      const fail = () => settle(interim ?? LOST);
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method,
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, "content-length": body.length },
      });
      request.on("information", ({ statusCode }) => {
        interim = { kind: "answered", status: statusCode };
      });
      request.once("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.once("end", () =>
          settle({
            kind: "answered",
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"],
            body: Buffer.concat(chunks),
          }),
        );
        response.once("error", fail);
      });
      request.once("error", fail);
      cancelDeadline = this.#onDeadline(deadlineMs, () => {
        settle(interim ?? { kind: "failed", reason: "deadline" });
        request.destroy();
      });
      request.end(body);
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
    this.#http.destroy();
    this.#https.destroy();
  }

  #onDeadline(deadlineMs: number, callback: () => void): () => void {
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
