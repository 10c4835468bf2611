import { allot, decimalText } from "../../../../local/shops/amounts.ts";

/** What someone orders, paid at once. Amounts in minor units of the shop's currency. */
export interface ShopifyPurchase {
  readonly items: readonly {
    readonly title: string;
    readonly price: number;
    readonly quantity?: number | undefined;
    /** On all of them, after discounts. */
    readonly tax?: number | undefined;
    /** A gift card is bought: never discounted, never taxed. */
    readonly isGiftCard?: boolean | undefined;
  }[];
  readonly currency?: string | undefined;
  readonly discount?: number | undefined;
  readonly shipping?: number | undefined;
  /** Whether the prices have the tax in them. */
  readonly taxesIncluded?: boolean | undefined;
  /** The lobby, as an attribute of the cart. */
  readonly lobby?: string | undefined;
  /** The page the buyer came in by, such as "/products/cap?lobby=ID". */
  readonly landingSite?: string | undefined;
  readonly name?: string | undefined;
  /** Whether a gift card pays for it, and gets what is refunded. */
  readonly isPaidByGiftCard?: boolean | undefined;
  readonly test?: boolean | undefined;
  /** When it was paid; now by default. */
  readonly atMs?: number | undefined;
}

/** An order as the shop has stored it. */
export interface Order {
  readonly id: number;
  readonly purchase: ShopifyPurchase;
  readonly lines: readonly Line[];
}

/** A line of an order: what its pieces cost together after discounts, and the tax on them. */
export interface Line {
  readonly id: number;
  readonly title: string;
  readonly price: number;
  readonly quantity: number;
  readonly discount: number;
  readonly subtotal: number;
  readonly tax: number;
  readonly isGiftCard: boolean;
}

/** Of the shop: five hours behind. */
const ZONE = { offsetMs: -5 * 60 * 60_000, name: "-05:00" };

/** https://shopify.dev/docs/api/admin-rest/latest/resources/order */
export function orderJson({ id, purchase, lines }: Order, atMs: number): object {
  const { currency = "USD", discount = 0, shipping = 0, taxesIncluded = false } = purchase;
  const text = (minor: number) => decimalText(minor, currency);
  const subtotal = sum(lines.map((line) => line.subtotal));
  const tax = sum(lines.map((line) => line.tax));
  const at = zoned(atMs);
  const name = purchase.name ?? "Simulated Buyer";
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id % 10_000}`,
    order_number: id % 10_000,
    email: "simulated.buyer@example.com",
    currency,
    total_price: text(subtotal + shipping + (taxesIncluded ? 0 : tax)),
    subtotal_price: text(subtotal),
    total_line_items_price: text(subtotal + discount),
    total_tax: text(tax),
    total_discounts: text(discount),
    total_shipping_price_set: { shop_money: { amount: text(shipping), currency_code: currency } },
    taxes_included: taxesIncluded,
    financial_status: "paid",
    payment_gateway_names: [gatewayOf(purchase)],
    test: purchase.test ?? false,
    created_at: at,
    updated_at: at,
    processed_at: at,
    landing_site: purchase.landingSite ?? "/",
    note_attributes: purchase.lobby ? [{ name: "lobby", value: purchase.lobby }] : [],
    discount_codes: [],
    customer: { id: id + 1, email: "simulated.buyer@example.com", first_name: name },
    shipping_address: { name, address1: "1 Simulated Street", city: "Springfield", zip: "12345" },
    line_items: lines.map((line) => lineJson(line, text)),
    refunds: [],
  };
}

function gatewayOf({ isPaidByGiftCard = false }: ShopifyPurchase): string {
  return isPaidByGiftCard ? "gift_card" : "shopify_payments";
}

function lineJson(line: Line, text: (minor: number) => string): object {
  return {
    id: line.id,
    title: line.title,
    quantity: line.quantity,
    price: text(line.price),
    // Shopify reports beside a line what a discount of the whole order takes off it.
    total_discount: text(0),
    discount_allocations: line.discount === 0 ? [] : [{ amount: text(line.discount) }],
    gift_card: line.isGiftCard,
    properties: [],
    tax_lines: line.tax === 0 ? [] : [{ title: "Simulated tax", price: text(line.tax) }],
  };
}

/** https://shopify.dev/docs/api/admin-rest/latest/resources/refund */
export function refundJson(
  { id: orderId, purchase }: Order,
  given: {
    readonly id: number;
    readonly returned: readonly { readonly id: number; readonly line: Line; quantity: number }[];
    readonly shipping: boolean;
  },
  nowMs: number,
): object {
  const { currency = "USD", taxesIncluded = false, shipping = 0, test = false } = purchase;
  const text = (minor: number) => decimalText(minor, currency);
  const money = (minor: number) => ({
    shop_money: { amount: text(minor), currency_code: currency },
    presentment_money: { amount: text(minor), currency_code: currency },
  });
  const items = given.returned.map(({ id, line, quantity }) => {
    const rest = line.quantity - quantity;
    const [subtotal = 0] = allot(line.subtotal, [quantity, rest]);
    const [tax = 0] = allot(line.tax, [quantity, rest]);
    return { id, line, quantity, subtotal, tax };
  });
  const subtotal = sum(items.map((item) => item.subtotal));
  const tax = sum(items.map((item) => item.tax));
  const shippingBack = given.shipping ? shipping : 0;
  return {
    id: given.id,
    order_id: orderId,
    created_at: zoned(nowMs),
    note: null,
    order_adjustments: [],
    // No adjustment any more since version 2024-10.
    refund_shipping_lines: given.shipping
      ? [
          {
            id: given.id + 1,
            shipping_line: { title: "Simulated post", price_set: money(shipping), tax_lines: [] },
            subtotal_amount_set: money(shippingBack),
          },
        ]
      : [],
    refund_line_items: items.map(({ id, line, quantity, ...amounts }) => ({
      id,
      line_item_id: line.id,
      quantity,
      // Numbers here, though texts everywhere else.
      subtotal: Number(text(amounts.subtotal)),
      total_tax: Number(text(amounts.tax)),
      subtotal_set: money(amounts.subtotal),
      total_tax_set: money(amounts.tax),
      line_item: lineJson(line, text),
    })),
    transactions: [
      {
        kind: "refund",
        status: "success",
        amount: text(subtotal + (taxesIncluded ? 0 : tax) + shippingBack),
        currency,
        gateway: gatewayOf(purchase),
        test,
      },
    ],
  };
}

function zoned(atMs: number): string {
  return new Date(atMs + ZONE.offsetMs).toISOString().replace(/\.\d+Z$/, ZONE.name);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
