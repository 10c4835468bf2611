import type { Log } from "../../runtime/log.ts";
import type { Send } from "./send.ts";

/** Pinned messages of a channel. */
export function pinCalls(send: Send, log: Pick<Log, "info">) {
  return {
    /**
     * Pins a message; it may be another's. Discord says so in a message of its own in the channel. Idempotent.
     * `reason` is for the server's audit log.
     * https://discord.com/developers/docs/resources/message#pin-message
     */
    async pinMessage(channelId: string, messageId: string, reason: string): Promise<void> {
      const path = pinPath(channelId, messageId);
      await send({ method: "PUT", path, route: path, reason });
      log.info("A message was pinned", { event: "message-pinned", messageId });
    },

    /**
     * The opposite. Idempotent.
     * https://discord.com/developers/docs/resources/message#unpin-message
     */
    async unpinMessage(channelId: string, messageId: string, reason: string): Promise<void> {
      const path = pinPath(channelId, messageId);
      await send({ method: "DELETE", path, route: path, reason });
      log.info("A message was unpinned", { event: "message-unpinned", messageId });
    },
  };
}

function pinPath(channelId: string, messageId: string) {
  return `/channels/${channelId}/messages/pins/${messageId}` as const;
}
