import type { RESTOptions } from "@discordjs/rest";
import type { Connections } from "../../ports/connections.ts";
import type { Config } from "../../runtime/config.ts";
import { lazy } from "../../runtime/lazy.ts";

/** With the library's two repeats this stays well inside a function's minute. */
const REQUEST_TIMEOUT_MS = 8000;

/** Discord's library, loaded at the first call: its errors, and a client for each kind of call. */
export function discordLibrary(
  config: Config<"DISCORD_BOT_TOKEN" | "DISCORD_API_BASE_URL">,
  fetch: Connections["fetch"],
) {
  return lazy(async () => {
    const { REST, DiscordAPIError, HTTPError, RateLimitError } = await import("@discordjs/rest");
    const options = {
      version: "10",
      api: config.DISCORD_API_BASE_URL,
      timeout: REQUEST_TIMEOUT_MS,
      retries: 2,
      makeRequest: fetch as unknown as RESTOptions["makeRequest"],
    };
    return {
      rest: new REST(options).setToken(config.DISCORD_BOT_TOKEN),
      once: new REST({ ...options, retries: 0 }).setToken(config.DISCORD_BOT_TOKEN),
      // Answers to interactions do not count towards Discord's 50 calls per second, which the library enforces.
      answers: new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY }),
      impatient: new REST({ ...options, rejectOnRateLimit: () => true }).setToken(
        config.DISCORD_BOT_TOKEN,
      ),
      DiscordAPIError,
      HTTPError,
      RateLimitError,
    };
  });
}
