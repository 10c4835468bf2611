import type { InProcessFetch } from "./in-process.ts";
import type { AnswerReceiver, Delivery, Exchange } from "./sender.ts";

/** Sends requests by a given `fetch`, such as a network's. */
export class FetchExchange implements Exchange {
  #fetch: InProcessFetch;
  #underWay = new Set<AbortController>();

  constructor(fetch: InProcessFetch) {
    this.#fetch = fetch;
  }

  send(delivery: Delivery, receiver: AnswerReceiver): () => void {
    const abort = new AbortController();
    this.#underWay.add(abort);
    this.#exchange(delivery, receiver, abort.signal)
      .catch(receiver.fail)
      .finally(() => this.#underWay.delete(abort));
    return () => abort.abort();
  }

  stop(): void {
    for (const abort of this.#underWay) abort.abort();
  }

  async #exchange(
    { url, method, headers, body }: Delivery,
    receiver: AnswerReceiver,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.#fetch(url, {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...(body.length > 0 && { body: new Uint8Array(body) }),
      redirect: "manual",
      signal,
      onInformation: receiver.interim,
    });
    receiver.answer({
      kind: "answered",
      status: response.status,
      contentType: response.headers.get("content-type") ?? undefined,
      retryAfter: response.headers.get("retry-after") ?? undefined,
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}
