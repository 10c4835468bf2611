import * as z from "zod/mini";
import { isNewer } from "../../../shared/discord/snowflake.ts";
import {
  createDocument,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { COUNTED_MS } from "../domain/auction.ts";
import { type BiddingBar, barEnd, MAX_BAR_DAYS, MOST_UNPAID } from "../domain/bidding-bar.ts";
import { countedWins, winFields } from "./unpaid-wins.ts";

/** A bar without a stored end lasts for the automatic period from its start. */
const barDocument = z.object({
  bidding_barred_at: stored(timestamp),
  bidding_barred_until: stored(timestamp),
  bidding_bar_reason: stored(z.string()),
  bidding_bar_act_id: stored(z.string()),
});
type BarFields = z.infer<typeof barDocument>;

const NONE = { bidding_barred_at: null, bidding_barred_until: null, bidding_bar_reason: null };

/** The outcome of lifting a bar; `staffs` when the team set it and the person who lifts it is not staff. */
export type LiftOutcome = "lifted" | "nothing" | "staffs" | "superseded";

export type BiddingBars = ReturnType<typeof createBiddingBars>;

/** Bars: who may not bid, and until when. Stored as fields of `users`. */
export function createBiddingBars(database: Database) {
  const place = async (userId: string) => (await database()).collection("users").doc(userId);

  return {
    /** A user's bar; undefined when there is none or it has ended. */
    async get(userId: string, now: Date): Promise<BiddingBar | undefined> {
      const user = await place(userId);
      return toBar(parseDocument(user.path, barDocument, (await user.get()).data() ?? {}), now);
    },

    /**
     * Records an unpaid win, and bars a user with enough of them for at least 90 days from the last one. A bar set by
     * the team keeps its reason. Returns whether there are enough. It is one transaction, so that wins lifted at the
     * same moment bar nobody. Idempotent by `orderId`.
     */
    async noteUnpaid(userId: string, orderId: string, now: Date): Promise<boolean> {
      const user = await place(userId);
      const wins = user.collection("unpaid_wins");
      const since = new Date(now.getTime() - COUNTED_MS);
      return (await database()).runTransaction(async (transaction) => {
        const recent = await transaction.get(wins.where("at", ">=", since));
        const win = await transaction.get(wins.doc(orderId));
        const known = await transaction.get(user);
        const counted = [...countedWins(recent.docs), ...(win.exists ? [] : [now])];
        if (!win.exists) createDocument(transaction, win.ref, winFields(now));
        if (counted.length < MOST_UNPAID) return false;
        const until = barEnd(new Date(Math.max(...counted.map((at) => at.getTime()))));
        const before = toBar(parseDocument(user.path, barDocument, known.data() ?? {}), now);
        if (before && before.until >= until) return true;
        const fields = barFields({ until, reason: before?.reason ?? null }, now);
        if (known.exists) transaction.update(user, fields);
        else createDocument(transaction, user, fields);
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
        return { ...barFields({ until: end, reason }, now), bidding_bar_act_id: actId };
      });
      return result;
    },

    /**
     * Lifts a user's bar and forgives the unpaid wins that count towards one. Idempotency: a repeat changes nothing,
     * even if the user has been barred again in between.
     */
    async lift(
      userId: string,
      { actId, isStaff }: { readonly actId: string; readonly isStaff: boolean },
      now: Date,
    ): Promise<LiftOutcome> {
      const user = await place(userId);
      const firestore = await database();
      const counted = user.collection("unpaid_wins").where("is_lifted", "==", false);
      return firestore.runTransaction(async (transaction) => {
        const [wins, known] = [await transaction.get(counted), await transaction.get(user)];
        const fields = parseDocument(user.path, barDocument, known.data() ?? {});
        const bar = toBar(fields, now);
        const lastActId = fields.bidding_bar_act_id;
        if (lastActId && isNewer(lastActId, actId)) return "superseded";
        if (lastActId === actId) return "lifted";
        if (bar?.reason !== undefined && !isStaff) return "staffs";
        if (!bar && wins.empty) return "nothing";
        for (const win of wins.docs) transaction.update(win.ref, { is_lifted: true });
        const lifted = { ...NONE, bidding_bar_act_id: actId };
        if (known.exists) transaction.update(user, lifted);
        else createDocument(transaction, user, lifted);
        return "lifted";
      });
    },

    /** The id of the last command that changed a user's bar. */
    async lastActOf(userId: string): Promise<string | undefined> {
      const user = await place(userId);
      const fields = parseDocument(user.path, barDocument, (await user.get()).data() ?? {});
      return fields.bidding_bar_act_id;
    },

    /** All barred users, and until when they are barred. */
    async all(now: Date): Promise<{ readonly userId: string; readonly until: Date }[]> {
      const users = (await database()).collection("users");
      const found = await users.where("bidding_barred_at", ">", barEnd(now, -MAX_BAR_DAYS)).get();
      return found.docs.flatMap((user) => {
        const bar = toBar(parseDocument(user.ref.path, barDocument, user.data()), now);
        return bar ? [{ userId: user.id, until: bar.until }] : [];
      });
    },
  };

  async function change(
    userId: string,
    now: Date,
    decide: (before: BiddingBar | undefined, lastActId: string | undefined) => object | undefined,
  ): Promise<void> {
    const user = await place(userId);
    await (await database()).runTransaction(async (transaction) => {
      const known = await transaction.get(user);
      const fields = parseDocument(user.path, barDocument, known.data() ?? {});
      const changed = decide(toBar(fields, now), fields.bidding_bar_act_id);
      if (!changed) return;
      if (known.exists) transaction.update(user, { ...changed });
      else createDocument(transaction, user, changed);
    });
  }
}

function barFields(
  { until, reason }: { readonly until: Date; readonly reason: string | null },
  now: Date,
) {
  return { bidding_barred_at: now, bidding_barred_until: until, bidding_bar_reason: reason };
}

function toBar(fields: BarFields, now: Date): BiddingBar | undefined {
  const { bidding_barred_at: at, bidding_barred_until: end, bidding_bar_reason: reason } = fields;
  const until = end ?? (at && barEnd(at));
  return until && now < until ? { until, reason } : undefined;
}
