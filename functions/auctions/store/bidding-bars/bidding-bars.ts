import { userDocument } from "../../../../shared/documents/definitions/user.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { type BiddingBar, barEnd, MAX_BAR_DAYS } from "../../domain/bidding-bar.ts";
import { barLifting } from "./lift-bar.ts";
import { barSetting } from "./set-bar.ts";
import { readBar, toBar } from "./stored-bar.ts";

export type BiddingBars = ReturnType<typeof createBiddingBars>;

/** Bars: who may not bid, and until when. Stored as fields of `users`. */
export function createBiddingBars(database: Database) {
  return { ...barReads(database), ...barSetting(database), ...barLifting(database) };
}

/** Reading bars. */
function barReads(database: Database) {
  const place = async (userId: string) => userDocument.place(await database(), userId);

  return {
    /** A user's bar; undefined when there is none or it has ended. */
    async get(userId: string, now: Date): Promise<BiddingBar | undefined> {
      return toBar(readBar(await (await place(userId)).get()), now);
    },

    /** The id of the last command that changed a user's bar. */
    async lastActOf(userId: string): Promise<string | undefined> {
      return readBar(await (await place(userId)).get()).barActId;
    },

    /** All barred users, and until when they are barred. */
    async all(now: Date): Promise<{ readonly userId: string; readonly until: Date }[]> {
      const users = userDocument.all(await database());
      const found = await users.where("bidding_barred_at", ">", barEnd(now, -MAX_BAR_DAYS)).get();
      return found.docs.flatMap((user) => {
        const bar = toBar(readBar(user), now);
        return bar ? [{ userId: user.id, until: bar.until }] : [];
      });
    },
  };
}
