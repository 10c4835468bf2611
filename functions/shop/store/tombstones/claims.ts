import type { Database } from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import { tombstoneDocument } from "../../documents/tombstone.ts";
import {
  NOTHING_OWED,
  negated,
  type Owed,
  owesNothing,
  plusOwed,
} from "../../domain/forgotten-debt.ts";
import { debtReference, newDebt } from "../refunds/debt-document.ts";
import { moveRacerDebts, toTombstone, writeTombstone } from "./tombstone-document.ts";

/** A debt that was found and booked to someone's account, and that they are to be notified of. */
export interface FoundDebt extends Owed {
  readonly id: string;
}

/** Forgotten people who come back: they owe again what their tombstones say. */
export function createClaims(database: Database) {
  return {
    /**
     * Books a tombstone's debts to the account of a returning user, once: the same commit clears them. Returns the
     * debts that the user must be notified of, until `notified` is called.
     */
    async claim(
      digest: string,
      { userId, id, now }: { userId: string; id: string; now: Date },
    ): Promise<FoundDebt | undefined> {
      const firestore = await database();
      const place = tombstoneDocument.place(firestore, digest);
      if (!(await place.get()).exists) return undefined;
      return firestore.runTransaction(async (transaction) => {
        const kept = toTombstone(await transaction.get(place));
        if (!kept || owesNothing(kept)) return kept?.found;
        const { asRacer, asBuilder, found: unsaid = { ...NOTHING_OWED, id } } = kept;
        const back = { id, userId, amounts: negated(asRacer) };
        moveRacerDebts(firestore, transaction, back, now);
        for (const [currency, amount] of Object.entries(asBuilder)) {
          const debt = debtReference(firestore, userId, `forgotten.${id}.${currency}`);
          const owedAgain = { orderId: undefined, amount, currency };
          debtDocument.set(transaction, debt, newDebt(owedAgain, now));
        }
        const found = { id, ...plusOwed(unsaid, { asRacer, asBuilder }) };
        writeTombstone(transaction, place, { ...kept, ...NOTHING_OWED, found }, now);
        return found;
      });
    },

    /** Records that the user was notified of a debt, so that it is not mentioned again. */
    async notified(digest: string, id: string): Promise<void> {
      const firestore = await database();
      const place = tombstoneDocument.place(firestore, digest);
      await firestore.runTransaction(async (transaction) => {
        const kept = toTombstone(await transaction.get(place));
        if (kept?.found?.id === id)
          tombstoneDocument.update(transaction, place, { found: undefined });
      });
    },
  };
}
