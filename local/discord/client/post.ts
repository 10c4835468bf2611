import type { LocalClock } from "../../kit/clock.ts";
import type { Keys } from "./keys.ts";

/** Bytes to post, and headers that take the place of Discord's own; `undefined` leaves one out. */
export interface Post {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Seconds since the epoch as text; the clock's time unless told. */
  readonly timestamp?: string;
}

/** An endpoint's answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What posting needs. */
interface PostContext {
  readonly clock: LocalClock;
  readonly keys: Keys;
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
}

/** Signs and posts as Discord does. Rejects when no answer comes. */
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
