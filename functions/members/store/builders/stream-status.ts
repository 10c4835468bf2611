import type { Database } from "../../../../shared/ports/database.ts";
import { builderDocument } from "../../documents/builder.ts";
import type { StreamReport } from "../../domain/stream.ts";

/** The status of a channel's stream as reported by Twitch, and the time of the report. */
interface StreamStatus {
  /** The channel's Twitch user id. */
  readonly channelId: string;
  readonly isLive: boolean;
  readonly streamId: string | undefined;
  readonly at: Date;
}

const readStatus = builderDocument.part("twitchUserId", "isLive", "liveStreamId", "liveStatusAt");

/** Whether builders stream, as Twitch last reported it. */
export function createStreamStatuses(database: Database) {
  return {
    /** A builder's stream as Twitch last reported it. */
    async streamReport(id: string): Promise<StreamReport> {
      const snapshot = await builderDocument.place(await database(), id).get();
      const { isLive = false, liveStreamId, liveStatusAt } = readStatus(snapshot);
      return { isLive, streamId: liveStreamId, at: liveStatusAt };
    },

    /**
     * Stores the newest status. One that is not newer than the stored status is ignored, and so is one of a channel that
     * is not the builder's any more: they may have proved another one since Twitch was asked.
     */
    async recordStreamStatus(id: string, status: StreamStatus): Promise<void> {
      const firestore = await database();
      const reference = builderDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        // The builder may have been deleted meanwhile.
        if (!snapshot.exists) return;
        const { liveStatusAt, twitchUserId = status.channelId } = readStatus(snapshot);
        if (twitchUserId !== status.channelId) return;
        if (liveStatusAt && !isNewer(status, liveStatusAt)) return;
        builderDocument.update(transaction, reference, {
          isLive: status.isLive,
          liveStreamId: status.streamId,
          liveStatusAt: status.at,
        });
      });
    },
  };
}

/** A stream can end and the next one begin in one millisecond: then the one that began counts. */
function isNewer({ at, isLive }: StreamStatus, recordedAt: Date): boolean {
  return isLive ? at >= recordedAt : at > recordedAt;
}
