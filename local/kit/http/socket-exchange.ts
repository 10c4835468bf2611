import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { AnswerReceiver, Delivery, Exchange } from "./sender.ts";

/**
 * Less than the five seconds after which Node's servers close idle connections, so that no reused
 * socket is stale.
 */
const IDLE_SOCKET_MS = 2_000;

/** Sends requests over kept-alive connections. */
export class SocketExchange implements Exchange {
  #http = new HttpAgent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_SOCKET_MS });

  send({ url, method, headers, body }: Delivery, receiver: AnswerReceiver): () => void {
    const secure = url.startsWith("https:");
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method,
      agent: secure ? this.#https : this.#http,
      headers: { ...headers, "content-length": body.length },
    });
    request.on("information", ({ statusCode }) => receiver.interim(statusCode));
    request.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.once("end", () =>
        receiver.answer({
          kind: "answered",
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"],
          retryAfter: response.headers["retry-after"],
          body: Buffer.concat(chunks),
        }),
      );
      response.once("error", receiver.fail);
    });
    request.once("error", receiver.fail);
    request.end(body);
    return () => void request.destroy();
  }

  stop(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
