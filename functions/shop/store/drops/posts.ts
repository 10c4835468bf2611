import { isDeepStrictEqual } from "node:util";
import type { Database } from "../../../../shared/ports/database.ts";
import { dropDocument } from "../../documents/drop.ts";
import type { Drop } from "../../domain/drop.ts";

/** Where a drop is shown in Discord. */
export function createPostRecords(database: Database) {
  return {
    /** Stores the drop's message in the marketplace, with which its opening ends. */
    async recordPost(id: string, post: NonNullable<Drop["post"]>): Promise<void> {
      const place = dropDocument.place(await database(), id);
      await dropDocument.updateNow(place, { post, draftState: undefined, opensAt: undefined });
    },

    /** Stores what is known of a drop's event in the server; undefined once there is none. */
    async recordEvent(id: string, event: Drop["event"]): Promise<void> {
      await dropDocument.updateNow(dropDocument.place(await database(), id), { event });
    },

    /**
     * The same for a run that knows the event as `before`; false, and nothing is stored, if another run has stored
     * something else since. Idempotent.
     */
    async replaceEvent(id: string, before: Drop["event"], event: Drop["event"]): Promise<boolean> {
      let isStored = false;
      await dropDocument.changeUnlocked(
        dropDocument.place(await database(), id),
        dropDocument.read,
        ({ event: known }) => {
          const isKnown = isDeepStrictEqual(known, event);
          isStored = isKnown || isDeepStrictEqual(known, before);
          return isStored && !isKnown ? { event } : undefined;
        },
      );
      return isStored;
    },

    /** Stores the URLs of the post's pictures, replacing the earlier ones. */
    async recordImage(id: string, image: NonNullable<Drop["image"]>): Promise<void> {
      await dropDocument.updateNow(dropDocument.place(await database(), id), { image });
    },
  };
}
