import * as z from "zod/mini";
import type { Database } from "../ports/database.ts";
import { createdNow, expiresAt, parseDocument } from "./document.ts";

/** Where a message went. */
export interface SentMessage {
  readonly channelId: string;
  readonly messageId: string;
}

const sentDocument = z.object({ channel_id: z.string(), message_id: z.string() });

export type SentMessages = ReturnType<typeof createSentMessages>;

/** The messages in the `processed` collection: document id = the send's key. */
export function createSentMessages(database: Database) {
  const reference = async (key: string) => (await database()).collection("processed").doc(key);

  return {
    async get(key: string): Promise<SentMessage | undefined> {
      const sent = await reference(key);
      const snapshot = await sent.get();
      if (!snapshot.exists) return undefined;
      const fields = parseDocument(sent.path, sentDocument, snapshot.data());
      return { channelId: fields.channel_id, messageId: fields.message_id };
    },

    /** Remembers a send. The first record stays. */
    async record(key: string, message: SentMessage, now: Date): Promise<void> {
      const fields = { channel_id: message.channelId, message_id: message.messageId };
      const times = { processed_at: now, expires_at: expiresAt(now) };
      await createdNow(await reference(key), { ...fields, ...times });
    },
  };
}
