import type { LocalClock } from "../../kit/clock.ts";
import type { Keys } from "./keys.ts";

/** Bytes to post. The given headers replace Discord's own; `undefined` omits a header. */
export interface Post {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Seconds since the epoch as text; the clock's time by default. */
  readonly timestamp?: string;
}

/** An endpoint's answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What `postSigned` needs. */
interface PostContext {
  readonly clock: LocalClock;
  readonly keys: Keys;
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
}

/** Signs and posts as Discord does. Rejects when the endpoint does not answer. */
export async function postSigned(
  url: string,
  { body, headers = {}, timestamp }: Post,
  { clock, keys, fetch, signal }: PostContext,
): Promise<Answer> {
  const bytes = Buffer.from(body);
  const at = timestamp ?? String(Math.floor(clock.nowMs() / 1000));
  const all = {
    "content-type": "application/json",
    "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
    "x-signature-ed25519": keys.sign(at, bytes),
    "x-signature-timestamp": at,
    ...headers,
  };
  const given = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const response = await fetch(url, {
    method: "POST",
    headers: given,
    body: bytes,
    redirect: "manual",
    ...(signal ? { signal } : {}),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}
