import type { Config } from "../../runtime/config.ts";
import type { Log } from "../../runtime/log.ts";
import { messageBody, type OutgoingMessage } from "./outgoing-message.ts";
import type { Send } from "./send.ts";

/** A file of a message, as Discord serves it. */
export interface SentFile {
  readonly url: string;
  /** In pixels, if it is a picture. */
  readonly width?: number | null;
  readonly height?: number | null;
}

/** Messages in channels and DMs, and answers to interactions. */
export function messageCalls(
  send: Send,
  config: Config<"DISCORD_APPLICATION_ID">,
  log: Pick<Log, "info">,
) {
  return {
    /** The DM channel with a user. That it can be opened does not mean that the user accepts DMs. */
    async openDm(userId: string): Promise<string> {
      const path = "/users/@me/channels";
      const answer = await send({ method: "POST", path, route: path }, { recipient_id: userId });
      log.info("A DM was opened", { event: "dm-opened" });
      return (answer as { id: string }).id;
    },

    /**
     * Posts a message and returns its id. A repeat with the same `nonce` (at most 25 characters) within a
     * few minutes returns the first message.
     * https://discord.com/developers/docs/resources/message#create-message
     */
    async createMessage(
      channelId: string,
      message: OutgoingMessage,
      nonce: string,
    ): Promise<string> {
      const path = `/channels/${channelId}/messages` as const;
      const body = { ...messageBody(message), nonce, enforce_nonce: true };
      const answer = await send({ method: "POST", path, route: path }, body, message.files);
      const { id: messageId } = answer as { id: string };
      log.info("A message was sent", { event: "message-sent", messageId });
      return messageId;
    },

    /** Edits one of our messages; its files stay unless others are given. Idempotent. */
    async editMessage(
      channelId: string,
      messageId: string,
      message: OutgoingMessage,
    ): Promise<void> {
      const path = `/channels/${channelId}/messages/${messageId}` as const;
      await send({ method: "PATCH", path, route: path }, messageBody(message), message.files);
      log.info("A message was edited", { event: "message-edited", messageId });
    },

    /**
     * Edits without waiting: if a rate limit applies, throws a DiscordError with `retryAfterMs`, because a delayed
     * edit would show an outdated state.
     */
    async editMessageNow(
      channelId: string,
      messageId: string,
      message: OutgoingMessage,
    ): Promise<void> {
      const path = `/channels/${channelId}/messages/${messageId}` as const;
      await send({ method: "PATCH", path, route: path, waits: false }, messageBody(message));
      log.info("A message was edited", { event: "message-edited", messageId });
    },

    /** A message's files, in order; their addresses are valid for some hours. */
    async attachments(channelId: string, messageId: string): Promise<readonly SentFile[]> {
      const path = `/channels/${channelId}/messages/${messageId}` as const;
      const answer = await send({ method: "GET", path, route: path });
      return (answer as { attachments: SentFile[] }).attachments;
    },

    /**
     * Sets the answer to an interaction. Idempotent. The token is valid for 15 minutes.
     * https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages
     */
    async editOriginalResponse(interactionToken: string, message: OutgoingMessage): Promise<void> {
      const application = config.DISCORD_APPLICATION_ID;
      const path = `/webhooks/${application}/${interactionToken}/messages/@original` as const;
      const route = `/webhooks/${application}/{token}/messages/@original`;
      await send(
        { method: "PATCH", path, route, auth: false },
        messageBody(message),
        message.files,
      );
      log.info("An interaction was answered", { event: "interaction-answered" });
    },
  };
}
