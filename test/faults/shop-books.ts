import Stripe from "stripe";
import type { TestCloud } from "../support/cloud.ts";

/** An order's money as Firestore has it. */
export interface StoredOrder {
  readonly id: string;
  readonly buyer: string;
  readonly dropId: string;
  readonly unit: number;
  readonly status: string;
  readonly amount: number;
  readonly refunded: number;
  readonly refundRequested: number;
  readonly chargeId: string | undefined;
  readonly hold: string | undefined;
  readonly endsAtMs: number;
  readonly transfer: {
    readonly id: string | undefined;
    readonly gross: number;
    readonly netted: number;
    readonly takenBack: number;
    readonly feeReturned: number;
  };
}

/** All orders as they are stored. */
export async function storedOrders({ firestore }: TestCloud): Promise<StoredOrder[]> {
  const { docs } = await firestore.collection("orders").get();
  return docs.map((document) => {
    const transfer = document.get("transfer") ?? {};
    return {
      id: document.id,
      buyer: document.get("buyer_id"),
      dropId: document.get("drop_id"),
      unit: document.get("unit"),
      status: document.get("fulfillment_status"),
      amount: document.get("amount"),
      refunded: document.get("refunded"),
      refundRequested: document.get("refund_requested"),
      chargeId: document.get("charge_id") ?? undefined,
      hold: document.get("hold") ?? undefined,
      endsAtMs: document.get("checkout_expires_at").toMillis(),
      transfer: {
        id: transfer.id ?? undefined,
        gross: transfer.gross ?? 0,
        netted: transfer.netted ?? 0,
        takenBack: transfer.taken_back ?? 0,
        feeReturned: transfer.fee_returned ?? 0,
      },
    };
  });
}

/** A client that asks the stand-in as anybody would. */
export function stripeClient({ settings, stripe }: TestCloud): Stripe {
  const { hostname, port } = new URL(stripe.url);
  const options = { host: hostname, port, protocol: "http" as const };
  return new Stripe(settings.STRIPE_SECRET_KEY ?? "", options);
}

/** What Stripe has taken and given, everything. */
export async function stripeBooks(cloud: TestCloud) {
  const client = stripeClient(cloud);
  const all = { limit: 100 };
  const [charges, refunds, disputes, transfers] = await Promise.all([
    client.charges.list(all).autoPagingToArray({ limit: 1000 }),
    client.refunds.list(all).autoPagingToArray({ limit: 1000 }),
    client.disputes.list(all).autoPagingToArray({ limit: 1000 }),
    client.transfers.list(all).autoPagingToArray({ limit: 1000 }),
  ]);
  const paid = charges.filter((charge) => charge.paid);
  const idOf = (charge: unknown) =>
    typeof charge === "string" ? charge : (charge as { id: string }).id;
  const goneOf = (chargeId: string) =>
    sum(refunds.filter(({ charge }) => idOf(charge) === chargeId)) +
    sum(disputes.filter(({ charge, status }) => idOf(charge) === chargeId && status === "lost"));
  return { paid, goneOf, transfers, disputes };
}

/** What builders owe because it could not be taken back, settled or not. */
export async function debtsEverMade({ firestore }: TestCloud): Promise<number> {
  const { docs } = await firestore.collectionGroup("debts").get();
  return docs.reduce((total, debt) => total + Number(debt.get("amount")), 0);
}

/** The sum of amounts. */
export function sum(items: readonly { readonly amount: number }[]): number {
  return items.reduce((total, { amount }) => total + amount, 0);
}
