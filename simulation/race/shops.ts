import type { Provider } from "../../shared/money/ledger.ts";
import type { Stage } from "../stage.ts";
import { trackOf } from "./track.ts";

/** What went back of an order at Shopify. */
interface PiecesBack {
  readonly refundId: string;
  readonly webhookId: string | undefined;
  readonly amount: number;
}

/** A sale as its shop knows it, with what has gone back of it. */
export interface Sold {
  readonly id: string;
  readonly provider: Provider;
  /** What the items cost, in minor units. */
  readonly base: number;
  readonly currency: string;
  /** The shop's time: whole seconds. */
  readonly soldAtMs: number;
  /** What it says of a lobby. */
  readonly named: string | undefined;
  /** Its webhook, of shops that tell for some hours only; undefined where there was none. */
  readonly webhookId: string | undefined;
  /** What all of it cost with shipping and tax. */
  readonly paid: number;
  readonly chargeId: string | undefined;
  /** Pieces of each line that are left; of Shopify. */
  readonly lines: { readonly price: number; left: number }[];
  readonly piecesBack: PiecesBack[];
  /** What went back of all that was paid at Stripe. */
  refunded: number;
  dispute: { readonly id: string; state: "open" | "lost" | "won" } | undefined;
}

/** What someone buys; the prices of its items in minor units. */
export interface Purchase {
  /** Of two pieces each: even. */
  readonly items: readonly number[];
  readonly currency?: string;
  readonly named?: string | undefined;
  /** Paid so long ago; now unless told. Stripe's are always now. */
  readonly secondsAgo?: number;
  readonly shipping?: number;
  readonly tax?: number;
}

const SECOND_MS = 1000;

/** Someone pays at Ko-fi, which gives one amount for everything. */
export function sellAtKofi(stage: Stage, purchase: Purchase): void {
  const amount = total(purchase.items);
  const soldAtMs = timeOf(stage, purchase);
  const currency = (purchase.currency ?? "usd").toUpperCase();
  const sale = { amount, currency, atMs: soldAtMs, lobby: purchase.named };
  const { messageId, transactionId } = stage.cloud.shops.kofi.sell(sale);
  const ids = { id: `kofi:${transactionId}`, webhookId: messageId };
  note(stage, purchase, { ...ids, provider: "kofi", soldAtMs });
}

/** Someone orders at Shopify: of each item two pieces. */
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

/** Someone pays by one of the platform's Payment Links. */
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

/** Pieces of a line go back; nothing when there are none left. */
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

/** A part of what was paid at Stripe goes back; throws when Stripe refuses. */
export function refundCharge({ stripe }: Stage, sale: Sold, amount: number): void {
  const some = Math.min(amount, sale.paid - sale.refunded);
  stripe.refundInDashboard(sale.chargeId ?? "", { amount: some });
  sale.refunded += some;
}

/** A bank takes back what is left, decides, or is overruled; throws when it cannot. */
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

/** A shop tells once more what it has told. */
export async function sendAgain({ cloud, stripe }: Stage, sale: Sold): Promise<void> {
  if (sale.webhookId !== undefined) await cloud.shops.repeat(sale.webhookId);
  if (sale.provider !== "stripe") return;
  const event = stripe.events().findLast(({ data }) => {
    const { id, payment_intent: intent } = data.object as Record<string, unknown>;
    return id === sale.chargeId || `stripe:${intent}` === sale.id;
  });
  if (event) await stripe.repeat(event.id);
}

/** Whether we have answered that a webhook of Ko-fi's or Shopify's is stored. */
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
