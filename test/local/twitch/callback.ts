import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { listen } from "../../../local/kit/http/listen.ts";

/** One message a callback was sent. */
export interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly retry: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is checked by the test
  readonly body: any;
}

/** What a callback answers. */
export interface CallbackAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

/** How a well-made callback answers: the challenge goes back as it came. */
export function wellMade({ type, body }: ReceivedMessage): CallbackAnswer {
  return type === "webhook_callback_verification"
    ? { status: 200, contentType: "text/plain; charset=utf-8", body: body.challenge }
    : { status: 204 };
}

/** An EventSub callback that records its requests, and answers correctly by default. */
export async function openCallback() {
  const messages: ReceivedMessage[] = [];
  const service = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks);
    const header = (name: string) => String(request.headers[`twitch-eventsub-message-${name}`]);
    const message = {
      id: header("id"),
      type: header("type"),
      retry: header("retry"),
      headers: request.headers,
      rawBody,
      body: JSON.parse(rawBody.toString()),
    };
    messages.push(message);
    const answer = await callback.answer(message);
    response.statusCode = answer.status;
    if (answer.contentType) response.setHeader("content-type", answer.contentType);
    response.end(answer.body);
  });
  const callback = {
    url: `${service.url}/eventsub`,
    messages,
    answer: wellMade as (message: ReceivedMessage) => CallbackAnswer | Promise<CallbackAnswer>,
    /** What has come of one type: "notification". */
    ofType: (type: string) => messages.filter((message) => message.type === type),
    stop: () => service.stop(),
  };
  return callback;
}

/** The signature that Twitch's documentation asks a callback to compute. */
export function expectedSignature({ headers, rawBody }: ReceivedMessage, secret: string): string {
  const signed = `${headers["twitch-eventsub-message-id"]}${headers["twitch-eventsub-message-timestamp"]}`;
  return `sha256=${createHmac("sha256", secret).update(signed).update(rawBody).digest("hex")}`;
}
