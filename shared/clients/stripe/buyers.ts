import type StripeLibrary from "stripe";
import type { Call } from "./call.ts";
import { once, StripeRefusedError } from "./errors.ts";

/**
 * Personal data that a buyer entered on a Checkout page. It is read only when someone has to see it, and never
 * stored, published or logged.
 */
export interface Collected {
  /** The recipient of the parcel; the buyer's own name if no address was collected. */
  readonly name: string | undefined;
  readonly address: PostalAddress | undefined;
  readonly phone: string | undefined;
  readonly email: string | undefined;
}

/** Where a parcel goes. */
export interface PostalAddress {
  /** Street and house number, and further lines. */
  readonly lines: readonly string[];
  readonly city: string | undefined;
  readonly state: string | undefined;
  readonly postalCode: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** Buyers as customers of the platform's account, and what they entered on Checkout pages. */
export function buyerCalls(call: Call) {
  return {
    /**
     * Creates a customer, whose saved address fills in later Checkout pages. Idempotent for a day per user and
     * `instead`, the deleted customer that it replaces; keep the id, because Stripe's search finds a new customer
     * only after a while.
     */
    createCustomer: (userId: string, instead?: string): Promise<string> =>
      call(async (stripe) => {
        const key = ["customer", userId, ...(instead === undefined ? [] : [instead])].join(":");
        const customer = await once(key, (options) =>
          stripe.customers.create({ metadata: { user_id: userId } }, options),
        );
        return customer.id;
      }),

    /**
     * Deletes a customer with the address saved on it. Idempotent. Sessions, payments and charges keep theirs: only a
     * redaction at Stripe removes them. https://docs.stripe.com/privacy/redaction
     */
    deleteCustomer: async (id: string): Promise<void> => {
      try {
        await call((stripe) => stripe.customers.del(id));
      } catch (error) {
        const isGone = error instanceof StripeRefusedError && error.code === "resource_missing";
        if (!isGone) throw error;
      }
    },

    /** What the buyer entered on a session's page; all undefined until it is completed. */
    readCollected: (sessionId: string): Promise<Collected> =>
      call(async (stripe) => toCollected(await stripe.checkout.sessions.retrieve(sessionId))),

    /**
     * The address of Stripe's receipt for a charge, which is not stored: its link expires after some time.
     * https://docs.stripe.com/api/charges/object#charge_object-receipt_url
     */
    receiptUrl: (chargeId: string): Promise<string | undefined> =>
      call(async (stripe) => (await stripe.charges.retrieve(chargeId)).receipt_url ?? undefined),
  };
}

function toCollected({
  collected_information: collected,
  customer_details: details,
}: StripeLibrary.Checkout.Session): Collected {
  const shipping = collected?.shipping_details;
  return {
    name: shipping?.name ?? details?.name ?? undefined,
    address: shipping ? toAddress(shipping.address) : undefined,
    phone: details?.phone ?? undefined,
    email: details?.email ?? undefined,
  };
}

function toAddress(address: StripeLibrary.Address): PostalAddress {
  return {
    lines: [address.line1, address.line2].flatMap((line) => line || []),
    city: address.city ?? undefined,
    state: address.state ?? undefined,
    postalCode: address.postal_code ?? undefined,
    country: address.country ?? "",
  };
}
