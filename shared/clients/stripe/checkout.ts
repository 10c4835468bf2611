import type StripeLibrary from "stripe";
import { readId } from "../../documents/outside-id.ts";
import type { Call } from "./call.ts";
import { once } from "./errors.ts";
import { type CheckoutSession, type PaymentPurpose, SESSION_PARTS, toSession } from "./objects.ts";
import {
  type CheckoutShipping,
  type CheckoutTax,
  customerParameters,
  shippingParameters,
  taxParameters,
} from "./shipping.ts";

/** A page where one order is paid. */
export interface NewCheckout {
  readonly orderId: string;
  readonly title: string;
  /** The price of one piece. */
  readonly unitAmount: number;
  readonly quantity: number;
  readonly currency: string;
  readonly expiresAt: Date;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** The customer who pays: a saved address is filled in, and an entered one saved. A deleted one is refused. */
  readonly customerId?: string | undefined;
  /** Without it, no address is collected. */
  readonly shipping?: CheckoutShipping | undefined;
  /** Without it, no tax is charged. Stripe refuses it while the account has no head office address. */
  readonly tax?: CheckoutTax | undefined;
}

/** Pages on which orders are paid, and their payments. */
export function checkoutCalls(call: Call) {
  return {
    /**
     * Creates a Checkout Session; `attempt` distinguishes those of one order. Idempotent for a day; the same attempt
     * with another price or other ways of delivery is an error, except with another customer, whose id is part of the
     * idempotency key: a refusal of a deleted one is repeated for as long as the key is known.
     */
    createCheckout: (checkout: NewCheckout, attempt: number): Promise<CheckoutSession> =>
      call(async (stripe) => {
        const metadata = { order_id: checkout.orderId };
        const { customerId, shipping, tax, currency } = checkout;
        const terms: StripeLibrary.Checkout.SessionCreateParams = {
          mode: "payment",
          line_items: [
            {
              price_data: {
                currency,
                unit_amount: checkout.unitAmount,
                product_data: {
                  name: checkout.title,
                  ...(tax?.goodsCode !== undefined && { tax_code: tax.goodsCode }),
                },
                ...(tax && { tax_behavior: tax.behavior }),
              },
              quantity: checkout.quantity,
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
          ...(customerId !== undefined && customerParameters(customerId, { shipping, tax })),
          ...(shipping && shippingParameters(shipping, currency, tax)),
          ...(tax && taxParameters(tax)),
        };
        const payer = customerId === undefined ? "" : `:${customerId}`;
        const session = await once(`checkout:${checkout.orderId}:${attempt}${payer}`, (options) =>
          stripe.checkout.sessions.create(terms, options),
        );
        return toSession(session);
      }),

    session: (id: string): Promise<CheckoutSession> =>
      call(async (stripe) =>
        toSession(await stripe.checkout.sessions.retrieve(id, { expand: SESSION_PARTS })),
      ),

    /** The session of a payment; undefined if the payment has none. */
    sessionOfPayment: (payment_intent: string): Promise<CheckoutSession | undefined> =>
      call(async (stripe) => {
        const expand = ["data.payment_intent.latest_charge"];
        const found = await stripe.checkout.sessions.list({ payment_intent, limit: 1, expand });
        return found.data.map(toSession)[0];
      }),

    /** Expires a session. Throws StripeRefusedError if it is paid or has expired. */
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
  };
}
