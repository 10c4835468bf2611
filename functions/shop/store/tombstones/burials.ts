import { racerAccount } from "../../../../shared/money/ledger.ts";
import { sumsWithin } from "../../../../shared/money/ledger-sums.ts";
import type { Database, Firestore, Transaction } from "../../../../shared/ports/database.ts";
import { forgottenAccountDocument } from "../../documents/forgotten-account.ts";
import { tombstoneDocument } from "../../documents/tombstone.ts";
import { NOTHING_OWED, owesNothing, plus, plusOwed, toMove } from "../../domain/forgotten-debt.ts";
import { planSettling } from "../refunds/debt-plans.ts";
import { moveRacerDebts, toTombstone, writeTombstone } from "./tombstone-document.ts";

/** Someone who was forgotten, and until when money of theirs can be charged back. */
interface Burial {
  /** The tombstone's id: a digest of who they were, under a key. */
  readonly digest: string;
  readonly pseudonym: string;
  readonly chargeableUntil: Date;
}

/** People who are forgotten: what they owe moves from their accounts to their tombstones, now and later. */
export function createBurials(database: Database) {
  return {
    /**
     * Creates the account and tombstone for a pseudonym's later debts. Idempotent: a repeat can only extend the
     * time.
     */
    async bury({ digest, pseudonym, chargeableUntil }: Burial): Promise<void> {
      const firestore = await database();
      const account = forgottenAccountDocument.place(firestore, pseudonym);
      const tombstone = tombstoneDocument.place(firestore, digest);
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
      await firestore.runTransaction((transaction) =>
        collectWithin(firestore, transaction, pseudonym, now),
      );
    },

    /** Pseudonyms whose sales can still be charged back, after `after`, at most `limit`. */
    async accounts(after: string | undefined, limit: number): Promise<string[]> {
      const all = forgottenAccountDocument.all(await database());
      const ordered = all.orderBy("__name__").limit(limit);
      const found = await (after === undefined ? ordered : ordered.startAfter(after)).get();
      return found.docs.map(({ id }) => id);
    },
  };
}

async function collectWithin(
  firestore: Firestore,
  transaction: Transaction,
  pseudonym: string,
  now: Date,
): Promise<void> {
  const account = forgottenAccountDocument.place(firestore, pseudonym);
  const known = await transaction.get(account);
  if (!known.exists) return;
  const { digest, chargeableUntil, moves, moved } = forgottenAccountDocument.read(known);
  const tombstone = tombstoneDocument.place(firestore, digest);
  const balances = await sumsWithin(firestore, transaction, racerAccount(pseudonym));
  const settling = await planSettling(firestore, transaction, pseudonym);
  const kept = toTombstone(await transaction.get(tombstone));
  const byCurrency = Object.fromEntries(balances.map(({ currency, amount }) => [currency, amount]));
  const more = { asRacer: toMove(byCurrency, moved), asBuilder: settling.settled };
  const hasMoved = !owesNothing(more);
  const id = `${pseudonym}.${moves}`;
  moveRacerDebts(firestore, transaction, { id, userId: pseudonym, amounts: more.asRacer }, now);
  settling.apply();
  if (chargeableUntil <= now) transaction.delete(account);
  else if (hasMoved) {
    const after = { moves: moves + 1, moved: plus(moved, more.asRacer) };
    forgottenAccountDocument.set(transaction, account, { digest, chargeableUntil, ...after });
  }
  if (!hasMoved) return;
  const after = {
    found: kept?.found,
    chargeableUntil: kept?.chargeableUntil ?? chargeableUntil,
    ...plusOwed(kept ?? NOTHING_OWED, more),
  };
  writeTombstone(transaction, tombstone, after, now);
}

function latest(one: Date, other: Date | undefined): Date {
  return other && other > one ? other : one;
}
