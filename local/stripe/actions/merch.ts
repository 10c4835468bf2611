import type { Session } from "../objects/session-objects.ts";
import type { World } from "../world.ts";
import { type PaymentWay, paySession } from "./payments.ts";
import { type Charged, createSession } from "./sessions/sessions.ts";

/** A sale on the platform's account, by a Payment Link by default. Amounts are in minor units. */
export interface MerchSale {
  readonly title: string;
  /** The price of one piece. */
  readonly price: number;
  readonly quantity?: number | undefined;
  /** US dollars by default. */
  readonly currency?: string | undefined;
  readonly discount?: number | undefined;
  readonly shipping?: number | undefined;
  /** The tax on the items; added to their prices unless `isTaxIncluded`. */
  readonly tax?: number | undefined;
  readonly isTaxIncluded?: boolean | undefined;
  /** What the buyer is charged, for example in another currency; the session's total by default. */
  readonly charged?: Charged | undefined;
  /** The Payment Link's metadata. */
  readonly metadata?: Record<string, string> | undefined;
  /** The `client_reference_id` parameter of the link's URL. */
  readonly reference?: string | undefined;
  /** The Payment Link: a new one by default, null for none. */
  readonly link?: string | null | undefined;
  /** The Connect application that created the session, such as Ko-fi's. */
  readonly application?: string | undefined;
  readonly how?: PaymentWay | undefined;
}

/**
 * Opens a Checkout Session, by a Payment Link by default, and pays it. Throws an error with the
 * reason when it cannot be paid.
 */
export function sellMerch(world: World, sale: MerchSale): Session {
  const { title, price, quantity = 1, currency = "usd", metadata, reference, how = "card" } = sale;
  const product = { unit_amount: price, currency, product_data: { name: title } };
  const session = createSession(
    world,
    {
      mode: "payment",
      line_items: [{ price_data: product, quantity }],
      success_url: "https://stripe.com",
      ...(metadata && { metadata }),
      ...(reference && { client_reference_id: reference }),
    },
    {
      discount: sale.discount ?? 0,
      shipping: sale.shipping ?? 0,
      tax: sale.tax ?? 0,
      isTaxIncluded: sale.isTaxIncluded ?? false,
      charged: sale.charged,
      paymentLink: sale.link === undefined ? world.newId("plink") : sale.link,
      application: sale.application,
    },
  );
  return paySession(world, session.id, how);
}
