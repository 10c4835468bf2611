import type { DocumentSnapshot } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { parseDocument, stored, timestamp } from "./document.ts";

/** A seller. `id` is their Discord user id. */
export interface Builder {
  readonly id: string;
  readonly twitchUsername: string | undefined;
  readonly twitchUserId: string | undefined;
  /** Where buyers with closed DMs are told about their orders. */
  readonly orderChannelId: string | undefined;
}

/** What Twitch said of a builder's stream, and when it said so. */
export interface StreamStatus {
  readonly isLive: boolean;
  readonly streamId: string | undefined;
  readonly at: Date;
}

const builderDocument = z.object({
  twitch_username: stored(z.string()),
  twitch_user_id: stored(z.string()),
  order_channel_id: stored(z.string()),
});
const statusDocument = z.object({ live_status_at: stored(timestamp) });

export type Builders = ReturnType<typeof createBuilders>;

/** The `builders` collection: document id = Discord user id. */
export function createBuilders(database: Database) {
  const collection = async () => (await database()).collection("builders");

  return {
    async get(id: string): Promise<Builder | undefined> {
      return toBuilder(await (await collection()).doc(id).get());
    },

    /** The builder with this Twitch account: by its id, else by one of its names. */
    async findByTwitch(userId: string, names: readonly string[]): Promise<Builder | undefined> {
      const builders = await collection();
      const byId = await builders.where("twitch_user_id", "==", userId).limit(1).get();
      if (byId.docs[0]) return toBuilder(byId.docs[0]);
      const byName = await builders
        .where("twitch_username", "in", [...new Set(names)])
        .limit(1)
        .get();
      return byName.docs[0] && toBuilder(byName.docs[0]);
    },

    /** Remembers the Twitch account behind the name, which may change while the id does not. */
    async setTwitchUserId(id: string, twitchUserId: string): Promise<void> {
      await (await collection()).doc(id).update({ twitch_user_id: twitchUserId });
    },

    /** Keeps the newest status: one that is older than what is known, or the same, changes nothing. */
    async recordStreamStatus(id: string, status: StreamStatus): Promise<void> {
      const firestore = await database();
      const reference = firestore.collection("builders").doc(id);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        const known = parseDocument(reference.path, statusDocument, snapshot.data());
        if (known.live_status_at && known.live_status_at >= status.at) return;
        transaction.update(reference, {
          is_live: status.isLive,
          live_stream_id: status.streamId ?? null,
          live_status_at: status.at,
        });
      });
    },
  };
}

function toBuilder(snapshot: DocumentSnapshot): Builder | undefined {
  if (!snapshot.exists) return undefined;
  const fields = parseDocument(snapshot.ref.path, builderDocument, snapshot.data());
  return {
    id: snapshot.id,
    twitchUsername: fields.twitch_username,
    twitchUserId: fields.twitch_user_id,
    orderChannelId: fields.order_channel_id,
  };
}
