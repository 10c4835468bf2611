import { AsyncLocalStorage } from "node:async_hooks";
import { IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type AnswerHead, AnswerReader } from "./answer-reader.ts";
import { CompleteResponse } from "./complete-response.ts";
import { MemorySocket } from "./memory-socket.ts";
import { type FetchInput, readRequest, type SentRequest } from "./sent-request.ts";

/** The options of `fetch`, and what only a lower-level HTTP client would see. */
export interface InProcessInit extends RequestInit {
  /** Called for an interim response (1xx), which `fetch` does not expose. */
  readonly onInformation?: (status: number) => void;
}

/** Calls a listener in this process as `fetch` calls a server. */
export type InProcessFetch = (input: FetchInput, init?: InProcessInit) => Promise<Response>;

/** How much unread data a connection buffers before the listener's writes have to wait. */
const BUFFERED_BYTES = 65_536;

/** https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY_STATUSES = [204, 205, 304];

/**
 * Creates a `fetch` that calls the listener with Node's own request and response objects and uses
 * no sockets, timers or threads. It differs from the real one: it never follows redirects, does not
 * decompress or ask for compression, and its responses have no `date`. The listener runs in the
 * async context of this call, not in that of its caller. `sockets` contains the connections in use;
 * destroying one terminates it.
 */
export function inProcess(
  listener: RequestListener,
  sockets = new Set<MemorySocket>(),
): InProcessFetch {
  const inOwnContext = AsyncLocalStorage.snapshot();
  return async (input, init) => {
    const sent = await readRequest(input, init);
    sent.signal?.throwIfAborted();
    const exchange = new Exchange(sent, sockets, init?.onInformation);
    inOwnContext(() =>
      queueMicrotask(() => {
        listener(exchange.request, exchange.response);
      }),
    );
    const answer = await exchange.answered;
    Object.defineProperty(answer, "url", { value: sent.url.href });
    return answer;
  };
}

/** One request and its response. */
class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answered: Promise<Response>;
  #settle: Pick<PromiseWithResolvers<Response>, "resolve" | "reject">;
  #isSettled = false;
  #socket: MemorySocket;
  #reader: AnswerReader;
  #stopListening: () => void;
  #head: AnswerHead | undefined;
  /** Body data that arrived before the response was passed to the caller. */
  #early: Buffer[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isComplete = false;
  #isSent = false;
  /** Removes the connection from those in use. */
  #leave: () => void;
  /** Asks the listener for more of the body. */
  #askForMore = () => {};
  /** Continues sending the request's body. */
  #sendMore = () => {};

  constructor(
    sent: SentRequest,
    sockets: Set<MemorySocket>,
    onInformation: (status: number) => void = () => {},
  ) {
    const { promise, ...settle } = Promise.withResolvers<Response>();
    this.answered = promise;
    this.#settle = settle;
    this.#reader = new AnswerReader(sent.method, {
      information: onInformation,
      head: (head) => {
        this.#head = head;
      },
      data: (bytes) => {
        if (this.#stream) this.#stream.enqueue(bytes);
        else this.#early.push(bytes);
      },
      end: () => this.#complete(),
    });
    const socket = new MemorySocket({
      receive: (bytes, done) => {
        this.#reader.read(bytes);
        this.#handOver();
        if ((this.#stream?.desiredSize ?? 1) > 0 || this.#isComplete) done();
        else this.#askForMore = done;
      },
      resume: () => this.#sendMore(),
    });
    this.#socket = socket;
    sockets.add(socket);
    this.request = requestOver(socket, sent);
    this.response = new ServerResponse(this.request);
    this.response.sendDate = false;
    this.#leave = () => void sockets.delete(socket);
    socket.once("close", () => this.#closed());
    socket.on("drain", () => {
      if (this.response.writableNeedDrain) this.response.emit("drain");
    });
    this.response.assignSocket(asSocket(socket));
    this.response.once("finish", () => this.#finish());
    const abort = () => this.#fail(sent.signal?.reason);
    sent.signal?.addEventListener("abort", abort, { once: true });
    this.#stopListening = () => sent.signal?.removeEventListener("abort", abort);
    this.#send(sent.body);
  }

  #send(body: SentRequest["body"]): void {
    if (body instanceof ReadableStream) {
      this.#sendStream(body).catch((error: unknown) => this.#fail(error));
      return;
    }
    if (body && body.byteLength > 0) this.request.push(body);
    this.#endRequest();
  }

  async #sendStream(body: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of body) {
      if (this.#socket.destroyed) return;
      if (this.request.push(bytes)) continue;
      await new Promise<void>((resolve) => {
        this.#sendMore = resolve;
      });
    }
    this.#endRequest();
  }

  #endRequest(): void {
    this.#isSent = true;
    this.request.complete = true;
    this.request.push(null);
  }

  /** Passes the response to the caller once its headers are complete. */
  #handOver(): void {
    if (!this.#head || this.#isSettled) return;
    this.#isSettled = true;
    const { status, statusText, headers } = this.#head;
    const init = { status, statusText, headers };
    if (NULL_BODY_STATUSES.includes(status)) this.#settle.resolve(new Response(null, init));
    else if (!this.#isComplete) this.#settle.resolve(new Response(this.#streamed(), init));
    else this.#settle.resolve(new CompleteResponse(Buffer.concat(this.#early), init));
  }

  #streamed(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#stream = controller;
          for (const bytes of this.#early) controller.enqueue(bytes);
        },
        pull: () => {
          const ask = this.#askForMore;
          this.#askForMore = () => {};
          ask();
        },
        cancel: () => void this.#socket.destroy(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: BUFFERED_BYTES }),
    );
  }

  /** The response is complete, whether or not the listener has ended it. */
  #complete(): void {
    this.#isComplete = true;
    this.#stopListening();
    this.#stream?.close();
    queueMicrotask(() => this.#hangUp());
  }

  /** Closes a connection that cannot be reused, as a client does after the response. */
  #hangUp(): void {
    const isReusable = this.#isSent && this.#head?.isKeptAlive;
    if (!isReusable && !this.response.writableEnded) this.#socket.destroy();
  }

  /**
   * The listener has ended its response. As a server does, discards the unread rest of the request.
   */
  #finish(): void {
    this.#reader.close();
    this.#handOver();
    if (!this.#isSent || !this.#isComplete) {
      this.#socket.destroy();
      return;
    }
    this.response.detachSocket(asSocket(this.#socket));
    if (this.request.readableFlowing === null) this.request.resume();
    this.#leave();
    queueMicrotask(() => {
      this.response.destroyed = true;
      this.response.emit("close");
    });
  }

  /** The connection is closed: whatever is incomplete fails on both sides. */
  #closed(): void {
    this.#leave();
    if (!this.request.destroyed) {
      this.request.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
    }
    this.#sendMore();
    if (this.#isComplete) return;
    const cause = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
    this.#fail(new TypeError(this.#stream ? "terminated" : "fetch failed", { cause }));
  }

  #fail(error: unknown): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.#isSettled = true;
    this.#stopListening();
    this.#settle.reject(error);
    this.#stream?.error(error);
    this.#socket.destroy();
  }
}

function requestOver(socket: MemorySocket, { method, url, headers }: SentRequest): IncomingMessage {
  const request = new IncomingMessage(asSocket(socket));
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  request.httpVersion = "1.1";
  request.method = method;
  // As `fetch` sends it: including a "?" with nothing after it.
  request.url = url.href.slice(url.origin.length, -url.hash.length || undefined);
  request.headers = Object.fromEntries(headers);
  request.rawHeaders = headers.flat();
  return request;
}

/** Node's HTTP classes work with any stream, but their types require a socket. */
function asSocket(socket: MemorySocket): Socket {
  return socket as unknown as Socket;
}
