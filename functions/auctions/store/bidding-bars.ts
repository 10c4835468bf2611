import { isNewer } from "../../../shared/discord/snowflake.ts";
import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import { userDocument } from "../../../shared/documents/definitions/user.ts";
import type { Database, DocumentSnapshot, Transaction } from "../../../shared/ports/database.ts";
import { unpaidWinDocument } from "../documents/unpaid-win.ts";
import { COUNTED_MS } from "../domain/auction.ts";
import { type BiddingBar, barEnd, MAX_BAR_DAYS, MOST_UNPAID } from "../domain/bidding-bar.ts";
import { countedWins } from "./unpaid-wins.ts";

const readBar = userDocument.part("barredAt", "barredUntil", "barReason", "barActId");
type StoredBar = ReturnType<typeof readBar>;
type Changes = ChangesOf<typeof userDocument>;

const NONE = { barredAt: undefined, barredUntil: undefined, barReason: undefined };

/** The outcome of lifting a bar; `staffs` when the team set it and the person who lifts it is not staff. */
export type LiftOutcome = "lifted" | "nothing" | "staffs" | "superseded";

export type BiddingBars = ReturnType<typeof createBiddingBars>;

/** Bars: who may not bid, and until when. Stored as fields of `users`. */
export function createBiddingBars(database: Database) {
  const place = async (userId: string) => userDocument.place(await database(), userId);

  return {
    /** A user's bar; undefined when there is none or it has ended. */
    async get(userId: string, now: Date): Promise<BiddingBar | undefined> {
      return toBar(readBar(await (await place(userId)).get()), now);
    },

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
        write(transaction, known, barFields({ until, reason: before?.reason }, now));
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

    /**
     * Lifts a user's bar and forgives the unpaid wins that count towards one. Idempotency: a repeat changes nothing,
     * even if the user has been barred again in between.
     */
    async lift(
      userId: string,
      { actId, isStaff }: { readonly actId: string; readonly isStaff: boolean },
      now: Date,
    ): Promise<LiftOutcome> {
      const firestore = await database();
      const user = userDocument.place(firestore, userId);
      const counted = unpaidWinDocument.all(firestore, userId).where("is_lifted", "==", false);
      return firestore.runTransaction(async (transaction) => {
        const [wins, known] = [await transaction.get(counted), await transaction.get(user)];
        const stored = readBar(known);
        const bar = toBar(stored, now);
        const lastActId = stored.barActId;
        if (lastActId && isNewer(lastActId, actId)) return "superseded";
        if (lastActId === actId) return "lifted";
        if (bar?.reason !== undefined && !isStaff) return "staffs";
        if (!bar && wins.empty) return "nothing";
        for (const { ref } of wins.docs) {
          unpaidWinDocument.update(transaction, ref, { isLifted: true });
        }
        write(transaction, known, { ...NONE, barActId: actId });
        return "lifted";
      });
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
      if (changes) write(transaction, known, changes);
    });
  }
}

/** Changes the document of a user, who may not have one yet. */
function write(transaction: Transaction, known: DocumentSnapshot, changes: Changes): void {
  if (known.exists) userDocument.update(transaction, known.ref, changes);
  else userDocument.create(transaction, known.ref, changes);
}

function barFields({ until, reason }: BiddingBar, now: Date) {
  return { barredAt: now, barredUntil: until, barReason: reason };
}

/** A bar without a stored end lasts for the automatic period from its start. */
function toBar(stored: StoredBar, now: Date): BiddingBar | undefined {
  const { barredAt, barredUntil, barReason: reason } = stored;
  const until = barredUntil ?? (barredAt && barEnd(barredAt));
  return until && now < until ? { until, reason } : undefined;
}
