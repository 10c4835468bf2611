import { AsyncLocalStorage } from "node:async_hooks";
import { IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type AnswerHead, AnswerReader } from "./answer-reader.ts";
import { MemorySocket } from "./memory-socket.ts";
import { type FetchInput, readRequest, type SentRequest } from "./sent-request.ts";

/** What `fetch` is given, and what a caller who speaks HTTP itself would see too. */
export interface InProcessInit extends RequestInit {
  /** An interim answer (1xx), which `fetch` keeps to itself. */
  readonly onInformation?: (status: number) => void;
}

/** Calls a listener of this process as `fetch` would call a server. */
export type InProcessFetch = (input: FetchInput, init?: InProcessInit) => Promise<Response>;

/** What a connection holds that nobody reads; the listener's further writes wait. */
const BUFFERED_BYTES = 65_536;

/** https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY_STATUSES = [204, 205, 304];

/**
 * Makes a `fetch` that calls the listener, with Node's own request and response objects, and uses no socket,
 * timer or thread. It differs from the real one in this: redirects are never followed, nothing is
 * decompressed and so nothing asks for it, and answers have no `date`. The listener runs in the async context
 * in which this is called, not in its caller's. `sockets` holds the connections while they are in use;
 * destroying one cuts it.
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

/** One request and its answer. */
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
  /** What of the body has come before the answer was handed over. */
  #early: Buffer[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isComplete = false;
  #isSent = false;
  /** The connection is in use no more. */
  #leave: () => void;
  /** Asks the listener for more of the body. */
  #askForMore = () => {};
  /** Lets the request's body go on. */
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

  /** Gives the caller what there is of the answer, once its head is complete. */
  #handOver(): void {
    if (!this.#head || this.#isSettled) return;
    this.#isSettled = true;
    const { status, statusText, headers } = this.#head;
    const hasBody = !NULL_BODY_STATUSES.includes(status);
    const body = this.#isComplete ? Buffer.concat(this.#early) : this.#streamed();
    this.#settle.resolve(new Response(hasBody ? body : null, { status, statusText, headers }));
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

  /** The answer is complete, whether or not the listener has ended it. */
  #complete(): void {
    this.#isComplete = true;
    this.#stopListening();
    this.#stream?.close();
    queueMicrotask(() => this.#hangUp());
  }

  /** As a client does that has its answer, where the connection cannot be used again. */
  #hangUp(): void {
    const isReusable = this.#isSent && this.#head?.isKeptAlive;
    if (!isReusable && !this.response.writableEnded) this.#socket.destroy();
  }

  /** The listener has ended its answer. As a server does, what nobody has read of the request is let go. */
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

  /** The connection is gone: on both sides, what is not complete has failed. */
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
  // As `fetch` sends it: with a "?" that has nothing after it.
  request.url = url.href.slice(url.origin.length, -url.hash.length || undefined);
  request.headers = Object.fromEntries(headers);
  request.rawHeaders = headers.flat();
  return request;
}

/** Node's HTTP classes work over any stream; their types ask for a socket. */
function asSocket(socket: MemorySocket): Socket {
  return socket as unknown as Socket;
}
