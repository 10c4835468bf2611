import type { LocalClock } from "../../kit/clock.ts";
import type { Snowflakes } from "../state/snowflakes.ts";
import type { Keys } from "./keys.ts";
import { type Answer, postSigned } from "./post.ts";

/** Discord would not save this endpoint; the message says why. */
export class EndpointError extends Error {
  override name = "EndpointError";
}

/** What `verifyEndpoint` needs. */
interface CheckContext {
  readonly clock: LocalClock;
  readonly keys: Keys;
  readonly fetch: typeof fetch;
  readonly snowflakes: Snowflakes;
  readonly applicationId: string;
}

/**
 * Checks an endpoint as Discord does before it saves its URL: the endpoint must answer a PING with
 * a PONG, and a PING with a forged signature with 401. Rejects with EndpointError.
 * https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
 */
export async function verifyEndpoint(url: string, context: CheckContext): Promise<void> {
  const { snowflakes, applicationId, keys } = context;
  const ping = JSON.stringify({
    id: snowflakes.next(),
    application_id: applicationId,
    type: 1,
    token: "ping",
    version: 1,
    entitlements: [],
  });
  const timestamp = String(Math.floor(context.clock.nowMs() / 1000));
  const otherBody = keys.sign(timestamp, Buffer.from(`${ping} `));
  const forgeries = [otherBody, "00".repeat(64), "not hex"].map((signature) => ({
    body: ping,
    timestamp,
    headers: { "x-signature-ed25519": signature },
  }));
  const send = (post: Parameters<typeof postSigned>[1]): Promise<Answer | string> =>
    postSigned(url, post, context).catch((error: unknown) => String(error));

  const problems: string[] = [];
  const pong = await send({ body: ping });
  if (typeof pong === "string") problems.push(`PING: ${pong}`);
  else if (!isPong(pong)) problems.push(`PING: answered ${pong.status} ${pong.body.slice(0, 200)}`);
  for (const forgery of forgeries) {
    const answer = await send(forgery);
    if (typeof answer !== "string" && answer.status === 401) continue;
    const what = typeof answer === "string" ? answer : `answered ${answer.status}`;
    problems.push(`Forged PING: ${what}`);
  }
  if (problems.length > 0) throw new EndpointError(problems.join("\n"));
}

function isPong({ status, headers, body }: Answer): boolean {
  if (status !== 200 || !headers.get("content-type")?.includes("application/json")) return false;
  try {
    return (JSON.parse(body) as { type?: unknown } | null)?.type === 1;
  } catch {
    return false;
  }
}
