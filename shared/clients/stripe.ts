import type StripeLibrary from "stripe";
import { readId } from "../documents/outside-id.ts";
import type { AccountFacts } from "../money/seller-account.ts";
import type { Connections } from "../ports/connections.ts";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";
import type { Log } from "../runtime/log.ts";
import { explained, lookedFor, once, unlessOurKey } from "./stripe-errors.ts";
import { stripeLists } from "./stripe-lists.ts";
import {
  type CheckoutSession,
  chargeOf,
  idOf,
  type PaymentPurpose,
  type StripeDispute,
  type StripeRefund,
  toDispute,
  toRefund,
  toSession,
} from "./stripe-objects.ts";

/** A page where one order is paid. */
export interface NewCheckout {
  readonly orderId: string;
  readonly title: string;
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: Date;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** What we ask of Stripe. Methods throw StripeRefusedError when asking again is no use. */
export type Stripe = ReturnType<typeof connectStripe>;

const REQUEST_TIMEOUT_MS = 15_000;
/** The library's own, with one idempotency key for all tries of a call. */
const MAX_NETWORK_RETRIES = 2;
const PAGE = 100;

/**
 * Connects to Stripe as the platform. Every call that makes something has an idempotency key of our
 * ids; what moves money carries them as metadata too, and is looked for before it is made, because
 * Stripe forgets keys after a day. What moves money is logged.
 * https://docs.stripe.com/api
 */
export function connectStripe(
  config: Config<"STRIPE_SECRET_KEY" | "STRIPE_API_BASE_URL">,
  log: Pick<Log, "info">,
  fetch: Connections["fetch"],
) {
  const library = lazy(async () => {
    const { default: Library } = await import("stripe");
    const { protocol, hostname, port } = new URL(config.STRIPE_API_BASE_URL);
    return new Library(config.STRIPE_SECRET_KEY, {
      host: hostname,
      ...(port && { port }),
      protocol: protocol === "http:" ? "http" : "https",
      httpClient: Library.createFetchHttpClient(fetch),
      timeout: REQUEST_TIMEOUT_MS,
      maxNetworkRetries: MAX_NETWORK_RETRIES,
      telemetry: false,
    });
  });
  const call = async <T>(work: (stripe: StripeLibrary) => Promise<T>): Promise<T> =>
    explained(work(await library()));
  const platformCountry = lazy(() =>
    call(async (stripe) => (await stripe.accounts.retrieveCurrent()).country ?? "US"),
  );

  return {
    ...stripeLists(library),

    /** The country of the platform's own company, which decides where its sellers may be. */
    platformCountry,

    /**
     * Makes a connected account of the Express kind that can take transfers. Stripe wants card payments
     * requested with them: a US account is refused without, others need an approval of the platform. The
     * account does not contain our user's id: payouts name their account, and would otherwise name someone
     * who was forgotten. The country is part of the idempotency key, since another country means another
     * account, and so is the account whose place it takes. https://docs.stripe.com/connect/account-capabilities
     */
    createAccount: (builderId: string, country: string, instead?: string): Promise<string> =>
      call(async (stripe) => {
        const place = instead === undefined ? country : `${country}:${instead}`;
        const account = await once(`account:${builderId}:${place}`, (options) =>
          stripe.accounts.create(sellerAccount(country), options),
        );
        return account.id;
      }),

    account: (id: string): Promise<AccountFacts> =>
      call(async (stripe) => {
        const account = await stripe.accounts.retrieve(id);
        const requirements = account.requirements;
        return {
          country: account.country ?? "",
          detailsSubmitted: account.details_submitted,
          payoutsEnabled: account.payouts_enabled,
          takesTransfers: account.capabilities?.transfers === "active",
          disabledReason: requirements?.disabled_reason ?? undefined,
          missing: [
            ...new Set([...(requirements?.past_due ?? []), ...(requirements?.currently_due ?? [])]),
          ],
        };
      }),

    /** A link that works once and for some minutes. */
    accountLink: (account: string, urls: { refresh: string; return: string }): Promise<string> =>
      call(async (stripe) => {
        const link = await stripe.accountLinks.create({
          account,
          type: "account_onboarding",
          refresh_url: urls.refresh,
          return_url: urls.return,
          collection_options: { fields: "eventually_due" },
        });
        return link.url;
      }),

    dashboardLink: (account: string): Promise<string> =>
      call(async (stripe) => (await stripe.accounts.createLoginLink(account)).url),

    /** Opens a page; `attempt` tells apart those of one order. */
    createCheckout: (checkout: NewCheckout, attempt: number): Promise<CheckoutSession> =>
      call(async (stripe) => {
        const metadata = { order_id: checkout.orderId };
        const terms: StripeLibrary.Checkout.SessionCreateParams = {
          mode: "payment",
          line_items: [
            {
              price_data: {
                currency: checkout.currency,
                unit_amount: checkout.amount,
                product_data: { name: checkout.title },
              },
              quantity: 1,
            },
          ],
          client_reference_id: checkout.orderId,
          metadata,
          expires_at: Math.floor(checkout.expiresAt.getTime() / 1000),
          success_url: checkout.successUrl,
          cancel_url: checkout.cancelUrl,
          payment_intent_data: {
            metadata,
            transfer_group: checkout.orderId,
          },
        };
        const session = await once(`checkout:${checkout.orderId}:${attempt}`, (options) =>
          stripe.checkout.sessions.create(terms, options),
        );
        return toSession(session);
      }),

    session: (id: string): Promise<CheckoutSession> =>
      call(async (stripe) =>
        toSession(
          await stripe.checkout.sessions.retrieve(id, {
            expand: ["payment_intent.latest_charge", "line_items"],
          }),
        ),
      ),

    /** The session that a payment was made in; there are payments without one. */
    sessionOfPayment: (payment_intent: string): Promise<CheckoutSession | undefined> =>
      call(async (stripe) => {
        const expand = ["data.payment_intent.latest_charge"];
        const found = await stripe.checkout.sessions.list({ payment_intent, limit: 1, expand });
        return found.data.map(toSession)[0];
      }),

    /** Ends a page. Throws StripeRefusedError when it is paid or has ended. */
    expireSession: (id: string): Promise<void> =>
      call(async (stripe) => void (await stripe.checkout.sessions.expire(id))),

    /** Our order's id behind a payment, and whether another application took it on our account. */
    purposeOf: (paymentIntentId: string): Promise<PaymentPurpose> =>
      call(async (stripe) => {
        const intent = await stripe.paymentIntents.retrieve(paymentIntentId);
        return {
          orderId: readId(intent.metadata["order_id"]),
          isForeign: Boolean(intent.application),
        };
      }),

    /** Refunds a part of a payment, unless a refund of this id was made before. */
    refund: (refund: {
      readonly orderId: string;
      readonly id: string;
      readonly paymentIntentId: string;
      readonly amount: number;
      readonly attempt: number;
    }): Promise<StripeRefund> =>
      call(async (stripe) => {
        const { id, orderId, amount, attempt, paymentIntentId: payment_intent } = refund;
        const metadata = { order_id: orderId, refund_id: id };
        const made = await once(
          `refund:${orderId}:${id}:${attempt}`,
          (options) => stripe.refunds.create({ payment_intent, amount, metadata }, options),
          async () => {
            const before = await stripe.refunds.list({ payment_intent, limit: PAGE });
            return before.data.find((each) => each.metadata?.["refund_id"] === id);
          },
        );
        log.info("Money was refunded", { event: "refund-made", orderId, refund: made.id, amount });
        return toRefund(made);
      }),

    refundById: (id: string): Promise<StripeRefund> =>
      call(async (stripe) => toRefund(await stripe.refunds.retrieve(id))),

    /**
     * What of a payment can still go back to its buyer, in minor units: neither refunded nor taken back by a
     * bank for good. Undefined while a bank has taken money of it and has not decided.
     */
    refundableOf: (payment_intent: string): Promise<number | undefined> =>
      call(async (stripe) => {
        const expand = ["latest_charge"];
        const intent = await stripe.paymentIntents.retrieve(payment_intent, { expand });
        const charge = chargeOf(intent);
        const { data } = await stripe.disputes.list({ payment_intent, limit: PAGE });
        const disputes = data.map(toDispute);
        if (disputes.some(({ outcome, isInquiry }) => outcome === "open" && !isInquiry)) {
          return undefined;
        }
        const lost = disputes.filter(({ outcome }) => outcome === "lost");
        const gone = lost.reduce((sum, { withdrawn }) => sum + withdrawn, 0);
        const left = (charge?.amount ?? 0) - (charge?.amount_refunded ?? 0) - gone;
        return Math.max(0, left);
      }),

    dispute: (id: string): Promise<StripeDispute> =>
      call(async (stripe) => toDispute(await stripe.disputes.retrieve(id))),

    /**
     * Whether a charge is in Stripe's books, which can take an hour after its payment: before that nothing can
     * be transferred of it. https://docs.stripe.com/payments/payment-intents/asynchronous-capture
     */
    isBooked: (chargeId: string): Promise<boolean> =>
      call(
        async (stripe) => (await stripe.charges.retrieve(chargeId)).balance_transaction !== null,
      ),

    /** The order of ours that a charge was made for, if any. */
    orderOfCharge: (chargeId: string): Promise<string | undefined> =>
      call(async (stripe) =>
        readId((await stripe.charges.retrieve(chargeId)).metadata["order_id"]),
      ),

    /**
     * Pays a connected account of one charge, unless this was done before. `isReturn` tells that the money of
     * the charge was transferred before and taken back for a dispute that was won: Stripe transfers no more
     * than the amount of a charge from it, so this comes out of the platform's available balance.
     */
    transfer: (transfer: {
      readonly orderId: string;
      readonly accountId: string;
      readonly chargeId: string;
      readonly amount: number;
      readonly currency: string;
      readonly attempt: number;
      readonly isReturn: boolean;
    }): Promise<string> =>
      call(async (stripe) => {
        const { orderId, accountId, chargeId, amount, currency, attempt, isReturn } = transfer;
        const terms = {
          ...{ amount, currency, destination: accountId },
          ...(!isReturn && { source_transaction: chargeId }),
          transfer_group: orderId,
          metadata: { order_id: orderId, attempt: String(attempt) },
        };
        const made = await once(
          `release:${orderId}:${attempt}`,
          (options) => stripe.transfers.create(terms, options),
          async () => {
            const { data } = await stripe.transfers.list({ transfer_group: orderId, limit: PAGE });
            return data.find(({ metadata }) => metadata["attempt"] === String(attempt));
          },
        );
        log.info("A builder was paid", {
          event: "transfer-made",
          orderId,
          transfer: made.id,
          amount,
        });
        return made.id;
      }),

    /**
     * Pays a connected account out of the platform's balance, unless this payout was paid before. Throws
     * StripeRefusedError only when no transfer was made and Stripe will make none: not for a key that may
     * not ask. The transfer names the payout, and nobody.
     */
    payOut: (payout: {
      readonly payoutId: string;
      readonly accountId: string;
      readonly amount: number;
      readonly currency: string;
      /** How often it was refused for want of funds: Stripe repeats such an answer to its key for a day. */
      readonly tries: number;
    }): Promise<string> =>
      call(async (stripe) => {
        const { payoutId, accountId, amount, currency, tries } = payout;
        const transfer_group = `payout_${payoutId}`;
        const metadata = { payout_id: payoutId };
        const terms = { amount, currency, destination: accountId, transfer_group, metadata };
        const made = await once(
          tries === 0 ? `payout:${payoutId}` : `payout:${payoutId}:${tries}`,
          (options) => unlessOurKey(stripe.transfers.create(terms, options)),
          async () => (await lookedFor(stripe.transfers.list({ transfer_group }))).data[0],
        );
        log.info("A racer was paid", { event: "payout-made", payoutId, transfer: made.id, amount });
        return made.id;
      }),

    /** What the account that a transfer went to has available, in the transfer's currency. */
    availableAt: (transferId: string): Promise<number> =>
      call(async (stripe) => {
        const { destination, currency } = await stripe.transfers.retrieve(transferId);
        const stripeAccount = idOf(destination) ?? "";
        const { available } = await stripe.balance.retrieve({}, { stripeAccount });
        return available.find((part) => part.currency === currency)?.amount ?? 0;
      }),

    /**
     * Takes back a part of a transfer, or what is left of it, unless it was taken back for this cause
     * before. Gives how much it took.
     */
    reverseTransfer: (
      transferId: string,
      reversal: { readonly causeId: string; readonly amount: number },
    ): Promise<number> =>
      call(async (stripe) => {
        const { causeId } = reversal;
        const transfer = await stripe.transfers.retrieve(transferId);
        const amount = Math.min(reversal.amount, transfer.amount - transfer.amount_reversed);
        const terms = { amount, metadata: { cause_id: causeId } };
        if (amount === 0) {
          const before = await stripe.transfers.listReversals(transferId, { limit: PAGE });
          return (
            before.data.find(({ metadata }) => metadata?.["cause_id"] === causeId)?.amount ?? 0
          );
        }
        const made = await once(
          `reversal:${transferId}:${causeId}`,
          (options) => stripe.transfers.createReversal(transferId, terms, options),
          async () => {
            const before = await stripe.transfers.listReversals(transferId, { limit: PAGE });
            return before.data.find(({ metadata }) => metadata?.["cause_id"] === causeId);
          },
        );
        const taken = { transfer: transferId, causeId, amount: made.amount };
        log.info("A transfer was taken back", { event: "transfer-reversed", ...taken });
        return made.amount;
      }),
  };
}

/** The request that creates a builder's account at Stripe. */
export function sellerAccount(country: string) {
  return {
    country,
    controller: {
      fees: { payer: "application" },
      losses: { payments: "application" },
      stripe_dashboard: { type: "express" },
    },
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  } as const;
}
