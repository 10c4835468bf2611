import type { TestCloud } from "../support/cloud.ts";
import { stripeClient } from "../support/stripe-client.ts";

/** An order's money as Firestore has it. */
export interface StoredOrder {
  readonly id: string;
  readonly buyer: string;
  readonly dropId: string;
  readonly unit: number;
  readonly status: string;
  readonly plan: string;
  readonly amount: number;
  readonly fee: number;
  readonly refunded: number;
  readonly refundRequested: number;
  readonly sessionId: string | undefined;
  readonly chargeId: string | undefined;
  readonly isPaid: boolean;
  readonly isProved: boolean;
  readonly hold: string | undefined;
  readonly dispute: string | undefined;
  readonly endsAtMs: number;
  readonly transfer: BuilderPart;
}

/** What the builder was given of an order; zeros when nothing was. */
interface BuilderPart {
  readonly id: string | undefined;
  readonly gross: number;
  readonly netted: number;
  readonly takenBack: number;
  readonly feeReturned: number;
}

/** Anything with a stored document's fields. */
interface Snapshot {
  readonly id: string;
  get(field: string): unknown;
}

/** Reads an order as it is stored. */
export function toStoredOrder(document: Snapshot): StoredOrder {
  const text = (field: string) => document.get(field) as string;
  const number = (field: string) => document.get(field) as number;
  const optional = (field: string) => (document.get(field) as string | null) ?? undefined;
  const part = (document.get("transfer") ?? {}) as Record<string, number | undefined>;
  const expiresAt = document.get("checkout_expires_at") as { toMillis(): number };
  return {
    id: document.id,
    buyer: text("buyer_id"),
    dropId: text("drop_id"),
    unit: number("unit"),
    status: text("fulfillment_status"),
    plan: text("plan"),
    amount: number("amount"),
    fee: number("fee"),
    refunded: number("refunded"),
    refundRequested: number("refund_requested"),
    sessionId: optional("checkout_session_id"),
    chargeId: optional("charge_id"),
    isPaid: Boolean(document.get("paid_at")),
    isProved: Boolean(document.get("proof_go_live_id")),
    hold: optional("hold"),
    dispute: optional("dispute.outcome"),
    endsAtMs: expiresAt.toMillis(),
    transfer: {
      id: optional("transfer.id"),
      gross: part["gross"] ?? 0,
      netted: part["netted"] ?? 0,
      takenBack: part["taken_back"] ?? 0,
      feeReturned: part["fee_returned"] ?? 0,
    },
  };
}

/** All orders as they are stored. */
export async function storedOrders({ firestore }: TestCloud): Promise<StoredOrder[]> {
  return (await firestore.collection("orders").get()).docs.map(toStoredOrder);
}

/** What Stripe has taken and given, everything. */
export async function stripeBooks(cloud: TestCloud) {
  const client = stripeClient(cloud);
  const all = { limit: 100 };
  const most = { limit: 1000 };
  const expand = ["data.transfer_reversal"];
  const [charges, refunds, disputes, transfers] = await Promise.all([
    client.charges.list({ ...all, expand: ["data.application_fee"] }).autoPagingToArray(most),
    client.refunds.list({ ...all, expand }).autoPagingToArray(most),
    client.disputes.list(all).autoPagingToArray(most),
    client.transfers.list(all).autoPagingToArray(most),
  ]);
  const lost = disputes.filter(({ status }) => status === "lost");
  return {
    disputes,
    openDisputes: disputes.filter(({ status }) => !["won", "lost"].includes(status)),
    /** Each charge that was taken, with all that happened to it. */
    sales: charges
      .filter(({ paid }) => paid)
      .map((charge) => {
        const isOfCharge = (item: { readonly charge: unknown }) => idOf(item.charge) === charge.id;
        const ownRefunds = refunds.filter(isOfCharge);
        const reversals = ownRefunds.map(({ transfer_reversal: reversal }) => reversal);
        return {
          id: charge.id,
          orderId: charge.metadata["order_id"],
          amount: charge.amount,
          gone: sum(ownRefunds) + sum(lost.filter(isOfCharge)),
          transfers: transfers.filter(({ source_transaction: source }) => source === charge.id),
          reversedByStaff: sum(reversals.filter((reversal) => typeof reversal === "object")),
          feeReturned: feeReturned(charge.application_fee),
        };
      }),
  };
}

/** What a builder owes because it could not be taken back, settled or not. */
export async function debtsOf({ firestore }: TestCloud, builderId: string) {
  const { docs } = await firestore.collection(`builders/${builderId}/debts`).get();
  return docs.map((debt) => ({
    orderId: debt.id.split(".", 1)[0],
    amount: Number(debt.get("amount")),
    settled: Number(debt.get("settled")),
  }));
}

/** The sum of amounts. */
export function sum(items: readonly ({ readonly amount: number } | null)[]): number {
  return items.reduce((total, item) => total + (item?.amount ?? 0), 0);
}

function idOf(reference: unknown): unknown {
  return typeof reference === "string" ? reference : (reference as { id?: string } | null)?.id;
}

function feeReturned(fee: unknown): number {
  return (fee as { amount_refunded?: number } | null)?.amount_refunded ?? 0;
}
