import type { Provider } from "../../shared/domain/ledger.ts";
import type { TestCloud } from "../support/cloud.ts";

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
  /** Of Ko-fi, which gives up: its webhook. */
  readonly messageId: string | undefined;
  /** What all of it cost with shipping and tax. */
  readonly paid: number;
  readonly chargeId: string | undefined;
  /** Pieces of each line that are left; of Shopify. */
  readonly lines: { readonly price: number; left: number }[];
  /** What went back of the items; of all that was paid at Stripe. */
  refunded: number;
  dispute: { readonly id: string; state: "open" | "lost" | "won" } | undefined;
}

/** What someone buys; the prices of its items in minor units. */
export interface Purchase {
  readonly items: readonly number[];
  readonly currency?: string;
  readonly named?: string | undefined;
  /** Paid so long ago; now unless told. Stripe's are always now. */
  readonly secondsAgo?: number;
  readonly shipping?: number;
  readonly tax?: number;
}

export type Market = ReturnType<typeof openMarket>;

const SECOND_MS = 1000;

/** The shops, with a record of everything that was bought and given back there. */
export function openMarket(cloud: TestCloud) {
  const { clock, shops, stripe } = cloud;
  const sold: Sold[] = [];

  const timeOf = ({ secondsAgo = 0 }: Purchase): number =>
    (Math.floor(clock.nowMs() / SECOND_MS) - secondsAgo) * SECOND_MS;

  const note = (
    purchase: Purchase,
    sale: Pick<Sold, "id" | "provider" | "soldAtMs"> & Partial<Sold>,
  ): void => {
    const { currency = "usd", named, items, shipping = 0, tax = 0 } = purchase;
    const base = items.reduce((sum, price) => sum + price, 0);
    sold.push({
      ...{ base, currency, named, paid: base + shipping + tax, refunded: 0, dispute: undefined },
      ...{ messageId: undefined, chargeId: undefined, lines: [], ...sale },
    });
  };

  return {
    sold: sold as readonly Sold[],

    kofi(purchase: Purchase): void {
      const amount = purchase.items.reduce((sum, price) => sum + price, 0);
      const atMs = timeOf(purchase);
      const currency = (purchase.currency ?? "usd").toUpperCase();
      const { messageId, transactionId } = shops.kofi.sell({
        ...{ amount, currency, atMs, lobby: purchase.named },
      });
      note(purchase, {
        ...{ id: `kofi:${transactionId}`, provider: "kofi", soldAtMs: atMs, messageId },
      });
    },

    shopify(purchase: Purchase): void {
      const { items, shipping, tax = 0, named } = purchase;
      const atMs = timeOf(purchase);
      const { orderId } = shops.shopify.order({
        items: items.map((price, index) => ({
          ...{ title: `Item ${index}`, price: price / 2, quantity: 2 },
          tax: index === 0 ? tax : 0,
        })),
        currency: (purchase.currency ?? "usd").toUpperCase(),
        ...{ shipping, lobby: named, atMs },
      });
      const lines = items.map((price) => ({ price: price / 2, left: 2 }));
      note(purchase, {
        ...{ id: `shopify:${orderId}`, provider: "shopify", soldAtMs: atMs, lines },
      });
    },

    stripe(purchase: Purchase): void {
      const { items, shipping, tax, named, currency } = purchase;
      const price = items.reduce((sum, each) => sum + each, 0);
      const reference = named && `lobby_${named}`;
      const session = stripe.sellMerch({
        ...{ title: "Merch", price, shipping, tax, currency, reference },
      });
      const paid = stripe
        .events()
        .filter(({ type }) => type === "charge.succeeded")
        .map(({ data }) => data.object as { id: string; payment_intent: string; created: number })
        .find((charge) => charge.payment_intent === session.payment_intent);
      if (!paid) throw new Error("Merch was not paid.");
      note(purchase, {
        ...{ id: `stripe:${paid.payment_intent}`, provider: "stripe", chargeId: paid.id },
        soldAtMs: paid.created * SECOND_MS,
      });
    },

    /** Pieces of a line go back; nothing when there are none left. */
    refundPieces(sale: Sold, index: number, wanted: number): void {
      const line = sale.lines[index];
      const quantity = Math.min(line?.left ?? 0, wanted);
      if (!line || quantity === 0) return;
      const [, orderId = ""] = sale.id.split(":");
      shops.shopify.refund(orderId, { lines: [{ index, quantity }], shipping: wanted === 1 });
      line.left -= quantity;
      sale.refunded += quantity * line.price;
    },

    /** A part of what was paid at Stripe goes back; throws when Stripe refuses. */
    refundCharge(sale: Sold, amount: number): void {
      const some = Math.min(amount, sale.paid - sale.refunded);
      stripe.refundInDashboard(sale.chargeId ?? "", { amount: some });
      sale.refunded += some;
    },

    /** A bank takes back what is left, decides, or is overruled; throws when it can not. */
    dispute(sale: Sold, outcome: "won" | "lost"): void {
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
    },

    /** A shop tells once more what it has told; does not wait for the answer. */
    async repeat(sale: Sold): Promise<void> {
      if (sale.messageId !== undefined) await shops.repeat(sale.messageId);
      const event = stripe.events().findLast(({ data }) => {
        const { id, payment_intent: intent } = data.object as Record<string, unknown>;
        return id === sale.chargeId || `stripe:${intent}` === sale.id;
      });
      if (sale.provider === "stripe" && event) await stripe.repeat(event.id);
    },
  };
}
