import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { addTransaction } from "../../../shared/money/ledger-entries.ts";
import { sumsWithin } from "../../../shared/money/ledger-sums.ts";
import type {
  Database,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import { debtDocument } from "../documents/debt.ts";
import { forgottenAccountDocument } from "../documents/forgotten-account.ts";
import { tombstoneDocument } from "../documents/tombstone.ts";
import {
  forgottenDebtTransaction,
  NOTHING_OWED,
  type Owed,
  owesNothing,
  plus,
  toMove,
  tombstoneExpiry,
} from "../domain/forgotten-debt.ts";
import { debtReference, newDebt } from "./refunds/debt-document.ts";
import { planSettling } from "./refunds/debt-plans.ts";

/** A debt that was found and booked to someone's account, and that they are to be notified of. */
export interface FoundDebt extends Owed {
  readonly id: string;
}

/** Someone who was forgotten, and until when money of theirs can be charged back. */
interface Burial {
  /** The tombstone's id: a digest of who they were, under a key. */
  readonly digest: string;
  readonly pseudonym: string;
  readonly chargeableUntil: Date;
}

type Tombstone = Omit<DocumentOf<typeof tombstoneDocument>, "id">;

/** A sweep takes this many. */
const MAX_LISTED = 100;

export type Tombstones = ReturnType<typeof createTombstones>;

/**
 * What forgotten users may still owe. `tombstones`, by a keyed digest of the Discord id: amounts and expiry,
 * without the person or the cause. `forgotten_accounts`, by pseudonym: the tombstone that receives later
 * chargebacks. A pseudonym leads only to amounts; a returning user is looked up only in `tombstones`.
 */
export function createTombstones(database: Database) {
  return {
    /**
     * Creates the account and tombstone for a pseudonym's later debts. Idempotent: a repeat can only extend the
     * time.
     */
    async bury({ digest, pseudonym, chargeableUntil }: Burial): Promise<void> {
      const firestore = await database();
      const { account, tombstone } = placesOf(firestore, pseudonym, digest);
      await firestore.runTransaction(async (transaction) => {
        const [known, stone] = await transaction.getAll(account, tombstone);
        const before = known?.exists ? forgottenAccountDocument.read(known) : undefined;
        const until = latest(chargeableUntil, before?.chargeableUntil);
        const { moves = 0, moved = {} } = before ?? {};
        const fields = { digest, chargeableUntil: until, moves, moved };
        forgottenAccountDocument.set(transaction, account, fields);
        const kept = toTombstone(stone);
        const longer = { ...kept, chargeableUntil: latest(until, kept?.chargeableUntil) };
        writeTombstone(
          transaction,
          tombstone,
          { ...NOTHING_OWED, found: undefined, ...longer },
          until,
        );
      });
    },

    /**
     * Moves a pseudonym's current debts to its tombstone in one commit; a repeat moves only newer debts. Once
     * nothing can be charged back any more, it deletes the account too.
     */
    async collect(pseudonym: string, now: Date): Promise<void> {
      const firestore = await database();
      const account = forgottenAccountDocument.place(firestore, pseudonym);
      await firestore.runTransaction(async (transaction) => {
        const known = await transaction.get(account);
        if (!known.exists) return;
        const { digest, chargeableUntil, moves, moved } = forgottenAccountDocument.read(known);
        const { tombstone } = placesOf(firestore, pseudonym, digest);
        const balances = await sumsWithin(firestore, transaction, racerAccount(pseudonym));
        const settling = await planSettling(firestore, transaction, pseudonym);
        const kept = toTombstone(await transaction.get(tombstone));
        const more = toMove(
          Object.fromEntries(balances.map(({ currency, amount }) => [currency, amount])),
          moved,
        );
        for (const [currency, amount] of Object.entries(more)) {
          const id = `${pseudonym}.${moves}`;
          const move = { id, userId: pseudonym, currency, amount };
          addTransaction(firestore, transaction, forgottenDebtTransaction(move, now));
        }
        settling.apply();
        const isOver = chargeableUntil <= now;
        const hasMoved = Object.keys(more).length + Object.keys(settling.settled).length > 0;
        if (isOver) transaction.delete(account);
        else if (hasMoved) {
          const after = { moves: moves + 1, moved: plus(moved, more) };
          const fields = { digest, chargeableUntil, ...after };
          forgottenAccountDocument.set(transaction, account, fields);
        }
        if (!hasMoved) return;
        const { asRacer, asBuilder } = kept ?? NOTHING_OWED;
        const after = {
          found: kept?.found,
          chargeableUntil: kept?.chargeableUntil ?? chargeableUntil,
          asRacer: plus(asRacer, more),
          asBuilder: plus(asBuilder, settling.settled),
        };
        writeTombstone(transaction, tombstone, after, now);
      });
    },

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
        for (const [currency, amount] of Object.entries(asRacer)) {
          const move = { id, userId, currency, amount: -amount };
          addTransaction(firestore, transaction, forgottenDebtTransaction(move, now));
        }
        for (const [currency, amount] of Object.entries(asBuilder)) {
          const debt = debtReference(firestore, userId, `forgotten.${id}.${currency}`);
          const owedAgain = { orderId: undefined, amount, currency };
          debtDocument.set(transaction, debt, newDebt(owedAgain, now));
        }
        const found = {
          id,
          asRacer: plus(unsaid.asRacer, asRacer),
          asBuilder: plus(unsaid.asBuilder, asBuilder),
        };
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

    /** Pseudonyms whose sales can still be charged back, after `after`, at most `limit`. */
    async accounts(after: string | undefined, limit: number): Promise<string[]> {
      const all = forgottenAccountDocument.all(await database());
      const ordered = all.orderBy("__name__").limit(limit);
      const found = await (after === undefined ? ordered : ordered.startAfter(after)).get();
      return found.docs.map(({ id }) => id);
    },

    /** Deletes tombstones whose time is over; some. */
    async deleteExpired(now: Date): Promise<void> {
      const stones = tombstoneDocument.all(await database());
      const found = await stones.where("expires_at", "<=", now).limit(MAX_LISTED).get();
      for (const { ref, updateTime } of found.docs) {
        await ref.delete({ lastUpdateTime: updateTime });
      }
    },
  };
}

function placesOf(firestore: Firestore, pseudonym: string, digest: string) {
  return {
    account: forgottenAccountDocument.place(firestore, pseudonym),
    tombstone: tombstoneDocument.place(firestore, digest),
  };
}

function writeTombstone(
  transaction: Transaction,
  place: DocumentReference,
  stone: Tombstone,
  now: Date,
): void {
  const expiresAt = tombstoneExpiry(stone, stone.chargeableUntil, now);
  tombstoneDocument.set(transaction, place, { ...stone, expiresAt });
}

function toTombstone(snapshot: DocumentSnapshot | undefined): Tombstone | undefined {
  return snapshot?.exists ? tombstoneDocument.read(snapshot) : undefined;
}

function latest(one: Date, other: Date | undefined): Date {
  return other && other > one ? other : one;
}
