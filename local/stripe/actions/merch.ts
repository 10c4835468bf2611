import type { Session } from "../objects.ts";
import type { World } from "../world.ts";
import { type PaymentWay, paySession } from "./payments.ts";
import { type Charged, createSession } from "./sessions.ts";

/**
 * What someone buys on the platform's account, by a Payment Link by default. Amounts in minor units.
 */
export interface MerchSale {
  readonly title: string;
  /** Of one piece. */
  readonly price: number;
  readonly quantity?: number | undefined;
  /** Dollars unless told. */
  readonly currency?: string | undefined;
  readonly discount?: number | undefined;
  readonly shipping?: number | undefined;
  /** On the items; beside their prices unless they have it in them. */
  readonly tax?: number | undefined;
  readonly isTaxIncluded?: boolean | undefined;
  /** What the buyer is charged, in their currency say; the session's total unless told. */
  readonly charged?: Charged | undefined;
  /** Metadata of the link. */
  readonly metadata?: Record<string, string> | undefined;
  /** What the link's address ends in: "?client_reference_id=". */
  readonly reference?: string | undefined;
  /** The Payment Link; a new one by default, none where it is null. */
  readonly link?: string | null | undefined;
  /** The Connect application that made the session, such as Ko-fi's. */
  readonly application?: string | undefined;
  readonly how?: PaymentWay | undefined;
}

/**
 * Opens a page, by a Payment Link by default, and pays there. Throws why when it cannot be paid.
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
