import Stripe from "stripe";
import type { Stage } from "./cast.ts";
import type { Timeline } from "./timeline.ts";

/** Sums in cents: where the buyers' money is. */
interface Sheet {
  readonly paid: number;
  readonly builders: number;
  readonly refunds: number;
  readonly fees: number;
  readonly held: number;
}

/**
 * Prints where the money is, once from Stripe's records and once from the product's orders. Returns
 * whether both agree and the buyers' payments equal the sum of payouts, fees, refunds and held
 * money.
 */
export async function printBalanceSheet(stage: Stage, timeline: Timeline): Promise<boolean> {
  const ours = await byOrders(stage);
  const theirs = await byStripe(stage, ours.held);
  timeline.scene("The balance sheet");
  const rows = [
    ["buyers paid", "paid"],
    ["builders got", "builders"],
    ["+ refunds and lost disputes", "refunds"],
    ["+ fees", "fees"],
    ["+ held", "held"],
  ] as const;
  const cell = (cents: number) => `$${(cents / 100).toFixed(2)}`;
  const line = (name: string, one: string, other: string) =>
    `${name.padEnd(30)}${one.padStart(12)}${other.padStart(12)}`;
  timeline.table([
    line("", "Stripe", "the orders"),
    ...rows.map(([name, key]) => line(name, cell(theirs[key]), cell(ours[key]))),
  ]);
  const balances = [theirs, ours].every(
    ({ paid, builders, refunds, fees, held }) => paid === builders + refunds + fees + held,
  );
  return balances && rows.every(([, key]) => theirs[key] === ours[key]);
}

async function byOrders({ firestore }: Stage): Promise<Sheet> {
  const orders = (await firestore.collection("orders").where("amount", ">", 0).get()).docs
    .map((order) => order.data())
    .filter((order) => order["charge_id"]);
  const sum = (part: (order: Record<string, unknown>) => number) =>
    orders.reduce((total, order) => total + part(order), 0);
  const paid = sum(({ amount }) => Number(amount));
  const refunds = sum(({ refunded }) => Number(refunded));
  const builders = sum(({ transfer }) => {
    const {
      gross = 0,
      netted = 0,
      taken_back = 0,
      fee_returned = 0,
    } = (transfer ?? {}) as Record<string, number>;
    return gross + fee_returned - netted - taken_back;
  });
  const held = sum(({ hold, amount, refunded }) =>
    hold === "held" || hold === "releasing" ? Number(amount) - Number(refunded) : 0,
  );
  return { paid, builders, refunds, held, fees: paid - builders - refunds - held };
}

/**
 * The platform's balance at Stripe is its fees plus the held money; Stripe does not separate them.
 */
async function byStripe({ cloud, stripe }: Stage, held: number): Promise<Sheet> {
  const { hostname, port } = new URL(stripe.url);
  const client = new Stripe(cloud.settings.STRIPE_SECRET_KEY ?? "", {
    host: hostname,
    port: port || 80,
    protocol: "http",
    httpClient: Stripe.createFetchHttpClient(cloud.fetch),
  });
  const [charges, refunded, disputes] = await Promise.all([
    client.charges.list({ limit: 100 }),
    client.refunds.list({ limit: 100 }),
    client.disputes.list({ limit: 100 }),
  ]);
  const sum = (items: readonly { amount: number }[]) =>
    items.reduce((total, { amount }) => total + amount, 0);
  const lost = disputes.data.filter(({ status }) => status === "lost");
  const { platform, accounts } = stripe.balances();
  const builders = Object.values(accounts).reduce((total, of) => total + (of["usd"] ?? 0), 0);
  return {
    paid: sum(charges.data.filter(({ paid }) => paid)),
    builders,
    refunds: sum(refunded.data) + sum(lost),
    fees: (platform["usd"] ?? 0) - held,
    held,
  };
}
