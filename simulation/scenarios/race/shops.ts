import type { Provider } from "../../../shared/money/ledger.ts";
import type { Stage } from "../../stage.ts";
import { trackOf } from "./track.ts";

/** Returned pieces of an order at Shopify. */
interface PiecesBack {
  readonly refundId: string;
  readonly webhookId: string | undefined;
  readonly amount: number;
}

/** A sale as its shop knows it, including refunds. */
export interface Sold {
  readonly id: string;
  readonly provider: Provider;
  /** The price of the items, in minor units. */
  readonly base: number;
  readonly currency: string;
  /** The shop's time, in whole seconds. */
  readonly soldAtMs: number;
  /** The lobby named in the sale. */
  readonly named: string | undefined;
  /** Its webhook, for shops that retry only for some hours; undefined if there was none. */
  readonly webhookId: string | undefined;
  /** The total including shipping and tax. */
  readonly paid: number;
  readonly chargeId: string | undefined;
  /** The remaining pieces of each line, for Shopify. */
  readonly lines: { readonly price: number; left: number }[];
  readonly piecesBack: PiecesBack[];
  /** The total refunded at Stripe. */
  refunded: number;
  dispute: { readonly id: string; state: "open" | "lost" | "won" } | undefined;
}

/** A purchase; its items' prices in minor units. */
export interface Purchase {
  /** Each item has two pieces, so prices must be even. */
  readonly items: readonly number[];
  readonly currency?: string;
  readonly named?: string | undefined;
  /** How long ago it was paid; now by default. At Stripe always now. */
  readonly secondsAgo?: number;
  readonly shipping?: number;
  readonly tax?: number;
}

const SECOND_MS = 1000;

/** Someone pays at Ko-fi, which reports one amount for everything. */
export function sellAtKofi(stage: Stage, purchase: Purchase): void {
  const amount = total(purchase.items);
  const soldAtMs = timeOf(stage, purchase);
  const currency = (purchase.currency ?? "usd").toUpperCase();
  const sale = { amount, currency, atMs: soldAtMs, lobby: purchase.named };
  const { messageId, transactionId } = stage.cloud.shops.kofi.sell(sale);
  const ids = { id: `kofi:${transactionId}`, webhookId: messageId };
  note(stage, purchase, { ...ids, provider: "kofi", soldAtMs });
}

/** Someone orders two pieces of each item at Shopify. */
export function sellAtShopify(stage: Stage, purchase: Purchase): void {
  const { items, shipping, tax = 0, named } = purchase;
  const soldAtMs = timeOf(stage, purchase);
  const { orderId, webhookId } = stage.cloud.shops.shopify.order({
    items: items.map((price, index) => ({
      title: `Item ${index}`,
      price: price / 2,
      quantity: 2,
      tax: index === 0 ? tax : 0,
    })),
    currency: (purchase.currency ?? "usd").toUpperCase(),
    shipping,
    lobby: named,
    atMs: soldAtMs,
  });
  const lines = items.map((price) => ({ price: price / 2, left: 2 }));
  const ids = { id: `shopify:${orderId}`, webhookId };
  note(stage, purchase, { ...ids, provider: "shopify", soldAtMs, lines });
}

/** Someone pays with one of the platform's Payment Links. */
export function sellAtStripe(stage: Stage, purchase: Purchase): void {
  const { items, shipping, tax, named, currency } = purchase;
  const reference = named && `lobby_${named}`;
  const sale = { title: "Merch", price: total(items), shipping, tax, currency, reference };
  const session = stage.stripe.sellMerch(sale);
  const paid = stage.stripe
    .events()
    .filter(({ type }) => type === "charge.succeeded")
    .map(({ data }) => data.object as { id: string; payment_intent: string; created: number })
    .findLast((charge) => charge.payment_intent === session.payment_intent);
  if (!paid) throw new Error("Merch was not paid.");
  const ids = { id: `stripe:${paid.payment_intent}`, chargeId: paid.id };
  note(stage, purchase, { ...ids, provider: "stripe", soldAtMs: paid.created * SECOND_MS });
}

/** Returns pieces of a line; nothing if none are left. */
export function returnPieces(
  stage: Stage,
  sale: Sold,
  { index, wanted }: { readonly index: number; readonly wanted: number },
): void {
  const line = sale.lines[index];
  const quantity = Math.min(line?.left ?? 0, wanted);
  if (!line || quantity === 0) return;
  const [, orderId = ""] = sale.id.split(":");
  const back = { lines: [{ index, quantity }], shipping: wanted === 1 };
  const { refundId, webhookId } = stage.cloud.shops.shopify.refund(orderId, back);
  line.left -= quantity;
  sale.piecesBack.push({ refundId, webhookId, amount: quantity * line.price });
}

/** Refunds part of a payment at Stripe. Throws when Stripe refuses. */
export function refundCharge({ stripe }: Stage, sale: Sold, amount: number): void {
  const some = Math.min(amount, sale.paid - sale.refunded);
  stripe.refundInDashboard(sale.chargeId ?? "", { amount: some });
  sale.refunded += some;
}

/** A bank opens a dispute, decides it, or is overruled. Throws when that is not possible. */
export function moveDispute({ stripe }: Stage, sale: Sold, outcome: "won" | "lost"): void {
  const { dispute } = sale;
  if (!dispute) {
    const { id } = stripe.openDispute(sale.chargeId ?? "");
    sale.dispute = { id, state: "open" };
  } else if (dispute.state === "open") {
    stripe.closeDispute(dispute.id, outcome);
    dispute.state = outcome;
  } else {
    stripe.overturnDispute(dispute.id);
    dispute.state = dispute.state === "won" ? "lost" : "won";
  }
}

/** A shop repeats a webhook. */
export async function sendAgain({ cloud, stripe }: Stage, sale: Sold): Promise<void> {
  if (sale.webhookId !== undefined) await cloud.shops.repeat(sale.webhookId);
  if (sale.provider !== "stripe") return;
  const event = stripe.events().findLast(({ data }) => {
    const { id, payment_intent: intent } = data.object as Record<string, unknown>;
    return id === sale.chargeId || `stripe:${intent}` === sale.id;
  });
  if (event) await stripe.repeat(event.id);
}

/** Whether the product answered that it stored a webhook from Ko-fi or Shopify. */
export function isThanked({ cloud }: Stage, webhookId: string | undefined): boolean {
  return cloud.shops
    .attempts()
    .some(({ id, result }) => id === webhookId && typeof result === "number" && result < 300);
}

function total(prices: readonly number[]): number {
  return prices.reduce((sum, price) => sum + price, 0);
}

function timeOf({ cloud }: Stage, { secondsAgo = 0 }: Purchase): number {
  return (Math.floor(cloud.clock.nowMs() / SECOND_MS) - secondsAgo) * SECOND_MS;
}

function note(
  stage: Stage,
  { items, currency = "usd", named, shipping = 0, tax = 0 }: Purchase,
  sale: Pick<Sold, "id" | "provider" | "soldAtMs"> & Partial<Sold>,
): void {
  const base = total(items);
  trackOf(stage).sold.push({
    base,
    currency,
    named,
    paid: base + shipping + tax,
    webhookId: undefined,
    chargeId: undefined,
    lines: [],
    piecesBack: [],
    refunded: 0,
    dispute: undefined,
    ...sale,
  });
}
