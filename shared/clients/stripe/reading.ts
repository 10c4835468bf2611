import type StripeLibrary from "stripe";
import type { Connections } from "../../ports/connections.ts";
import type { Config } from "../../runtime/config.ts";
import type { Call } from "./call.ts";
import { explained } from "./errors.ts";
import { stripeLibrary } from "./library.ts";

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

/** What the site reads at Stripe. */
export type StripeReader = ReturnType<typeof connectStripeReader>;

/**
 * Connects to Stripe with a restricted key, which may read Checkout Sessions and charges and change nothing.
 * https://docs.stripe.com/keys/restricted-api-keys
 */
export function connectStripeReader(
  config: Config<"STRIPE_READ_KEY" | "STRIPE_API_BASE_URL">,
  fetch: Connections["fetch"],
) {
  const library = stripeLibrary(config.STRIPE_READ_KEY, config.STRIPE_API_BASE_URL, fetch);
  return readingCalls(async (work) => explained(work(await library())));
}

/** Reading what buyers entered on Checkout pages, and their receipts. */
export function readingCalls(call: Call) {
  return {
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
