import type { Database } from "../../../../shared/ports/database.ts";
import { dropDocument } from "../../documents/drop.ts";
import { type Drop, isHidden } from "../../domain/drop.ts";

/** A landing page and an autocomplete show fewer. */
const MAX_LISTED = 100;

/** Drops found by their builder, age or state. Lists of drops leave out invalid documents. */
export function createDropLists(database: Database) {
  const collection = async () => dropDocument.all(await database());
  const newestOf = async (builderId: string) => {
    const theirs = (await collection()).where("builder_id", "==", builderId);
    const found = await theirs.orderBy("created_at", "desc").limit(MAX_LISTED).get();
    return found.docs.flatMap(dropDocument.readable);
  };

  return {
    /** Ids of drafts whose time to open came before `time` and that are not posted, at most 100. */
    async dueToOpen(time: Date): Promise<string[]> {
      const due = (await collection()).where("opens_at", "<=", time).limit(MAX_LISTED);
      return (await due.get()).docs.map(({ id }) => id);
    },

    /** A builder's drops and drafts, newest first: of the newest 100, those that were not discarded. */
    async ofBuilder(builderId: string): Promise<Drop[]> {
      return (await newestOf(builderId)).filter(({ draftState }) => draftState !== "discarded");
    },

    /** The id of a builder's newest drop that others can see, closed or not. */
    async newestOf(builderId: string): Promise<string | undefined> {
      return (await newestOf(builderId)).find((drop) => !isHidden(drop))?.id;
    },

    /** The newest 100 drops, closed ones too. */
    async recent(): Promise<Drop[]> {
      const drops = (await collection()).orderBy("created_at", "desc");
      return (await drops.limit(MAX_LISTED).get()).docs.flatMap(dropDocument.readable);
    },

    /** Drops that are not closed, newest first, at most 100. */
    async open(): Promise<Drop[]> {
      const found = await (await collection())
        .where("is_closed", "==", false)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(dropDocument.readable);
    },
  };
}
