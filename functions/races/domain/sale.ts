import {
  type Account,
  type LedgerTransaction,
  type Posting,
  type Provider,
  racerAccount,
  type TransactionNote,
} from "../../../shared/money/ledger.ts";
import { type Commission, splitSale, type Window } from "./commission.ts";

/** A sale anywhere, in one shape. */
export interface Sale {
  /** `provider:transaction`. */
  readonly id: string;
  readonly provider: Provider;
  /** What was paid for the items after discounts, without shipping and tax; minor units. */
  readonly base: number;
  readonly currency: string;
  /** The provider's time, or that at which we heard of it where the provider's is well ahead. */
  readonly soldAt: Date;
  /** The provider's time where another counts. */
  readonly notifiedAt?: Date | undefined;
  /** Whether the prices have tax in them, of which the base has none. */
  readonly isTaxIncluded?: boolean | undefined;
  /** The lobby that the sale names, if any. */
  readonly lobbyId: string | undefined;
  /** What was bought, for people; no buyer is named here. */
  readonly title: string;
}

/** A sale with the windows that share in it, which never change, and what of it was taken back. */
export interface BookedSale extends Sale {
  readonly windows: readonly Window[];
  /** Of the base; between 0 and all of it. */
  readonly refunded: number;
  /** Its shares may be paid out from then on: counted from its booking, which may be late. */
  readonly availableAt: Date;
  /** What of each share is frozen because of a dispute, in the order of the shares; empty for nothing. */
  readonly frozen: readonly number[];
  /** How often that has changed. */
  readonly freezes: number;
}

/** What something takes back of a sale: minor units of its base, or of all that was paid. */
export interface Taken {
  readonly id: string;
  readonly amount: number;
  /** All that was paid, where the amount is a part of that: then the items' part of it counts. */
  readonly paid?: number | undefined;
}

/**
 * All that was taken back, never less than nothing or more than the sale. Parts of what was paid are
 * added up before they are converted, so that nothing is left over when all of it is gone.
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

/** The id of the refund that takes what a dispute has taken. */
export function refundIdOfDispute(disputeId: string): string {
  return `dispute-${disputeId}`;
}

/** How a sale is shared after what was refunded of it. */
export function commissionOf({ id, base, refunded, windows }: BookedSale): Commission {
  return splitSale(base - refunded, windows, turnOf(id));
}

/** The postings of a sale as it was made, before any refund. */
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

/** What changes when more, or less, of a sale is refunded; `causeId` names why. */
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
    ...{ availableAt, lobbyId },
  }));
  const platform = to.platform - from.platform;
  const all: Posting[] = [
    { account: against, amount: after.refunded - before.refunded, availableAt, lobbyId: undefined },
    { account: "platform", amount: platform, availableAt, lobbyId: undefined },
    ...shares,
  ];
  return all.filter(({ amount }) => amount !== 0);
}

/** A whole number that spreads over sales: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function turnOf(saleId: string): number {
  let hash = 0x811c9dc5;
  for (const character of saleId) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
