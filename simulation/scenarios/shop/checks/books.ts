import { API_VERSION } from "../../../../local/stripe/world.ts";
import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import type { Stage } from "../../../stage.ts";
import type { Market } from "../market.ts";

/** An order's money as stored in Firestore. */
export interface StoredOrder {
  readonly id: string;
  readonly buyer: string;
  readonly dropId: string;
  /** Whether it was won at an auction. */
  readonly isWon: boolean;
  readonly title: string;
  /** The numbers of all its units. */
  readonly units: readonly number[];
  readonly status: string;
  readonly plan: string;
  readonly amount: number;
  readonly fee: number;
  /** What of the amount is for shipping. */
  readonly shipping: number;
  /** What of that is tax, and what of the amount is tax in all. */
  readonly shippingTax: number;
  readonly tax: number;
  readonly shippingRefunded: number;
  readonly refunded: number;
  readonly refundRequested: number;
  readonly sessionId: string | undefined;
  readonly chargeId: string | undefined;
  readonly createdAtMs: number;
  readonly isPaid: boolean;
  readonly paidAtMs: number | undefined;
  readonly isProved: boolean;
  /** When its Checkout Session expires. */
  readonly endsAtMs: number;
  readonly hold: string | undefined;
  readonly heldUntilMs: number | undefined;
  readonly disputes: readonly StoredDispute[];
  /** The state of a request to cancel it. */
  readonly cancellation: string | undefined;
  readonly parcelId: string | undefined;
  readonly parcelState: string | undefined;
  readonly transfer: {
    readonly ids: readonly string[];
    readonly gross: number;
    readonly netted: number;
    readonly takenBack: number;
    readonly isSending: boolean;
  };
}

/** A dispute as stored in an order. */
export interface StoredDispute {
  readonly id: string;
  readonly outcome: string;
  readonly withdrawn: number;
  readonly isInquiry: boolean;
  readonly isBooked: boolean;
}

/** A builder's debt, in cents. */
export interface StoredDebt {
  readonly id: string;
  readonly orderId: string;
  /** What caused it: a refund, a dispute, or a release that turned out too large. */
  readonly cause: string;
  readonly createdAtMs: number;
  /** When it is retried; undefined once it is settled. */
  readonly dueAtMs: number | undefined;
  readonly amount: number;
  readonly settled: number;
}

interface DisputeFields {
  readonly id: string;
  readonly outcome: string;
  readonly withdrawn: number;
  readonly is_inquiry: boolean;
  readonly is_booked: boolean;
}

function toStoredOrder(document: DocumentSnapshot): StoredOrder {
  const text = (field: string) => String(document.get(field));
  const number = (field: string) => Number(document.get(field) ?? 0);
  const optional = (field: string) => (document.get(field) as string | null) ?? undefined;
  const time = (field: string) =>
    (document.get(field) as { toMillis(): number } | null | undefined)?.toMillis();
  return {
    id: document.id,
    buyer: text("buyer_id"),
    dropId: text("drop_id"),
    isWon: Boolean(document.get("auction_id")),
    title: text("title"),
    units: [number("unit"), ...((document.get("more_units") ?? []) as readonly number[])],
    status: text("fulfillment_status"),
    plan: text("plan"),
    amount: number("amount"),
    fee: number("fee"),
    shipping: number("shipping_amount"),
    shippingTax: number("shipping_tax"),
    tax: number("tax"),
    shippingRefunded: number("refund_requested_shipping"),
    refunded: number("refunded"),
    refundRequested: number("refund_requested"),
    sessionId: optional("checkout_session_id"),
    chargeId: optional("charge_id"),
    createdAtMs: time("created_at") ?? 0,
    isPaid: Boolean(document.get("paid_at")),
    paidAtMs: time("paid_at"),
    isProved: Boolean(document.get("proof_go_live_id")),
    endsAtMs: time("checkout_expires_at") ?? 0,
    hold: optional("hold"),
    heldUntilMs: time("held_until"),
    disputes: ((document.get("disputes") ?? []) as readonly DisputeFields[]).map((dispute) => ({
      id: dispute.id,
      outcome: dispute.outcome,
      withdrawn: dispute.withdrawn,
      isInquiry: dispute.is_inquiry,
      isBooked: dispute.is_booked,
    })),
    cancellation: optional("cancel_state"),
    parcelId: optional("parcel_id"),
    parcelState: optional("parcel_state"),
    transfer: {
      ids: (document.get("transfer.ids") ?? []) as readonly string[],
      gross: number("transfer.gross"),
      netted: number("transfer.netted"),
      takenBack: number("transfer.taken_back"),
      isSending: Boolean(document.get("transfer.sending")),
    },
  };
}

/** All stored orders, except those from before the shop opened. */
export async function storedOrders({ database, memory }: Stage): Promise<StoredOrder[]> {
  const orders = database.collection("orders");
  const { opensAt } = (memory.get("market") ?? {}) as Partial<Market>;
  // An instance's clock may be behind.
  const since = opensAt && new Date(opensAt.getTime() - 60_000);
  const { docs } = await (since ? orders.where("created_at", ">=", since) : orders).get();
  return docs.map(toStoredOrder);
}

/** A refund as stored with its order. */
interface StoredRefund {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  /** Undefined if the whole price was refunded in other ways. */
  readonly amount: number;
  readonly restock: boolean;
}

/** An order's refunds, made or requested. */
export async function storedRefunds({ database }: Stage, orderId: string): Promise<StoredRefund[]> {
  const { docs } = await database.collection(`orders/${orderId}/refunds`).get();
  return docs.map((refund) => ({
    id: refund.id,
    kind: String(refund.get("kind")),
    state: String(refund.get("state")),
    amount: Number(refund.get("amount")),
    restock: refund.get("restock") === true,
  }));
}

/** A builder's debts, settled or not. */
export async function storedDebts({ database }: Stage, builder: string): Promise<StoredDebt[]> {
  const { docs } = await database.collection(`builders/${builder}/debts`).get();
  return docs.map((debt) => ({
    id: debt.id,
    orderId: String(debt.get("order_id")),
    cause: debt.id.slice(debt.id.indexOf(".") + 1),
    dueAtMs: (debt.get("due_at") as { toMillis(): number } | null)?.toMillis(),
    createdAtMs: (debt.get("created_at") as { toMillis(): number }).toMillis(),
    amount: Number(debt.get("amount")),
    settled: Number(debt.get("settled")),
  }));
}

/** An item of Stripe's lists; `charge` and others are ids. */
interface Item {
  readonly id: string;
  readonly amount: number;
  readonly charge: string;
  readonly status: string;
  readonly paid: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly amount_reversed: number;
  /** Of a refund: null while the money has not left. */
  readonly balance_transaction: string | null;
  /** Of a dispute, like the next one. */
  readonly is_charge_refundable: boolean;
  readonly balance_transactions: readonly { readonly amount: number; readonly net: number }[];
}

async function listed(stage: Stage, what: string): Promise<Item[]> {
  const { cloud, stripe } = stage;
  const items: Item[] = [];
  const authorization = `Bearer ${cloud.settings["STRIPE_SECRET_KEY"]}`;
  for (;;) {
    const query = new URLSearchParams({ limit: "100" });
    const last = items.at(-1);
    if (last) query.set("starting_after", last.id);
    const answer = await cloud.fetch(`${stripe.url}/v1/${what}?${query}`, {
      headers: { authorization, "stripe-version": API_VERSION },
    });
    if (!answer.ok)
      throw new Error(`GET ${what} answered ${answer.status}: ${await answer.text()}`);
    const page = (await answer.json()) as { data: Item[]; has_more: boolean };
    items.push(...page.data);
    if (!page.has_more) return items;
  }
}

/** A paid charge with everything that happened to it at Stripe. */
export interface ChargedSale {
  readonly id: string;
  readonly orderId: string | undefined;
  readonly amount: number;
  /** Whether it is on the platform's balance. */
  readonly isBooked: boolean;
  /** Refunded, including returned refunds, or lost in disputes. */
  readonly gone: number;
  /** What undecided disputes hold of it. */
  readonly contested: number;
  /** The platform's transfers for its order, oldest first. */
  readonly transfers: readonly Item[];
}

/** Everything that Stripe received and paid. */
export async function stripeBooks(stage: Stage) {
  const charges = await listed(stage, "charges");
  const refunds = await listed(stage, "refunds");
  const disputes = await listed(stage, "disputes");
  const transfers = await listed(stage, "transfers");
  const open = disputes.filter(({ status }) => !isOver(status));
  const lost = disputes.filter(
    ({ status, balance_transactions: entries }) => isOver(status) && sum(entries) < 0,
  );
  const sales: ChargedSale[] = charges
    .filter(({ paid }) => paid)
    .map((charge) => {
      const own = refunds.filter((refund) => refund.charge === charge.id);
      const gone = sum(own) + sum(lost.filter((dispute) => dispute.charge === charge.id));
      return {
        id: charge.id,
        orderId: charge.metadata["order_id"],
        contested: sum(
          open
            .filter((dispute) => dispute.charge === charge.id)
            .map(({ balance_transactions: entries }) => ({ amount: -sum(entries) })),
        ),
        amount: charge.amount,
        isBooked: charge.balance_transaction !== null,
        // A returned refund stays booked and its amount can be refunded again; a dispute can exceed
        // what refunds have left.
        gone: Math.min(charge.amount, gone),
        transfers: transfers
          .filter(({ metadata }) => metadata["order_id"] === charge.metadata["order_id"])
          .toReversed(),
      };
    });
  const left = refunds.filter((each) => each.balance_transaction !== null && !hasComeBack(each));
  return {
    sales,
    refunds,
    disputes,
    transfers,
    openDisputes: open,
    /** Those after which Stripe refuses to refund the charge, also if the money came back. */
    unrefundableDisputes: disputes.filter(
      (each) => isOver(each.status) && each.status !== "won" && !each.is_charge_refundable,
    ),
    /** What left the platform's balance to buyers and their banks, including dispute fees. */
    sentBack: sum(left) - movedByDisputes(stage),
  };
}

/** The reversals of a transfer, newest first. */
export function reversalsOf(stage: Stage, transferId: string): Promise<Item[]> {
  return listed(stage, `transfers/${transferId}/reversals`);
}

/**
 * The effect of disputes on the platform's balance; a dispute object itself only lists its last
 * withdrawal.
 */
function movedByDisputes({ stripe }: Stage): number {
  return stripe.events().reduce((total, { type, data }) => {
    if (!type.startsWith("charge.dispute.funds_")) return total;
    const { balance_transactions: entries } = data.object as Pick<Item, "balance_transactions">;
    return total + (entries.at(-1)?.net ?? 0);
  }, 0);
}

function hasComeBack({ status }: Item): boolean {
  return status === "failed" || status === "canceled";
}

/** Whether a dispute with this status has its outcome. */
function isOver(status: string): boolean {
  return ["won", "lost", "warning_closed", "prevented"].includes(status);
}

/** The sum of amounts. */
export function sum(items: readonly ({ readonly amount: number } | null)[]): number {
  return items.reduce((total, item) => total + (item?.amount ?? 0), 0);
}
