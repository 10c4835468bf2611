import {
  type Account,
  type LedgerTransaction,
  type Posting,
  type Provider,
  racerAccount,
  type TransactionNote,
} from "../../../shared/money/ledger.ts";
import { type Commission, splitSale, type Window } from "./commission.ts";

/** A sale from any provider in one shape. */
export interface Sale {
  /** `provider:transaction`. */
  readonly id: string;
  readonly provider: Provider;
  /** What was paid for the items after discounts, without shipping and tax; minor units. */
  readonly base: number;
  readonly currency: string;
  /** The provider's time, or the time at which we received the sale if the provider's is well ahead. */
  readonly soldAt: Date;
  /** The provider's time, if it is not `soldAt`. */
  readonly notifiedAt?: Date | undefined;
  /** Whether the prices included tax. The base never does. */
  readonly isTaxIncluded?: boolean | undefined;
  /** The lobby that the sale names, if any. */
  readonly lobbyId: string | undefined;
  /** Further names in the buyer's message; not stored. */
  readonly otherLobbyIds?: readonly string[] | undefined;
  /** What was bought, in words; it names no buyer. */
  readonly title: string;
}

/** A sale with the windows that share in it, which never change, and its refunds. */
export interface BookedSale extends Sale {
  readonly windows: readonly Window[];
  /** The refunded part of the base; from 0 to all of it. */
  readonly refunded: number;
  /** When its shares may be paid out, counted from its booking, which may be late. */
  readonly availableAt: Date;
  /** The part of each share that is frozen because of a dispute, in the order of the shares; empty if none is. */
  readonly frozen: readonly number[];
  /** How often the frozen parts have changed. */
  readonly freezes: number;
}

/** A refund of a part of a sale, in minor units of its base or of the whole payment. */
export interface Taken {
  readonly id: string;
  readonly amount: number;
  /** The whole payment, if the amount is a part of that: then only the items' part of the amount counts. */
  readonly paid?: number | undefined;
}

/**
 * The total that was refunded of a sale's base, from 0 to all of it. Parts of the whole payment are added up before
 * they are converted, so that nothing is left over by rounding once all of it is refunded.
 */
export function withinBase(base: number, taken: readonly Taken[]): number {
  const ofBase = taken.filter(({ paid }) => paid === undefined);
  const ofPaid = taken.filter(({ paid }) => paid !== undefined);
  const paid = Math.max(...ofPaid.map((each) => each.paid ?? 0));
  const part = total(ofPaid);
  const items = part >= paid ? base : Number((BigInt(base) * BigInt(part)) / BigInt(paid));
  return Math.min(base, Math.max(0, total(ofBase) + (ofPaid.length > 0 ? items : 0)));
}

function total(taken: readonly Taken[]): number {
  return taken.reduce((sum, { amount }) => sum + amount, 0);
}

/** The id of the refund that stands for a dispute. */
export function refundIdOfDispute(disputeId: string): string {
  return `dispute-${disputeId}`;
}

/** How a sale is shared after its refunds. */
export function commissionOf({ id, base, refunded, windows }: BookedSale): Commission {
  return splitSale(base - refunded, windows, turnOf(id));
}

/** The postings of a sale before any refund. */
export function saleTransaction(
  sale: BookedSale,
  at: Date,
  note?: TransactionNote,
): LedgerTransaction {
  const before = { ...sale, refunded: sale.base };
  const postings = difference(before, { ...sale, refunded: 0 }, `sales:${sale.provider}`);
  const { id: saleId, currency } = sale;
  return { id: `sale.${saleId}`, kind: "sale", at, currency, saleId, postings, note };
}

/** The postings that change a sale's refunded total to `refunded`; `causeId` identifies the cause. */
export function refundTransaction(
  sale: BookedSale,
  refunded: number,
  causeId: string,
  at: Date,
  note?: TransactionNote,
): LedgerTransaction {
  const postings = difference(sale, { ...sale, refunded }, `clawbacks:${sale.provider}`);
  const { id: saleId, currency } = sale;
  return { id: `refund.${causeId}`, kind: "refund", at, currency, saleId, postings, note };
}

function difference(before: BookedSale, after: BookedSale, against: Account): Posting[] {
  const [from, to] = [commissionOf(before), commissionOf(after)];
  const { availableAt } = after;
  const shares = to.shares.map(({ lobbyId, racerId, amount }, index) => ({
    account: racerAccount(racerId),
    amount: amount - (from.shares[index]?.amount ?? 0),
    availableAt,
    lobbyId,
  }));
  const platform = to.platform - from.platform;
  const all: Posting[] = [
    { account: against, amount: after.refunded - before.refunded, availableAt, lobbyId: undefined },
    { account: "platform", amount: platform, availableAt, lobbyId: undefined },
    ...shares,
  ];
  return all.filter(({ amount }) => amount !== 0);
}

/** A whole number that is evenly distributed over sales: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function turnOf(saleId: string): number {
  let hash = 0x811c9dc5;
  for (const character of saleId) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
