import type { IncomingHttpHeaders } from "node:http";
import type Stripe from "stripe";
import { listen } from "../../../../local/kit/http/listen.ts";

/** One webhook that an endpoint was sent. */
export interface ReceivedEvent {
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: string;
  readonly event: Stripe.Event;
}

/** A webhook endpoint that records its requests, and answers 200 by default. */
export async function openEndpoint() {
  const received: ReceivedEvent[] = [];
  const service = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks).toString();
    received.push({ headers: request.headers, rawBody, event: JSON.parse(rawBody) });
    response.statusCode = endpoint.status;
    response.end("taken");
  });
  const endpoint = {
    url: `${service.url}/webhooks/stripe`,
    received,
    /** What the next webhooks are answered with. */
    status: 200,
    types: () => received.map(({ event }) => event.type),
    ofType: (type: string) => received.filter(({ event }) => event.type === type),
    stop: () => service.stop(),
  };
  return endpoint;
}
