import {
  FROZEN,
  type LedgerTransaction,
  type Posting,
  racerAccount,
} from "../../../shared/money/ledger.ts";
import { type BookedSale, commissionOf } from "./sale.ts";

/**
 * The part of each share to freeze when a dispute is opened: what is still in the racer's wallet. Money that was
 * already paid out cannot be frozen. `available` is what each racer could be paid now; undefined if no share of
 * this sale has ever been available, so that all of it is still there.
 */
export function sharesToFreeze(
  sale: BookedSale,
  available: ReadonlyMap<string, number> | undefined,
): number[] {
  const left = new Map(available);
  return commissionOf(sale).shares.map(({ racerId, amount }, index) => {
    const already = sale.frozen[index] ?? 0;
    const rest = amount - already;
    if (!available) return already + rest;
    const more = Math.min(rest, Math.max(0, left.get(racerId) ?? 0));
    left.set(racerId, (left.get(racerId) ?? 0) - more);
    return already + more;
  });
}

/**
 * The part of each share that stays frozen when the refunded total of a disputed sale changes: a refund reduces
 * the frozen part first, and money that comes back is frozen again.
 */
export function frozenAfter(sale: BookedSale, refunded: number): number[] {
  const [before, after] = [sale, { ...sale, refunded }].map((each) => commissionOf(each).shares);
  return (after ?? []).map(({ amount }, index) => {
    const frozen = (sale.frozen[index] ?? 0) + amount - (before?.[index]?.amount ?? 0);
    return Math.min(amount, Math.max(0, frozen));
  });
}

/**
 * Changes the frozen part of each share to `frozen`. The money stays in the racer's account, so that their earnings
 * and the pot do not change; only the time at which it may be paid out does.
 */
export function freezeTransaction(
  sale: BookedSale,
  frozen: readonly number[],
  at: Date,
): LedgerTransaction {
  const { id: saleId, currency, availableAt } = sale;
  const postings = commissionOf(sale).shares.flatMap(({ racerId, lobbyId }, index): Posting[] => {
    const amount = (frozen[index] ?? 0) - (sale.frozen[index] ?? 0);
    if (amount === 0) return [];
    const shared = { account: racerAccount(racerId), lobbyId };
    return [
      { ...shared, amount: -amount, availableAt },
      { ...shared, amount, availableAt: FROZEN },
    ];
  });
  return { id: `freeze.${saleId}.${sale.freezes}`, kind: "freeze", at, currency, saleId, postings };
}
