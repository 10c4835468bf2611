import Stripe from "stripe";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { type StripeOptions, startStripe } from "../../../local/stripe/index.ts";
import { openEndpoint } from "./webhooks/endpoint.ts";

export const SECRET_KEY = "sk_test_of_these_tests";
/** What the platform's own events are signed with. */
export const OWN_SECRET = "whsec_own";
/** What the events of connected accounts are signed with. */
export const CONNECT_SECRET = "whsec_connect";

/** A Stripe with both endpoints, and the SDK speaking to it without retries of its own. */
export async function openStripe(options: Partial<StripeOptions> = {}) {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const own = await openEndpoint();
  const connect = await openEndpoint();
  const simulator = await startStripe({
    clock,
    faults,
    secretKey: SECRET_KEY,
    endpoints: [
      { url: own.url, secret: OWN_SECRET, connect: false },
      { url: connect.url, secret: CONNECT_SECRET, connect: true },
    ],
    ...options,
  });

  /** The SDK with another key or other retries. */
  function client(key = SECRET_KEY, maxNetworkRetries = 0): Stripe {
    const port = Number(new URL(simulator.url).port);
    const config = { host: "127.0.0.1", port, protocol: "http" as const, maxNetworkRetries };
    return new Stripe(key, { ...config, telemetry: false });
  }

  const stripe = client();

  /** An account that can take transfers. */
  async function onboardedAccount(): Promise<string> {
    const { id } = await stripe.accounts.create(EXPRESS_ACCOUNT);
    simulator.completeOnboarding(id);
    return id;
  }

  /** A paid session of this amount, and its payment's and charge's ids. */
  async function paid(
    amount = 10_000,
    data: Stripe.Checkout.SessionCreateParams.PaymentIntentData = {},
  ) {
    const session = await stripe.checkout.sessions.create(sessionOf(amount, data));
    simulator.pay(session.id);
    const done = await stripe.checkout.sessions.retrieve(session.id);
    const paymentIntent = String(done.payment_intent);
    const intent = await stripe.paymentIntents.retrieve(paymentIntent);
    return { session: done, paymentIntent, charge: String(intent.latest_charge) };
  }

  return {
    /** What the platform holds, in cents. */
    platform: () => simulator.balances().platform["usd"] ?? 0,
    /** What an account holds, in cents. */
    held: (account: string) => simulator.balances().accounts[account]?.["usd"] ?? 0,
    /** The events of the platform's own endpoint, once all have arrived. */
    ownTypes: async () => {
      await simulator.whenIdle();
      return own.types();
    },
    clock,
    faults,
    own,
    connect,
    simulator,
    stripe,
    client,
    onboardedAccount,
    paid,
    close: async () => {
      await simulator.stop();
      await own.stop();
      await connect.stop();
      clock.stop();
    },
  };
}

export type OpenStripe = Awaited<ReturnType<typeof openStripe>>;

/** An Express account, as the platform makes them. */
export const EXPRESS_ACCOUNT: Stripe.AccountCreateParams = {
  country: "US",
  controller: {
    fees: { payer: "application" },
    losses: { payments: "application" },
    stripe_dashboard: { type: "express" },
  },
  capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
};

/** The parameters of a session over one keyboard. */
export function sessionOf(
  amount = 10_000,
  data: Stripe.Checkout.SessionCreateParams.PaymentIntentData = {},
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    line_items: [
      {
        price_data: {
          currency: "usd",
          unit_amount: amount,
          product_data: { name: "A keyboard <60%>" },
        },
        quantity: 1,
      },
    ],
    success_url: "http://127.0.0.1/thanks?session={CHECKOUT_SESSION_ID}",
    cancel_url: "http://127.0.0.1/back",
    ...(Object.keys(data).length > 0 ? { payment_intent_data: data } : {}),
  };
}

/** What a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw new Error(`It was not refused by Stripe: ${String(outcome)}`);
}
