import { allot, decimalText } from "../../../../local/shops/amounts.ts";

/** What someone orders, paid at once by default. Amounts in minor units. */
export interface Purchase {
  readonly items: readonly {
    readonly title: string;
    readonly price: number;
    readonly quantity?: number | undefined;
    /** On all of them, after discounts. */
    readonly tax?: number | undefined;
  }[];
  readonly currency?: string | undefined;
  /** How many decimals the shop writes, at least those of the currency; two by default, as in a new shop. */
  readonly decimals?: number | undefined;
  readonly discount?: number | undefined;
  readonly shipping?: number | undefined;
  /** Below zero it is a discount, as some extensions grant them. */
  readonly fee?: number | undefined;
  /** The lobby, in the address by which the buyer came in. */
  readonly lobby?: string | undefined;
  /** The whole address instead. */
  readonly landingPage?: string | undefined;
  /** What the buyer writes beside the order. */
  readonly note?: string | undefined;
  readonly isUnpaid?: boolean | undefined;
  /** Whether WooPayments was in test mode. */
  readonly isTest?: boolean | undefined;
  /** When it was paid; now by default. */
  readonly atMs?: number | undefined;
}

/** An order as the shop has stored it. */
export interface Order {
  readonly id: number;
  readonly purchase: Purchase;
  readonly createdAtMs: number;
  changedAtMs: number;
  paidAtMs: number | undefined;
  status: "pending" | "processing" | "completed" | "on-hold" | "cancelled" | "refunded" | "failed";
  /** The newest first. */
  readonly refunds: { readonly id: number; readonly amount: number }[];
}

interface Line {
  readonly title: string;
  readonly price: number;
  readonly quantity: number;
  readonly total: number;
  readonly tax: number;
}

function linesOf({ items, discount = 0 }: Purchase): Line[] {
  const subtotals = items.map(({ price, quantity = 1 }) => price * quantity);
  const discounts = allot(discount, subtotals);
  return items.map(({ title, price, quantity = 1, tax = 0 }, index) => {
    const total = (subtotals[index] ?? 0) - (discounts[index] ?? 0);
    return { title, price, quantity, total, tax };
  });
}

/** All that the buyer pays, in minor units. */
export function totalOf({ purchase }: Order): number {
  const { shipping = 0, fee = 0 } = purchase;
  return linesOf(purchase).reduce((sum, { total, tax }) => sum + total + tax, shipping + fee);
}

/** https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties */
export function orderJson(order: Order, site: string): object {
  const { id, purchase, status, refunds, createdAtMs, changedAtMs, paidAtMs } = order;
  const { currency = "USD", discount = 0, shipping = 0, fee = 0 } = purchase;
  const text = (amount: number) => totalText(amount, purchase);
  const lines = linesOf(purchase);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0);
  const person = {
    first_name: "Simulated",
    last_name: "Buyer",
    company: "",
    address_1: "1 Simulated Street",
    city: "Springfield",
    state: "IL",
    postcode: "12345",
    country: "US",
  };
  return {
    id,
    parent_id: 0,
    status,
    currency,
    version: "10.3.5",
    prices_include_tax: false,
    date_created_gmt: gmt(createdAtMs),
    date_modified_gmt: gmt(changedAtMs),
    discount_total: text(discount),
    shipping_total: text(shipping),
    total: text(totalOf(order)),
    total_tax: text(tax),
    // A guest.
    customer_id: 0,
    order_key: `wc_order_simulated${id}`,
    billing: { ...person, email: "simulated.buyer@example.com", phone: "555-0100" },
    shipping: person,
    payment_method: "woocommerce_payments",
    customer_ip_address: "192.0.2.1",
    customer_note: purchase.note ?? "",
    date_completed_gmt: status === "completed" ? gmt(changedAtMs) : null,
    date_paid_gmt: paidAtMs === undefined ? null : gmt(paidAtMs),
    number: String(id),
    meta_data: metaOf(purchase, site),
    line_items: lines.map(({ title, price, quantity, total, tax: lineTax }, index) => ({
      id: index + 1,
      name: title,
      quantity,
      subtotal: text(price * quantity),
      total: text(total),
      total_tax: text(lineTax),
      // A number here, though texts everywhere else.
      price: Number(text(price)),
    })),
    fee_lines: fee === 0 ? [] : [{ id: 90, name: "Simulated fee", total: text(fee) }],
    refunds: refunds.map((refund) => ({
      id: refund.id,
      reason: "",
      total: `-${text(refund.amount)}`,
    })),
    _links: { self: [{ href: `${site}wp-json/wc/v3/orders/${id}` }] },
  };
}

function metaOf({ lobby, landingPage, isTest }: Purchase, site: string): object[] {
  const entry = landingPage ?? (lobby ? `${site}shop/?lobby=${lobby}` : site);
  return [
    { id: 1, key: "_wc_order_attribution_session_entry", value: entry },
    // Extensions store more than texts.
    { id: 2, key: "_simulated_extension", value: { parts: ["a"] } },
    { id: 3, key: "_wcpay_mode", value: isTest ? "test" : "prod" },
  ];
}

function totalText(amount: number, { currency = "USD", decimals = 2 }: Purchase): string {
  const sign = amount < 0 ? "-" : "";
  const [whole = "0", fraction = ""] = decimalText(Math.abs(amount), currency).split(".");
  const written = fraction.padEnd(decimals, "0");
  return written === "" ? `${sign}${whole}` : `${sign}${whole}.${written}`;
}

/** Without a zone, and to the second. */
function gmt(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, "2026-11-21T18:00:00".length);
}
