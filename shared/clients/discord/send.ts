import type { RateLimitData, RequestMethod } from "@discordjs/rest";
import type { Connections } from "../../ports/connections.ts";
import type { Config } from "../../runtime/config.ts";
import { DiscordError } from "./errors.ts";
import { discordLibrary } from "./library.ts";
import type { OutgoingFile } from "./outgoing-message.ts";

/** One call to Discord. */
interface Call {
  readonly method: "POST" | "PATCH" | "PUT" | "DELETE" | "GET";
  readonly path: `/${string}`;
  /** The path as errors name it: without secrets, and without people's ids. */
  readonly route: string;
  /** For the server's audit log. */
  readonly reason?: string;
  readonly auth?: false;
  readonly waits?: false;
  /** Whether a repeat would do it twice. */
  readonly once?: true;
}

/** Makes one call to Discord and returns the answer. Throws DiscordError when Discord refuses. */
export type Send = (
  call: Call,
  body?: unknown,
  files?: readonly OutgoingFile[],
) => Promise<unknown>;

/** How often a call is tried if its connection breaks. Discord may have executed it, and recognises each repeat. */
const MAX_ATTEMPTS = 3;

/** Sends calls to Discord's REST API as our bot. The library waits out 429s and retries 5xx twice. */
export function createSend(
  config: Config<"DISCORD_BOT_TOKEN" | "DISCORD_API_BASE_URL">,
  fetch: Connections["fetch"],
): Send {
  const library = discordLibrary(config, fetch);

  return async (call, body, sent = []) => {
    const { rest: patient, impatient, once, answers, ...errors } = await library();
    const { DiscordAPIError, HTTPError, RateLimitError } = errors;
    const rest = call.once ? once : call.waits === false ? impatient : patient;
    const files = sent.map(({ name, bytes }) => ({ name, data: bytes }));
    const { auth = true, reason } = call;
    const options = { body, auth, ...(reason && { reason }), ...(files.length > 0 && { files }) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (call.auth === false ? answers : rest).request({
          ...options,
          fullRoute: call.path,
          method: call.method as RequestMethod,
        });
      } catch (error) {
        if (error instanceof DiscordAPIError) {
          // After any 401 the library drops its token permanently, so set it again.
          if (error.status === 401) rest.setToken(config.DISCORD_BOT_TOKEN);
          throw new DiscordError(call, error.status, Number(error.code), error.message);
        }
        if (error instanceof RateLimitError) {
          throw new DiscordError(call, 429, 0, error.message, waitOf(error));
        }
        const isAnswered = error instanceof HTTPError;
        const isLast = call.once || attempt === MAX_ATTEMPTS;
        if (isAnswered || isTimeout(error) || isLast) throw error;
      }
    }
  };
}

/**
 * How long Discord asks to wait: to the millisecond if a bucket is full, for other limits in whole seconds, rounded up.
 * https://discord.com/developers/docs/topics/rate-limits#header-format
 */
function waitOf({ global, sublimitTimeout, retryAfter, timeToReset }: RateLimitData): number {
  return global || sublimitTimeout > 0 ? retryAfter : timeToReset;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
