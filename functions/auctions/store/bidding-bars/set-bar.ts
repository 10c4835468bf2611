import { isNewer } from "../../../../shared/discord/snowflake.ts";
import { userDocument } from "../../../../shared/documents/definitions/user.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { unpaidWinDocument } from "../../documents/unpaid-win.ts";
import { COUNTED_MS } from "../../domain/auction.ts";
import { type BiddingBar, barEnd, MOST_UNPAID } from "../../domain/bidding-bar.ts";
import { barFields, type Changes, readBar, toBar, writeBar } from "./stored-bar.ts";
import { countedWins } from "./unpaid-wins.ts";

/** Setting bars: for unpaid wins, and by the team. */
export function barSetting(database: Database) {
  return {
    /**
     * Records an unpaid win, and bars a user with enough of them for at least 90 days from the last one. A bar set by
     * the team keeps its reason. Returns whether there are enough. It is one transaction, so that wins lifted at the
     * same moment bar nobody. Idempotent by `orderId`.
     */
    async noteUnpaid(userId: string, orderId: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const wins = unpaidWinDocument.all(firestore, userId);
      const since = new Date(now.getTime() - COUNTED_MS);
      return firestore.runTransaction(async (transaction) => {
        const recent = await transaction.get(wins.where("at", ">=", since));
        const win = await transaction.get(wins.doc(orderId));
        const known = await transaction.get(userDocument.place(firestore, userId));
        const counted = [...countedWins(recent.docs), ...(win.exists ? [] : [now])];
        const fields = { at: now, isLifted: false };
        if (!win.exists) unpaidWinDocument.create(transaction, win.ref, fields);
        if (counted.length < MOST_UNPAID) return false;
        const until = barEnd(new Date(Math.max(...counted.map((at) => at.getTime()))));
        const before = toBar(readBar(known), now);
        if (before && before.until >= until) return true;
        writeBar(transaction, known, barFields({ until, reason: before?.reason }, now));
        return true;
      });
    },

    /**
     * Bars a user for the team, until `until` or until the end of their present bar if that is later. Returns undefined
     * and changes nothing if the command is older than the last one about the user. Idempotency: a repeat of the last
     * command changes nothing and returns the same.
     */
    async barByStaff(
      userId: string,
      { actId, until, reason }: BiddingBar & { readonly actId: string; readonly reason: string },
      now: Date,
    ): Promise<BiddingBar | undefined> {
      let result: BiddingBar | undefined;
      await change(userId, now, (before, lastActId) => {
        result = undefined;
        if (lastActId && isNewer(lastActId, actId)) return undefined;
        if (lastActId === actId) {
          result = { until: before?.until ?? until, reason };
          return undefined;
        }
        const end = before && before.until > until ? before.until : until;
        result = { until: end, reason };
        return { ...barFields({ until: end, reason }, now), barActId: actId };
      });
      return result;
    },
  };

  async function change(
    userId: string,
    now: Date,
    decide: (before: BiddingBar | undefined, lastActId: string | undefined) => Changes | undefined,
  ): Promise<void> {
    const firestore = await database();
    await firestore.runTransaction(async (transaction) => {
      const known = await transaction.get(userDocument.place(firestore, userId));
      const stored = readBar(known);
      const changes = decide(toBar(stored, now), stored.barActId);
      if (changes) writeBar(transaction, known, changes);
    });
  }
}
