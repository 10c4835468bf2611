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

    /** Stores the URLs of the post's pictures, replacing the earlier ones. */
    async recordImage(id: string, image: NonNullable<Drop["image"]>): Promise<void> {
      await dropDocument.updateNow(dropDocument.place(await database(), id), { image });
    },
  };
}
