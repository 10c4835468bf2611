import { isNewer } from "../../../../shared/discord/snowflake.ts";
import { userDocument } from "../../../../shared/documents/definitions/user.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { unpaidWinDocument } from "../../documents/unpaid-win.ts";
import { readBar, toBar, writeBar } from "./stored-bar.ts";

const NONE = { barredAt: undefined, barredUntil: undefined, barReason: undefined };

/** The outcome of lifting a bar; `staffs` when the team set it and the person who lifts it is not staff. */
export type LiftOutcome = "lifted" | "nothing" | "staffs" | "superseded";

/** Lifting bars. */
export function barLifting(database: Database) {
  return {
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
        writeBar(transaction, known, { ...NONE, barActId: actId });
        return "lifted";
      });
    },
  };
}
