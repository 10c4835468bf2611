import Stripe from "stripe";
import type { Stage } from "./cast.ts";
import type { Timeline } from "./timeline.ts";

/** Whose records are compared. */
type Books = Pick<Stage, "firestore" | "stripe"> & {
  readonly cloud: Pick<Stage["cloud"], "settings" | "fetch">;
};

/** One line of the balance sheet, in cents. */
interface SheetRow {
  readonly title: string;
  readonly stripe: number;
  readonly orders: number;
}

const ROWS = [
  ["buyers paid for items", "items"],
  ["+ for shipping", "shipping"],
  ["+ tax", "tax"],
  ["= in all", "paid"],
  ["builders have", "builders"],
  ["+ refunds and lost disputes", "refunds"],
  ["+ the platform's fees", "fees"],
  ["+ tax that the platform owes", "taxKept"],
  ["+ held", "held"],
] as const;

/** Sums in cents: what buyers paid, and where it is. */
interface Sheet {
  readonly items: number;
  readonly shipping: number;
  readonly tax: number;
  readonly paid: number;
  readonly builders: number;
  readonly refunds: number;
  readonly fees: number;
  readonly taxKept: number;
  readonly held: number;
}

/** What an order was charged, and what of it went back. Cents. */
interface Charged {
  readonly amount: number;
  readonly shipping: number;
  readonly shippingTax: number;
  readonly tax: number;
  readonly refunded: number;
}

/**
 * Prints where the money is, once from Stripe's records and once from the product's orders. Returns
 * whether both agree and the buyers' payments equal the sum of payouts, fees, tax, refunds and held
 * money.
 */
export async function printBalanceSheet(stage: Stage, timeline: Timeline): Promise<boolean> {
  const { rows, isBalanced } = await balanceSheet(stage);
  timeline.scene("The balance sheet");
  const cell = (cents: number) => `$${(cents / 100).toFixed(2)}`;
  const line = (name: string, one: string, other: string) =>
    `${name.padEnd(30)}${one.padStart(12)}${other.padStart(12)}`;
  timeline.table([
    line("", "Stripe", "the orders"),
    ...rows.map(({ title, stripe, orders }) => line(title, cell(stripe), cell(orders))),
  ]);
  return isBalanced;
}

/** The same as numbers. */
export async function balanceSheet(
  books: Books,
): Promise<{ readonly rows: readonly SheetRow[]; readonly isBalanced: boolean }> {
  const ours = await byOrders(books);
  const theirs = await byStripe(books, ours.held);
  const balances = [theirs, ours].every(
    ({ items, shipping, tax, paid, builders, refunds, fees, taxKept, held }) =>
      paid === items + shipping + tax && paid === builders + refunds + fees + taxKept + held,
  );
  return {
    rows: ROWS.map(([title, key]) => ({ title, stripe: theirs[key], orders: ours[key] })),
    isBalanced: balances && ROWS.every(([, key]) => theirs[key] === ours[key]),
  };
}

async function byOrders({ firestore }: Books): Promise<Sheet> {
  const orders = (await firestore.collection("orders").where("amount", ">", 0).get()).docs
    .map((order) => order.data())
    .filter((order) => order["charge_id"]);
  const charged = orders.map((order) => ({
    amount: Number(order["amount"]),
    shipping: Number(order["shipping_amount"]),
    shippingTax: Number(order["shipping_tax"] ?? 0),
    tax: Number(order["tax"] ?? 0),
    refunded: Number(order["refunded"]),
  }));
  const builders = sumOf(orders, ({ transfer }) => {
    const { gross = 0, netted = 0, taken_back = 0 } = (transfer ?? {}) as Record<string, number>;
    return gross - netted - taken_back;
  });
  const held = sumOf(orders, ({ hold, amount, refunded }) =>
    hold === "held" || hold === "releasing" ? Number(amount) - Number(refunded) : 0,
  );
  const parts = partsOf(charged);
  return {
    ...parts,
    builders,
    held,
    fees: parts.paid - parts.refunds - parts.taxKept - builders - held,
  };
}

/**
 * The platform's balance at Stripe is its fees, the tax that it owes and the held money; Stripe does not separate them.
 */
async function byStripe({ cloud, stripe }: Books, held: number): Promise<Sheet> {
  const { hostname, port } = new URL(stripe.url);
  const client = new Stripe(cloud.settings.STRIPE_SECRET_KEY ?? "", {
    host: hostname,
    port: port || 80,
    protocol: "http",
    httpClient: Stripe.createFetchHttpClient(cloud.fetch),
  });
  const [sessions, refunded, disputes] = await Promise.all([
    client.checkout.sessions.list({ limit: 100, status: "complete" }),
    client.refunds.list({ limit: 100 }),
    client.disputes.list({ limit: 100 }),
  ]);
  const back = [...refunded.data, ...disputes.data.filter(({ status }) => status === "lost")];
  const charged = sessions.data
    .filter(({ payment_status: status }) => status === "paid")
    .map(
      ({ amount_total: amount, total_details: details, shipping_cost: shipping, ...session }) => ({
        amount: amount ?? 0,
        shipping: shipping?.amount_subtotal ?? 0,
        shippingTax: shipping?.amount_tax ?? 0,
        tax: details?.amount_tax ?? 0,
        refunded: sumOf(
          back.filter(({ payment_intent: payment }) => payment === session.payment_intent),
          ({ amount: part }) => part,
        ),
      }),
    );
  const { platform, accounts } = stripe.balances();
  const builders = sumOf(Object.values(accounts), (of) => of["usd"] ?? 0);
  const parts = partsOf(charged);
  return { ...parts, builders, held, fees: (platform["usd"] ?? 0) - parts.taxKept - held };
}

function partsOf(charged: readonly Charged[]) {
  const paid = sumOf(charged, ({ amount }) => amount);
  const shipping = sumOf(charged, (one) => one.shipping);
  const tax = sumOf(charged, (one) => one.tax);
  const refunds = sumOf(charged, ({ refunded }) => refunded);
  const items = paid - shipping - tax;
  return { items, shipping, tax, paid, refunds, taxKept: sumOf(charged, taxLeft) };
}

/** The tax on what is left of a charge. Refunds take the items first, and of each part its share of the tax. */
function taxLeft({ amount, shipping, shippingTax, tax, refunded }: Charged): number {
  const shippingGross = shipping + shippingTax;
  const left = amount - refunded;
  const shippingLeft = Math.min(left, shippingGross);
  const share = (part: number, of: number, whole: number) =>
    whole === 0 ? 0 : Math.round((part * of) / whole);
  return (
    share(tax - shippingTax, left - shippingLeft, amount - shippingGross) +
    share(shippingTax, shippingLeft, shippingGross)
  );
}

function sumOf<Item>(items: readonly Item[], part: (item: Item) => number): number {
  return items.reduce((total, item) => total + part(item), 0);
}
