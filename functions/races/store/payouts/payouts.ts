import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import { ledgerTransactionDocument } from "../../../../shared/documents/definitions/ledger-transaction.ts";
import { reversalId } from "../../../../shared/money/correction.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import { undoCommand } from "../../../../shared/money/money-command.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { walletDocument } from "../../../members/documents/wallet.ts";
import { payoutDocument } from "../../documents/payout.ts";
import {
  type CodeDelivery,
  type Payout,
  type PayoutOrder,
  payoutReturnTransaction,
  type TransferRefusal,
} from "../../domain/payout.ts";
import { beginPayout, commandsOf, type PayoutDecision, type PayoutRules } from "./begin-payout.ts";
import { toPayout } from "./payout-document.ts";
import { payoutLists } from "./payout-lists.ts";

export type Payouts = ReturnType<typeof createPayouts>;

/**
 * The `payouts` collection, and `wallets`: one document per racer, which each of their payouts writes. Of two
 * concurrent payouts, the second therefore sees the balance that the first has left.
 */
export function createPayouts(database: Database) {
  const reference = async (id: string) => payoutDocument.place(await database(), id);

  /** Applies a decision to a payout. Returns the current payout. */
  const change = async (
    id: string,
    decide: (payout: Payout) => ChangesOf<typeof payoutDocument> | undefined,
  ): Promise<Payout> => {
    const place = await reference(id);
    await (await database()).runTransaction(async (transaction) => {
      const changes = decide(toPayout(await transaction.get(place)));
      if (changes) payoutDocument.update(transaction, place, changes);
    });
    return toPayout(await place.get());
  };

  return {
    ...payoutLists(database),

    async get(id: string): Promise<Payout | undefined> {
      const snapshot = await (await reference(id)).get();
      return snapshot.exists ? toPayout(snapshot) : undefined;
    },

    /** Takes the money out of the wallet if it may be paid out: see `beginPayout`. */
    begin: (order: PayoutOrder, rules: PayoutRules): Promise<PayoutDecision> =>
      beginPayout(database, order, rules),

    /**
     * Records the transfer. Returns the current payout, which is `returned` if another delivery was refused and the
     * money went back into the wallet first.
     */
    transferred: (id: string, transferId: string): Promise<Payout> =>
      change(id, () => ({ transferId })),

    /**
     * Records that the racer has their code or that the staff member hands it over, and deletes the code. The first
     * recorded delivery stays.
     */
    codeDelivered: (id: string, delivery: CodeDelivery): Promise<Payout> =>
      change(id, ({ state, codeDelivery }) =>
        state === "open" && codeDelivery === undefined
          ? { code: undefined, codeDelivery: delivery }
          : undefined,
      ),

    /**
     * Records that C500's Stripe balance was too low for the transfer, which is retried later under a new attempt
     * number. Each attempt is counted once: `tries` is the number of attempts before it.
     */
    waitsForFunds: (id: string, tries: number, now: Date): Promise<Payout> =>
      change(id, ({ state, fundsTries }) =>
        state === "open" && fundsTries === tries
          ? { fundsTries: tries + 1, fundsTriedAt: now }
          : undefined,
      ),

    /**
     * Puts the money back into the wallet, once. Does nothing if a transfer exists, unless that transfer was
     * reversed and no operator has booked the reversal.
     */
    async returned(id: string, refusal: TransferRefusal, now: Date): Promise<Payout> {
      const firestore = await database();
      const place = payoutDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const payout = toPayout(await transaction.get(place));
        const isUnmade = payout.state === "open" && !payout.transferId;
        const isReversed = refusal === "reversed" && payout.state !== "returned";
        if (!isUnmade && !isReversed) return payout;
        const booked = ledgerTransactionDocument.place(firestore, reversalId(`payout.${id}`));
        if ((await transaction.get(booked)).exists) return payout;
        const wallet = walletDocument.place(firestore, payout.racerId);
        const lock = await transaction.get(wallet);
        const changes = { state: "returned", refusal, finishedAt: now } as const;
        payoutDocument.update(transaction, place, changes);
        // The returned money may be paid out again at once, by another method.
        const commands = undoCommand(id, commandsOf(lock));
        if (lock.exists) walletDocument.update(transaction, wallet, { commands });
        addTransaction(firestore, transaction, payoutReturnTransaction(payout, now));
        return { ...payout, state: "returned" as const, refusal };
      });
    },

    /**
     * Completes an open payout once the racer has the money; `isNotified` says whether the channel was notified.
     * Returns the current payout: one that was already done or returned stays so.
     */
    finish: (id: string, isNotified: boolean, now: Date): Promise<Payout> =>
      change(id, ({ state }) =>
        state === "open" ? { state: "done", isNotified, finishedAt: now } : undefined,
      ),

    /**
     * Marks whether the sweeper still has to report the payout's outcome. A marked payout stays in the sweeper's
     * list.
     */
    async reportDue(id: string, isDue: boolean): Promise<void> {
      await payoutDocument.updateNow(await reference(id), { isReportDue: isDue });
    },
  };
}
