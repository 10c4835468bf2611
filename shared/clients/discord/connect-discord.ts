import type { Connections } from "../../ports/connections.ts";
import type { Config } from "../../runtime/config.ts";
import type { Log } from "../../runtime/log.ts";
import { messageCalls } from "./messages.ts";
import { pinCalls } from "./pins.ts";
import { createSend } from "./send.ts";
import { serverEventCalls } from "./server-events.ts";
import { serverCalls } from "./servers.ts";

/** Our calls to Discord. Methods throw DiscordError when Discord refuses. */
export type Discord = ReturnType<typeof connectDiscord>;

/**
 * Connects to Discord's REST API as our bot. The library waits out 429s and retries 5xx twice. Sent messages are
 * logged, without their text and recipient.
 * https://discord.com/developers/docs/reference
 */
export function connectDiscord(
  config: Config<"DISCORD_APPLICATION_ID" | "DISCORD_BOT_TOKEN" | "DISCORD_API_BASE_URL">,
  log: Pick<Log, "info">,
  fetch: Connections["fetch"],
) {
  const send = createSend(config, fetch);

  return {
    ...messageCalls(send, config, log),
    ...pinCalls(send, log),
    ...serverEventCalls(send, log),
    ...serverCalls(send),
  };
}
