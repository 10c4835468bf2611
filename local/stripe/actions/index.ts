import { type Amounts, PLATFORM } from "../balances.ts";
import type {
  Account,
  Dispute,
  Refund,
  StripeEvent,
  Transfer,
  TransferReversal,
} from "../objects/objects.ts";
import type { Session } from "../objects/session-objects.ts";
import { changeTaxSettings, type TaxSettings } from "../tax.ts";
import type { StripeTiming } from "../timing.ts";
import type { Courier, SignedWith } from "../webhooks/courier.ts";
import type { PlatformPayouts, World } from "../world.ts";
import {
  completeOnboarding,
  deauthorizeAccount,
  pausePayouts,
  payOutAll,
  rejectAccount,
  restrictAccount,
} from "./accounts.ts";
import type { BuyerEntry } from "./buyers.ts";
import { deleteCustomer } from "./customers.ts";
import {
  closeDispute,
  type DisputeEnd,
  escalateDispute,
  type NewDispute,
  openDispute,
  overturnDispute,
  reinstateLostDispute,
  updateDispute,
} from "./disputes.ts";
import { type MerchSale, sellMerch } from "./merch.ts";
import {
  failAuthentication,
  type PaymentWay,
  paySession,
  settleDebit,
  startAuthentication,
} from "./payments.ts";
import { cancelRefund, createRefund, failRefund, payWaitingRefunds } from "./refunds.ts";
import { testCard } from "./test-cards.ts";
import { createReversal, createTransfer } from "./transfers.ts";

/** What somebody enters with a card's number. */
export interface CardEntry {
  readonly entry?: BuyerEntry | undefined;
  /** Whether they have authenticated the payment. */
  readonly isAuthenticated?: boolean | undefined;
}

/** What became of a payment by card. */
export type CardOutcome =
  | { readonly kind: "paid" }
  | { readonly kind: "authenticating" }
  | { readonly kind: "declined"; readonly message: string };

/** What the actions work on. */
export interface ActionContext {
  readonly world: World;
  readonly courier: Courier;
  readonly bankDebitMs: number | undefined;
}

/**
 * The actions of people, banks and Stripe itself. An action that is not possible throws an error
 * with the reason.
 */
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

  /** Applies these delays and fees from now on. */
  takeTime(timing: StripeTiming): void {
    this.#world.timing = timing;
  }

  /**
   * A person pays on the payment page. What the page collects and `entry` leaves out is filled in
   * for them. A declined card leaves the session open.
   */
  pay(sessionId: string, how: PaymentWay = "card", entry: BuyerEntry = {}): Session {
    const session = paySession(this.#world, sessionId, how, entry);
    if (how === "bank-debit" && this.#bankDebitMs !== undefined) {
      const settle = () => {
        if (session.payment_status === "unpaid") this.settleBankDebit(sessionId, "succeeded");
      };
      const what = "settles a bank debit";
      this.#world.timers.after(this.#bankDebitMs, settle, () => ({
        service: "Stripe",
        what,
        about: sessionId,
      }));
    }
    return structuredClone(session);
  }

  /**
   * A person enters one of Stripe's test cards on the payment page. The session stays open when the
   * card is declined, and while a card that needs it is not authenticated.
   */
  payByCard(
    sessionId: string,
    number: string,
    { entry = {}, isAuthenticated = false }: CardEntry = {},
  ): CardOutcome {
    const card = testCard(number);
    const { consequence } = card;
    if (consequence.kind === "authenticates" && !isAuthenticated) {
      startAuthentication(this.#world, sessionId, entry);
      return { kind: "authenticating" };
    }
    if (consequence.kind === "declined") {
      const { failure } = consequence;
      paySession(this.#world, sessionId, "declined", entry, { card, failure });
      return { kind: "declined", message: failure.message };
    }
    const session = paySession(this.#world, sessionId, "card", entry, { card });
    const intent = this.#world.paymentIntents.get(session.payment_intent ?? "");
    if (consequence.kind === "disputed" && intent?.latest_charge) {
      const { reason, isInquiry } = consequence;
      openDispute(this.#world, intent.latest_charge, { reason, isInquiry });
    }
    return { kind: "paid" };
  }

  /** A person whose card has to be authenticated fails to do so. */
  failAuthentication(sessionId: string): void {
    failAuthentication(this.#world, sessionId);
  }

  /** A person opens one of the platform's Payment Links and pays. */
  sellMerch(sale: MerchSale): Session {
    return structuredClone(sellMerch(this.#world, sale));
  }

  /** The bank answers the debit that paid a session. */
  settleBankDebit(sessionId: string, outcome: "succeeded" | "failed"): Session {
    return structuredClone(settleDebit(this.#world, sessionId, outcome));
  }

  /** Staff refund a charge: the given amount, or everything that is left. */
  refundInDashboard(id: string, { amount }: { readonly amount?: number | undefined } = {}): Refund {
    const refund = createRefund(this.#world, {
      ...(id.startsWith("pi_") ? { payment_intent: id } : { charge: id }),
      amount,
    });
    return structuredClone(refund);
  }

  /** Staff cancel a refund that is waiting for the platform's funds. */
  cancelRefundInDashboard(refundId: string): Refund {
    return structuredClone(cancelRefund(this.#world, refundId));
  }

  /** Staff transfer money from the platform's available balance to an account. */
  transferInDashboard(destination: string, amount: number, currency = "usd"): Transfer {
    return structuredClone(createTransfer(this.#world, { destination, amount, currency }));
  }

  /** Staff reverse a transfer: the given amount, or everything that is left. */
  reverseInDashboard(transferId: string, amount?: number): TransferReversal {
    return structuredClone(createReversal(this.#world, transferId, { amount }));
  }

  /** The platform adds its own money to its available balance. */
  topUp(amount: number, currency = "usd"): void {
    this.#world.balances.add(PLATFORM, currency, amount);
  }

  /** Pays the platform's available balance out to its bank. Returns the amount in minor units. */
  payOutPlatform(currency = "usd"): number {
    const { balances } = this.#world;
    const amount = Math.max(0, balances.available(PLATFORM, currency));
    balances.add(PLATFORM, currency, -amount);
    return amount;
  }

  /** The buyer's bank disputes a payment: the given amount, or all of it. */
  openDispute(chargeId: string, options: NewDispute = {}): Dispute {
    return structuredClone(openDispute(this.#world, chargeId, options));
  }

  /** The bank decides a dispute. */
  closeDispute(disputeId: string, end: DisputeEnd): Dispute {
    return structuredClone(closeDispute(this.#world, disputeId, end));
  }

  /** Turns an inquiry into a chargeback, which withdraws the money. */
  escalateDispute(disputeId: string): Dispute {
    return structuredClone(escalateDispute(this.#world, disputeId));
  }

  /** Staff submit evidence in the Dashboard. */
  submitEvidence(disputeId: string, text: string): Dispute {
    const evidence = { uncategorized_text: text };
    return structuredClone(updateDispute(this.#world, disputeId, { evidence, submit: true }));
  }

  /** The network returns the money of a lost dispute; the dispute stays lost. */
  reinstateLostDispute(disputeId: string): Dispute {
    return structuredClone(reinstateLostDispute(this.#world, disputeId));
  }

  /** An appeal reverses the outcome of a dispute. */
  overturnDispute(disputeId: string): Dispute {
    return structuredClone(overturnDispute(this.#world, disputeId));
  }

  /** The account's owner completes onboarding, for the first time or after a restriction. */
  completeOnboarding(accountId: string): Account {
    return structuredClone(completeOnboarding(this.#world, accountId));
  }

  /** Stripe requires more information and disables the account until it has it. */
  restrict(accountId: string, requirement = "individual.verification.document"): Account {
    return structuredClone(restrictAccount(this.#world, accountId, requirement));
  }

  /** Stripe reviews the account and pauses its payouts; onboarding it again ends the pause. */
  pausePayouts(accountId: string): Account {
    return structuredClone(pausePayouts(this.#world, accountId));
  }

  /** Stripe rejects the account for fraud. */
  reject(accountId: string): Account {
    return structuredClone(rejectAccount(this.#world, accountId));
  }

  /**
   * From now on Stripe refuses to create accounts, for this reason; undefined allows them again.
   */
  refuseAccounts(reason: string | undefined): void {
    this.#world.accountRefusal = reason;
  }

  /** Staff add a bank account in another currency; the platform then settles in it. */
  settleIn(currency: string): void {
    this.#world.otherCurrencies.add(currency);
  }

  /**
   * Staff set the payout schedule of the platform's balance and the minimum that stays in it. This
   * does not itself pay anything out.
   */
  schedulePayouts(payouts: PlatformPayouts): void {
    this.#world.payouts = payouts;
  }

  /** Staff set up Stripe Tax with a head office in the platform's country. */
  setUpTax(behavior: TaxSettings["behavior"] = null): void {
    const country = this.#world.platformCountry;
    this.#world.taxSettings = changeTaxSettings(this.#world.taxSettings, {
      head_office: { address: { country } },
      defaults: behavior === null ? {} : { tax_behavior: behavior },
    });
  }

  /** From now on Stripe cannot calculate taxes, or can again. */
  failTaxes(isFailing: boolean): void {
    this.#world.isTaxFailing = isFailing;
  }

  /** Staff delete a customer in the Dashboard. */
  deleteCustomerInDashboard(customerId: string): void {
    deleteCustomer(this.#world, customerId);
  }

  /** The account's owner revokes the platform's access. */
  deauthorize(accountId: string): void {
    deauthorizeAccount(this.#world, accountId);
  }

  /** Pays an account's available balance out to its bank. Returns the amount in minor units. */
  payOut(accountId: string): number {
    return payOutAll(this.#world, accountId);
  }

  /** The buyer's bank returns a refund. */
  failRefund(refundId: string): Refund {
    return structuredClone(failRefund(this.#world, refundId));
  }

  /** Delivers an event again, regardless of earlier deliveries. */
  async repeat(eventId: string): Promise<{ status: number | undefined }> {
    const event = this.#world.events.get(eventId);
    if (!event) throw new Error(`There is no event ${eventId}.`);
    return this.#courier.repeat(event);
  }

  /** Sends a custom event, signed with any secret and time; the time defaults to now. */
  send(
    url: string,
    event: object,
    options: SignedWith,
  ): Promise<{ status: number | undefined; body: string }> {
    return this.#courier.sendSigned(url, Buffer.from(JSON.stringify(event)), options);
  }

  /** All events so far, oldest first. */
  events(): StripeEvent[] {
    return [...this.#world.events.values()];
  }

  /** The available part of a balance in minor units; the platform's by default. */
  available(owner: string = PLATFORM, currency = "usd"): number {
    return this.#world.balances.available(owner, currency);
  }

  /**
   * The balances of the platform and each account in minor units by currency, pending funds
   * included.
   */
  balances(): { platform: Amounts; accounts: Record<string, Amounts> } {
    const { balances, accounts } = this.#world;
    const ids = [...accounts.keys()];
    return {
      platform: balances.all(PLATFORM),
      accounts: Object.fromEntries(ids.map((id) => [id, balances.all(id)])),
    };
  }
}
