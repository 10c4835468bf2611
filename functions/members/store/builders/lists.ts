import type { Database } from "../../../../shared/ports/database.ts";
import { builderDocument } from "../../documents/builder.ts";
import type { StandingState } from "../../domain/standing.ts";
import { toBuilder } from "../builder-document.ts";
import type { Builder } from "../builders.ts";

/** A builder and their Twitch channel. */
export interface BuilderChannel {
  readonly id: string;
  readonly twitchUserId: string;
}

/** The only standing in which a builder may sell. */
const APPROVED: StandingState = "approved";
/** The most builders a landing page shows. */
const MAX_LIVE = 50;

/** Builders found by their Twitch account, their standing or their stream. */
export function createBuilderLists(database: Database) {
  const collection = async () => builderDocument.all(await database());

  return {
    /** The builder with this Twitch account, found by its id or else by one of its names. */
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

    /** Builders with the given standing, at most `limit`. */
    async withStanding(state: StandingState, limit: number): Promise<Builder[]> {
      const found = (await collection()).where("standing", "==", state).limit(limit);
      return (await found.get()).docs.flatMap(builderDocument.readable);
    },

    /** Approved builders whose stream is live now, at most 50. */
    async live(): Promise<Builder[]> {
      const approved = (await collection()).where("standing", "==", APPROVED);
      const found = await approved.where("is_live", "==", true).limit(MAX_LIVE).get();
      return found.docs.flatMap(builderDocument.readable);
    },

    /**
     * Builders with a known Twitch user id, ordered by that id, starting after `after`, at most `limit`. Includes
     * malformed documents: they still belong to someone.
     */
    async withTwitch(after: string | undefined, limit: number): Promise<BuilderChannel[]> {
      const found = await (await collection())
        .where("twitch_user_id", ">", after ?? "")
        .orderBy("twitch_user_id")
        .limit(limit)
        .select("twitch_user_id")
        .get();
      return found.docs.map((builder) => ({
        id: builder.id,
        twitchUserId: String(builder.get("twitch_user_id")),
      }));
    },
  };
}
