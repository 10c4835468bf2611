import type { Database } from "../ports/database.ts";
import { expiresAt, processedDocument } from "./definitions/processed.ts";

/** The channel and id of a sent message. */
export interface SentMessage {
  readonly channelId: string;
  readonly messageId: string;
}

const readSent = processedDocument.part("channelId", "messageId");

export type SentMessages = ReturnType<typeof createSentMessages>;

/** The messages in the `processed` collection: document id = the send's key. */
export function createSentMessages(database: Database) {
  const reference = async (key: string) => processedDocument.place(await database(), key);

  return {
    async get(key: string): Promise<SentMessage | undefined> {
      const { channelId, messageId } = readSent(await (await reference(key)).get());
      return channelId && messageId ? { channelId, messageId } : undefined;
    },

    /** Records a sent message. The first record stays. */
    async record(key: string, message: SentMessage, now: Date): Promise<void> {
      const times = { processedAt: now, expiresAt: expiresAt(now) };
      await processedDocument.createNow(await reference(key), { ...message, ...times });
    },
  };
}
