import { mustEqual, mustHold } from "../rules.ts";
import {
  type Confirmed,
  EMPTY,
  inOrder,
  keyOf,
  minus,
  NOTHING,
  type PayoutState,
  type Posted,
  type SoldItem,
  type Sums,
  sumsOf,
  type Wallet,
} from "./ledger-state.ts";
import { dealOut } from "./shares.ts";
import type { StripeBooks } from "./stripe-books.ts";
import type { PlainWindows } from "./windows.ts";

/**
 * The ledger as a simple reference model: each posting follows from its cause, and none exists
 * without one. A sale is distributed over the windows at its time, a refund is the difference
 * between two distributions, and a payout pays what staff typed if it is available. Throws
 * RuleBroken for any other posting.
 */
export class PlainLedger {
  readonly #books: StripeBooks;
  readonly #windows: PlainWindows;
  readonly #sold = new Map<string, SoldItem>();
  /** The total refunded of each sale at its shop; Stripe's refunds are in its books. */
  readonly #back = new Map<string, number>();
  /**
   * What is booked of each sale: the refunded amount, each account's share, and the frozen part of
   * it.
   */
  readonly #booked = new Map<string, { taken: number; has: Sums; frozen: Sums }>();
  readonly #typed = new Set<string>();
  readonly #paid = new Map<string, Posted>();
  readonly #returned = new Set<string>();
  readonly #payouts = new Map<string, PayoutState>();
  readonly #wallets = new Map<string, Wallet>();
  /** The number of posted transactions by kind. */
  readonly counts = new Map<string, number>();

  constructor(books: StripeBooks, windows: PlainWindows) {
    this.#books = books;
    this.#windows = windows;
  }

  sold(sale: SoldItem): void {
    this.#sold.set(sale.id, sale);
  }

  wentBack(saleId: string, amount: number): void {
    this.#back.set(saleId, (this.#back.get(saleId) ?? 0) + amount);
  }

  /** Records that staff typed a payout; its id is the interaction's. */
  typed(payoutId: string): void {
    this.#typed.add(payoutId);
  }

  paidOut(payout: PayoutState): void {
    this.#payouts.set(payout.id, payout);
  }

  /** The expected wallets by account and currency. */
  wallets(): ReadonlyMap<string, Wallet> {
    return this.#wallets;
  }

  post(entry: Posted): void {
    const { id, kind, currency, postings } = entry;
    const total = postings.reduce((sum, { amount }) => sum + amount, 0);
    mustEqual("L1", `the sum of ${id}`, total, 0);
    const areWhole = postings.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0);
    mustHold("L1", areWhole && postings.length > 1, () => `${id} has an empty or a single posting`);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (kind === "sale") this.#sale(entry);
    else if (kind === "refund") this.#refund(entry);
    else if (kind === "freeze") this.#freeze(entry);
    else if (kind === "payout") this.#payout(entry);
    else if (kind === "payout-returned") this.#return(entry);
    else mustHold("L5", false, () => `${id} is a ${kind} without a cause`);
    for (const { account, amount, isFrozen } of postings) {
      const key = `${account} ${currency}`;
      const { balance, frozen } = this.#wallets.get(key) ?? EMPTY;
      this.#wallets.set(key, {
        balance: balance + amount,
        frozen: frozen + (isFrozen ? amount : 0),
      });
    }
  }

  /** L5, W1 to W5: booked once and distributed over the windows at its time. */
  #sale(entry: Posted): void {
    const sale = this.#saleOf(entry);
    mustHold("L5", !this.#booked.has(sale.id), () => `sale ${sale.id} is booked twice`);
    this.#checkDeal(entry, sale, 0);
  }

  /** L7: only what was refunded at the shop changes the distribution. */
  #refund(entry: Posted): void {
    const sale = this.#saleOf(entry);
    const before = this.#booked.get(sale.id);
    mustHold("L7", before !== undefined, () => `${entry.id} refunds a sale that is not booked`);
    const taken = before.taken + (sumsOf(entry).get(`clawbacks:${sale.provider}`) ?? 0);
    const isKnown = this.#canBeTaken(sale, taken);
    mustHold("L7", isKnown, () => `${entry.id}: ${taken} of sale ${sale.id} was not refunded`);
    this.#checkDeal(entry, sale, taken);
  }

  #checkDeal(entry: Posted, sale: SoldItem, taken: number): void {
    const before = this.#booked.get(sale.id);
    const has = this.#dealOf(sale, taken);
    const change = minus(has, before?.has ?? NOTHING);
    mustEqual(
      "W1",
      `what ${entry.id} gives to each account`,
      inOrder(sumsOf(entry)),
      inOrder(change),
    );
    this.#booked.set(sale.id, { frozen: NOTHING, ...before, taken, has });
  }

  /** L11: only shares of disputed sales, and never more than an account has of the sale. */
  #freeze(entry: Posted): void {
    const sale = this.#saleOf(entry);
    const booked = this.#booked.get(sale.id);
    const disputes = this.#books.disputesOf(sale.chargeId ?? "");
    mustHold("L11", disputes.length > 0, () => `${entry.id} belongs to an undisputed sale`);
    mustEqual("L11", `the sum of ${entry.id}`, inOrder(sumsOf(entry)), []);
    const frozen = new Map(booked?.frozen);
    for (const { account, lobbyId, amount, isFrozen } of entry.postings) {
      const key = keyOf(account, lobbyId);
      if (isFrozen) frozen.set(key, (frozen.get(key) ?? 0) + amount);
    }
    if (booked) booked.frozen = frozen;
    for (const [key, amount] of frozen) {
      const has = booked?.has.get(key) ?? 0;
      const isWithin = amount >= 0 && amount <= has;
      mustHold("L11", isWithin, () => `of ${has} of ${key} in sale ${sale.id} ${amount} is frozen`);
    }
  }

  /** L5, L8: only what staff typed, once, and only from available money. */
  #payout(entry: Posted): void {
    const payout = this.#payouts.get(entry.id.slice("payout.".length));
    const what = `payout ${payout?.id}`;
    mustHold("L5", payout !== undefined, () => `${entry.id} is posted without a payout`);
    mustHold("L5", !this.#paid.has(payout.id), () => `${what} is booked twice`);
    const account = `racer:${payout.racer}`;
    const { balance, frozen } = this.#wallets.get(`${account} ${payout.currency}`) ?? EMPTY;
    const available = balance - frozen;
    const isThere = payout.amount > 0 && payout.amount <= available;
    mustHold("L8", isThere, () => `${what} takes ${payout.amount} of ${available}`);
    this.#paid.set(payout.id, entry);
    const due = new Map([["payouts", payout.amount]]).set(account, -payout.amount);
    mustEqual("L5", `what ${what} moves`, inOrder(sumsOf(entry)), inOrder(due));
    mustEqual("L5", `the currency of ${what}`, entry.currency, payout.currency);
  }

  #return(entry: Posted): void {
    const id = entry.id.slice("payout-returned.".length);
    const paid = this.#paid.get(id);
    const isFirst = paid !== undefined && !this.#returned.has(id);
    mustHold("L5", isFirst, () => `payout ${id} is returned without being made, or twice`);
    this.#returned.add(id);
    const back = minus(NOTHING, sumsOf(paid));
    mustEqual("L5", `what is returned of payout ${id}`, inOrder(sumsOf(entry)), inOrder(back));
  }

  /**
   * At rest: everything that the product confirmed is booked, nothing stays frozen without a cause,
   * and payouts were sent.
   */
  checkRest({ mustBeBooked, mustBeBack }: Confirmed): void {
    for (const sale of this.#sold.values()) {
      const booked = this.#booked.get(sale.id);
      mustHold("L5", booked !== undefined || !mustBeBooked(sale), () => {
        return `sale ${sale.id} is not booked`;
      });
      if (!booked) continue;
      const { taken, frozen } = booked;
      const atStripe = this.#takenAtStripe(sale).at(-1);
      const least = atStripe ?? mustBeBack(sale);
      const most = atStripe ?? this.#back.get(sale.id) ?? 0;
      const isRight = least <= taken && taken <= most;
      mustHold(
        "L7",
        isRight,
        () => `${taken} of sale ${sale.id} is booked as refunded, not ${most}`,
      );
      const disputes = this.#books.disputesOf(sale.chargeId ?? "");
      const isOpen = disputes.some(({ status }) => !["won", "lost"].includes(status));
      const left = [...frozen.values()].some((amount) => amount > 0);
      mustHold("L11", isOpen || !left, () => `shares of sale ${sale.id} stay frozen`);
    }
    for (const payout of this.#payouts.values()) this.#checkSent(payout);
    const own = [...this.#books.transfers.values()].filter(({ payoutId }) => payoutId);
    const lost = own.filter(({ payoutId = "" }) => !this.#paid.has(payoutId)).map(({ id }) => id);
    mustEqual("L5", "transfers of payouts that are not booked", lost, []);
  }

  /**
   * A payout to a connected account has one transfer with its amount; a returned one has no unknown
   * transfer.
   */
  #checkSent({ id, amount, currency, method, account, state, transferId }: PayoutState): void {
    const made = [...this.#books.transfers.values()].filter(({ payoutId }) => payoutId === id);
    const found = made.map((each) => [each.id, each.amount, each.currency, each.destination]);
    const isSent = method === "stripe" && (state === "done" || transferId !== undefined);
    const due = isSent ? [[transferId, amount, currency, account]] : [];
    mustEqual("L5", `what was sent of payout ${id}, ${state}`, found, due);
    mustHold("L5", this.#paid.has(id), () => `payout ${id} is not in the ledger`);
    mustHold("Access", this.#typed.has(id), () => `no staff member typed payout ${id}`);
    mustEqual("L5", `whether payout ${id} came back`, this.#returned.has(id), state === "returned");
  }

  /**
   * Whether this amount may be booked as refunded by now: the product may not have received
   * Stripe's latest events.
   */
  #canBeTaken(sale: SoldItem, taken: number): boolean {
    if (sale.chargeId === undefined)
      return taken <= Math.min(sale.base, this.#back.get(sale.id) ?? 0);
    return this.#takenAtStripe(sale).includes(taken);
  }

  /**
   * The amounts that the product may have received of a charge: its refunds up to any of them, with
   * or without its disputes. The last one is the total.
   */
  #takenAtStripe({ chargeId, base, paid }: SoldItem): readonly number[] {
    const charge = this.#books.charges.get(chargeId ?? "");
    if (!charge) return [];
    const disputes = this.#books.disputesOf(charge.id);
    const lost = disputes.reduce((sum, { withdrawn, status }) => {
      return sum + (status === "lost" ? withdrawn : 0);
    }, 0);
    const ever = disputes.flatMap(({ amounts }) => [...amounts]);
    return [0, ...ever, lost].flatMap((disputed) =>
      charge.refundedSoFar.map((refunded) => {
        const part = Math.min(paid, refunded + disputed);
        return Number((BigInt(base) * BigInt(part)) / BigInt(paid));
      }),
    );
  }

  #dealOf(sale: SoldItem, taken: number): Sums {
    const { id, base, provider, soldAtMs, named } = sale;
    const { platform, shares } = dealOut(id, base - taken, this.#windows.sharing(soldAtMs, named));
    const has = new Map([[`sales:${provider}`, -base]]);
    has.set(`clawbacks:${provider}`, taken).set("platform", platform);
    for (const { racer, lobbyId, amount } of shares)
      has.set(keyOf(`racer:${racer}`, lobbyId), amount);
    return has;
  }

  #saleOf({ id, saleId = "", currency }: Posted): SoldItem {
    const sale = this.#sold.get(saleId);
    mustHold("G4", sale !== undefined, () => `${id} is of sale ${saleId}, which no shop made`);
    mustEqual("L1", `the currency of ${id}`, currency, sale.currency);
    return sale;
  }
}
