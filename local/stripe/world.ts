import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { LocalClock } from "../kit/clock.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { Timers } from "../kit/timers.ts";
import type { SessionRecord } from "./actions/sessions/sessions.ts";
import { type Amounts, Balances, PLATFORM } from "./balances.ts";
import { currencyOf } from "./countries.ts";
import type {
  Account,
  BalanceTransaction,
  Charge,
  Dispute,
  EventCause,
  PaymentIntent,
  Refund,
  StripeEvent,
  Transfer,
  TransferReversal,
} from "./objects/objects.ts";
import type { Customer, DeletedCustomer, ShippingRate } from "./objects/session-objects.ts";
import { StripeError } from "./requests/stripe-error.ts";
import { NO_TAX_SETTINGS, type TaxSettings } from "./tax.ts";
import type { StripeTiming } from "./timing.ts";

/** The only API version that the simulator supports. */
export const API_VERSION = "2026-10-28.endive";

/** The platform's payout schedule, and the minimum by currency that stays in its balance. */
export interface PlatformPayouts {
  readonly interval: "manual" | "daily" | "weekly" | "monthly";
  readonly minimum: Amounts;
}

/** The simulator's state: objects by id, balances, and all events. */
export class World {
  readonly clock: LocalClock;
  readonly timers: Timers;
  readonly accounts = new Map<string, Account>();
  /** Accounts that have revoked the platform's access. */
  readonly deauthorized = new Set<string>();
  readonly sessions = new Map<string, SessionRecord>();
  readonly customers = new Map<string, Customer | DeletedCustomer>();
  readonly shippingRates = new Map<string, ShippingRate>();
  readonly paymentIntents = new Map<string, PaymentIntent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly transfers = new Map<string, Transfer>();
  readonly reversals = new Map<string, TransferReversal>();
  readonly disputes = new Map<string, Dispute>();
  readonly balanceTransactions = new Map<string, BalanceTransaction>();
  /** When each charge's funds become available. */
  readonly fundsAtMs = new Map<string, number>();
  readonly events = new Map<string, StripeEvent>();
  readonly balances: Balances;
  timing: StripeTiming = {};
  /** Called when the platform's available balance has increased. */
  onPlatformFunds: () => void = () => undefined;
  /** Why Stripe refuses to create accounts for this platform; undefined when it does not. */
  accountRefusal: string | undefined;
  /** The country of the platform's company. */
  readonly platformCountry: string;
  /** The platform's payout schedule; the minimum is in minor units by currency. */
  payouts: PlatformPayouts = { interval: "daily", minimum: {} };
  /** The platform's settlement currencies besides its country's. */
  readonly otherCurrencies = new Set<string>();
  taxSettings: TaxSettings = NO_TAX_SETTINGS;
  /** Whether Stripe cannot calculate any tax at the moment. */
  isTaxFailing = false;
  /** The origin of the hosted pages; set once the port is known. */
  baseUrl = "";
  #publish: (event: StripeEvent) => void;
  #cause: EventCause = { id: null, idempotency_key: null };

  constructor(clock: LocalClock, platformCountry: string, publish: (event: StripeEvent) => void) {
    this.clock = clock;
    this.platformCountry = platformCountry;
    this.timers = new Timers(clock);
    this.#publish = publish;
    this.balances = new Balances({
      clock,
      timers: this.timers,
      newId: (prefix) => this.newId(prefix),
      onAvailable: (owner, why) => {
        if (owner === PLATFORM) this.onPlatformFunds();
        if (why !== "settled") return;
        const account = owner === PLATFORM ? {} : { account: owner };
        this.emit("balance.available", this.balance(owner), account);
      },
    });
  }

  /** Stores everything in `state`. Open sessions still expire at their time. */
  persistIn(state: PersistentState): void {
    state.maps("stripe", {
      accounts: this.accounts,
      sessions: this.sessions,
      customers: this.customers,
      shippingRates: this.shippingRates,
      paymentIntents: this.paymentIntents,
      charges: this.charges,
      refunds: this.refunds,
      transfers: this.transfers,
      reversals: this.reversals,
      disputes: this.disputes,
      balanceTransactions: this.balanceTransactions,
      fundsAtMs: this.fundsAtMs,
      events: this.events,
    });
    state.part(
      "stripe.deauthorized",
      () => this.deauthorized,
      (saved) => {
        for (const id of saved) this.deauthorized.add(id);
      },
    );
    state.part(
      "stripe.otherCurrencies",
      () => this.otherCurrencies,
      (saved) => {
        for (const currency of saved) this.otherCurrencies.add(currency);
      },
    );
    state.part(
      "stripe.payouts",
      () => this.payouts,
      (saved) => {
        this.payouts = saved;
      },
    );
    state.part(
      "stripe.taxSettings",
      () => this.taxSettings,
      (saved) => {
        this.taxSettings = saved;
      },
    );
    this.balances.persistIn(state);
  }

  nowSeconds(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString("hex")}`;
  }

  /** Finds any object that another can refer to by id. */
  find(id: string): object | undefined {
    const { accounts, paymentIntents, charges, refunds, transfers, reversals, disputes } = this;
    for (const objects of [accounts, paymentIntents, charges]) {
      const found = objects.get(id);
      if (found) return found;
    }
    for (const objects of [refunds, transfers, reversals, disputes]) {
      const found = objects.get(id);
      if (found) return found;
    }
    for (const objects of [this.customers, this.shippingRates]) {
      const found = objects.get(id);
      if (found) return found;
    }
    return this.sessions.get(id)?.session ?? this.balanceTransaction(id);
  }

  /** A balance transaction's current state. */
  balanceTransaction(id: string): BalanceTransaction | undefined {
    const found = this.balanceTransactions.get(id);
    const isAvailable = found && found.available_on <= this.nowSeconds();
    return found && { ...found, status: isAvailable ? "available" : "pending" };
  }

  /** Records a balance transaction of the platform. Returns its id. */
  enter(
    entry: Pick<BalanceTransaction, "amount" | "currency" | "source" | "type">,
    availableAtMs = 0,
  ): string {
    const id = this.newId("txn");
    this.balanceTransactions.set(id, {
      id,
      object: "balance_transaction",
      ...entry,
      fee: 0,
      net: entry.amount,
      available_on: Math.floor(Math.max(availableAtMs, this.clock.nowMs()) / 1000),
      created: this.nowSeconds(),
      exchange_rate: null,
      status: "pending",
    });
    return id;
  }

  /** The platform's settlement currencies, its country's first. */
  settledIn(): string[] {
    return [currencyOf(this.platformCountry), ...this.otherCurrencies];
  }

  /** The currency in which a charge in this currency settles. */
  settledAs(currency: string): string {
    const settled = this.settledIn();
    return settled.includes(currency) ? currency : (settled[0] ?? currency);
  }

  /** The balance of a connected account, or of the platform in all settlement currencies. */
  balance(owner: string): object {
    const settled = owner === PLATFORM ? this.settledIn() : [];
    const currencies = new Set([...settled, ...Object.keys(this.balances.all(owner))]);
    const part = (of: (currency: string) => number) =>
      [...currencies].map((currency) => {
        const amount = of(currency);
        return { amount, currency, source_types: { card: amount } };
      });
    const { balances } = this;
    return {
      object: "balance",
      available: part((currency) => balances.available(owner, currency)),
      livemode: false,
      pending: part((currency) => balances.pending(owner, currency)),
    };
  }

  /**
   * Finds a connected account that the platform may access. Otherwise throws 403 as Stripe does.
   */
  account(id: string): Account {
    const account = this.accounts.get(id);
    if (account && !this.deauthorized.has(id)) return account;
    throw new StripeError(
      `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
      { status: 403, code: "account_invalid" },
    );
  }

  /** Events emitted within `act` name this call as their cause. */
  causedBy<Result>(cause: EventCause, act: () => Result): Result {
    const before = this.#cause;
    this.#cause = cause;
    try {
      return act();
    } finally {
      this.#cause = before;
    }
  }

  /** Creates an event with the object's current state and publishes it. */
  emit(
    type: string,
    object: object,
    { account, previous }: { account?: string; previous?: object } = {},
  ): void {
    const data = previous ? { object, previous_attributes: previous } : { object };
    const event: StripeEvent = {
      id: this.newId("evt"),
      object: "event",
      ...(account === undefined ? {} : { account }),
      api_version: API_VERSION,
      created: this.nowSeconds(),
      data: structuredClone(data),
      livemode: false,
      pending_webhooks: 0,
      request: this.#cause,
      type,
    };
    this.events.set(event.id, event);
    this.#publish(event);
  }
}

/** Changes an object. Returns the previous values of the changed attributes, for an event. */
export function change<T extends object>(object: T, changes: Partial<T>): Partial<T> {
  const previous: Partial<T> = {};
  for (const name of Object.keys(changes) as (keyof T)[]) {
    if (!isDeepStrictEqual(object[name], changes[name])) previous[name] = object[name];
  }
  Object.assign(object, changes);
  return previous;
}
