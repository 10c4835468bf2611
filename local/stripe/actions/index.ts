import { type Amounts, PLATFORM } from "../balances.ts";
import type {
  Account,
  Dispute,
  Refund,
  Session,
  StripeEvent,
  Transfer,
  TransferReversal,
} from "../objects.ts";
import type { StripeTiming } from "../timing.ts";
import type { Courier, SignedWith } from "../webhooks/courier.ts";
import type { PlatformPayouts, World } from "../world.ts";
import {
  completeOnboarding,
  deauthorizeAccount,
  payOutAll,
  rejectAccount,
  restrictAccount,
} from "./accounts.ts";
import {
  closeDispute,
  type DisputeEnd,
  escalateDispute,
  type NewDispute,
  openDispute,
  overturnDispute,
  reinstateLostDispute,
} from "./disputes.ts";
import { type MerchSale, sellMerch } from "./merch.ts";
import { type PaymentWay, paySession, settleDebit } from "./payments.ts";
import { cancelRefund, createRefund, failRefund, payWaitingRefunds } from "./refunds.ts";
import { createReversal, createTransfer } from "./transfers.ts";

/** What the actions move. */
export interface ActionContext {
  readonly world: World;
  readonly courier: Courier;
  readonly bankDebitMs: number | undefined;
}

/** What people, banks and Stripe itself do. Each throws an error that says why when it cannot be. */
export class StripeActions {
  #world: World;
  #courier: Courier;
  #bankDebitMs: number | undefined;

  constructor({ world, courier, bankDebitMs }: ActionContext) {
    this.#world = world;
    this.#courier = courier;
    this.#bankDebitMs = bankDebitMs;
    world.onPlatformFunds = () => payWaitingRefunds(world);
  }

  /** From now on things take their time. */
  takeTime(timing: StripeTiming): void {
    this.#world.timing = timing;
  }

  /** What a person does on the payment page; a declined card leaves the session open. */
  pay(sessionId: string, how: PaymentWay = "card"): Session {
    const session = paySession(this.#world, sessionId, how);
    if (how === "bank-debit" && this.#bankDebitMs !== undefined) {
      this.#world.timers.after(this.#bankDebitMs, () => {
        if (session.payment_status === "unpaid") this.settleBankDebit(sessionId, "succeeded");
      });
    }
    return structuredClone(session);
  }

  /** What a person does who opens one of the platform's Payment Links and pays there. */
  sellMerch(sale: MerchSale): Session {
    return structuredClone(sellMerch(this.#world, sale));
  }

  /** The bank answers a debit that a session was paid by. */
  settleBankDebit(sessionId: string, outcome: "succeeded" | "failed"): Session {
    return structuredClone(settleDebit(this.#world, sessionId, outcome));
  }

  /** Staff refund a charge; all that is left of it unless an amount is given. */
  refundInDashboard(id: string, { amount }: { readonly amount?: number | undefined } = {}): Refund {
    const refund = createRefund(this.#world, {
      ...(id.startsWith("pi_") ? { payment_intent: id } : { charge: id }),
      amount,
    });
    return structuredClone(refund);
  }

  /** Staff cancel a refund that waits for the platform's funds. */
  cancelRefundInDashboard(refundId: string): Refund {
    return structuredClone(cancelRefund(this.#world, refundId));
  }

  /** Staff send money of the platform's available balance to an account. */
  transferInDashboard(destination: string, amount: number, currency = "usd"): Transfer {
    return structuredClone(createTransfer(this.#world, { destination, amount, currency }));
  }

  /** Staff take money of a transfer back; all that is left unless told. */
  reverseInDashboard(transferId: string, amount?: number): TransferReversal {
    return structuredClone(createReversal(this.#world, transferId, { amount }));
  }

  /** The platform adds money of its own to its available balance. */
  topUp(amount: number, currency = "usd"): void {
    this.#world.balances.add(PLATFORM, currency, amount);
  }

  /** What the platform has available leaves to its bank; gives how much that was, in minor units. */
  payOutPlatform(currency = "usd"): number {
    const { balances } = this.#world;
    const amount = Math.max(0, balances.available(PLATFORM, currency));
    balances.add(PLATFORM, currency, -amount);
    return amount;
  }

  /** The buyer's bank takes a payment back, until it has decided; all of it unless told. */
  openDispute(chargeId: string, options: NewDispute = {}): Dispute {
    return structuredClone(openDispute(this.#world, chargeId, options));
  }

  /** The bank has decided. */
  closeDispute(disputeId: string, end: DisputeEnd): Dispute {
    return structuredClone(closeDispute(this.#world, disputeId, end));
  }

  /** An inquiry becomes a chargeback, which takes the money. */
  escalateDispute(disputeId: string): Dispute {
    return structuredClone(escalateDispute(this.#world, disputeId));
  }

  /** The network gives the money of a lost dispute back; it stays lost. */
  reinstateLostDispute(disputeId: string): Dispute {
    return structuredClone(reinstateLostDispute(this.#world, disputeId));
  }

  /** A dispute that was lost is won after all, by an appeal. */
  overturnDispute(disputeId: string): Dispute {
    return structuredClone(overturnDispute(this.#world, disputeId));
  }

  /** The person has given all that Stripe wants, for the first time or after a restriction. */
  completeOnboarding(accountId: string): Account {
    return structuredClone(completeOnboarding(this.#world, accountId));
  }

  /** Stripe wants to know more and stops the account until it does. */
  restrict(accountId: string, requirement = "individual.verification.document"): Account {
    return structuredClone(restrictAccount(this.#world, accountId, requirement));
  }

  /** Stripe ends its business with the account, for fraud. */
  reject(accountId: string): Account {
    return structuredClone(rejectAccount(this.#world, accountId));
  }

  /** From now on Stripe lets the platform make no accounts, for this reason; undefined lets it again. */
  refuseAccounts(reason: string | undefined): void {
    this.#world.accountRefusal = reason;
  }

  /** Staff add a bank account in another currency, in which the platform then settles. */
  settleIn(currency: string): void {
    this.#world.otherCurrencies.add(currency);
  }

  /** Staff decide when the platform's own balance is paid out, and what of it stays. Nothing is paid out by it. */
  schedulePayouts(payouts: PlatformPayouts): void {
    this.#world.payouts = payouts;
  }

  /** The person takes the platform's access away. */
  deauthorize(accountId: string): void {
    deauthorizeAccount(this.#world, accountId);
  }

  /** What an account has available leaves to its bank; gives how much that was, in minor units. */
  payOut(accountId: string): number {
    return payOutAll(this.#world, accountId);
  }

  /** The buyer's bank sends a refund back. */
  failRefund(refundId: string): Refund {
    return structuredClone(failRefund(this.#world, refundId));
  }

  /** Delivers an event again, whatever came of it before. */
  async repeat(eventId: string): Promise<{ status: number | undefined }> {
    const event = this.#world.events.get(eventId);
    if (!event) throw new Error(`There is no event ${eventId}.`);
    return this.#courier.repeat(event);
  }

  /** Sends an event made by hand, signed with whatever secret and time; now unless told. */
  send(
    url: string,
    event: object,
    options: SignedWith,
  ): Promise<{ status: number | undefined; body: string }> {
    return this.#courier.sendSigned(url, Buffer.from(JSON.stringify(event)), options);
  }

  /** All events made so far, oldest first. */
  events(): StripeEvent[] {
    return [...this.#world.events.values()];
  }

  /** What of a balance is available, in minor units; the platform's unless an account is named. */
  available(owner: string = PLATFORM, currency = "usd"): number {
    return this.#world.balances.available(owner, currency);
  }

  /** What the platform and each account hold, in minor units by currency, available or not. */
  balances(): { platform: Amounts; accounts: Record<string, Amounts> } {
    const { balances, accounts } = this.#world;
    const ids = [...accounts.keys()];
    return {
      platform: balances.all(PLATFORM),
      accounts: Object.fromEntries(ids.map((id) => [id, balances.all(id)])),
    };
  }
}
