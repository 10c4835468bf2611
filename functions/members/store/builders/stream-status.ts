import type { Database } from "../../../../shared/ports/database.ts";
import { builderDocument } from "../../documents/builder.ts";
import type { StreamReport } from "../../domain/stream.ts";

/** The status of a builder's stream as reported by Twitch, and the time of the report. */
interface StreamStatus {
  readonly isLive: boolean;
  readonly streamId: string | undefined;
  readonly at: Date;
}

const readStatus = builderDocument.part("isLive", "liveStreamId", "liveStatusAt");

/** Whether builders stream, as Twitch last reported it. */
export function createStreamStatuses(database: Database) {
  return {
    /** A builder's stream as Twitch last reported it. */
    async streamReport(id: string): Promise<StreamReport> {
      const snapshot = await builderDocument.place(await database(), id).get();
      const { isLive = false, liveStreamId, liveStatusAt } = readStatus(snapshot);
      return { isLive, streamId: liveStreamId, at: liveStatusAt };
    },

    /** Stores the newest status; one that is not newer than the stored status is ignored. */
    async recordStreamStatus(id: string, status: StreamStatus): Promise<void> {
      const firestore = await database();
      const reference = builderDocument.place(firestore, id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        // The builder may have been deleted meanwhile.
        if (!snapshot.exists) return;
        const { liveStatusAt } = readStatus(snapshot);
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
