/** A paid charge. */
export interface Charge {
  readonly id: string;
  readonly intentId: string;
  /** The product's order; undefined for merch. */
  readonly orderId: string | undefined;
  readonly amount: number;
  readonly currency: string;
  /** Whether it has its balance transaction, which a transfer requires. */
  isBooked: boolean;
  /** The total refunded after each refund. */
  readonly refundedSoFar: number[];
}

/** What a Checkout Session has charged, in minor units. */
export interface SessionAmounts {
  readonly total: number;
  readonly tax: number;
  /** Without tax. */
  readonly shipping: number;
  readonly shippingTax: number;
}

/** A refund at Stripe. */
export interface StripeRefund {
  readonly id: string;
  /** The product's refund id; undefined for a refund made in the Dashboard. */
  readonly ours: string | undefined;
  readonly chargeId: string;
  readonly orderId: string | undefined;
  readonly amount: number;
  readonly currency: string;
  /** Whether the money has left the platform's balance. */
  hasLeft: boolean;
  /** Whether it failed after the money had left. */
  hasComeBack: boolean;
}

/** A dispute at Stripe. */
export interface StripeDispute {
  readonly id: string;
  readonly chargeId: string;
  /** The amount that the bank currently holds. */
  withdrawn: number;
  status: string;
  /** All amounts the dispute has had. */
  readonly amounts: Set<number>;
  readonly statuses: Set<string>;
  /**
   * An appeal reversed its outcome, or it is lost and its money was returned: staff settle those.
   */
  isOverturned: boolean;
}

/** A transfer to a connected account. */
export interface StripeTransfer {
  readonly id: string;
  readonly orderId: string | undefined;
  readonly payoutId: string | undefined;
  readonly attempt: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
}

/** A reversal of a transfer; staff made one without a cause manually. */
export interface StripeReversal {
  readonly transferId: string;
  readonly causeId: string | undefined;
  readonly amount: number;
}

/** A Stripe event, by what it is about. */
export type StripeFact =
  | { readonly kind: "refund made"; readonly refund: StripeRefund }
  | { readonly kind: "transfer made"; readonly transfer: StripeTransfer }
  | { readonly kind: "reversal made"; readonly reversal: StripeReversal }
  | { readonly kind: "other" };

type Json = Readonly<Record<string, unknown>>;

/** An event as Stripe sends it. */
export interface StripeEvent {
  readonly type: string;
  readonly account?: string;
  readonly data: { readonly object: object; readonly previous_attributes?: object };
}

const OVER = ["won", "lost", "warning_closed", "prevented"];
const PLATFORM = "platform";

/**
 * Stripe's books, derived only from its events as documented: charges, refunds and disputes belong
 * to the platform; a connected account has what was transferred to it and not reversed.
 */
export class StripeBooks {
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, StripeRefund>();
  readonly disputes = new Map<string, StripeDispute>();
  readonly transfers = new Map<string, StripeTransfer>();
  readonly reversals: StripeReversal[] = [];
  /**
   * The states that Checkout Sessions have had: paid, debit pending, or over, so that nobody can
   * pay any more.
   */
  readonly sessions = new Map<string, ReadonlySet<"over" | "processing" | "paid">>();
  /** What each session that was completed has charged. */
  readonly charged = new Map<string, SessionAmounts>();
  /** The platform's dispute fees by currency. */
  readonly disputeFees = new Map<string, number>();
  readonly #cash = new Map<string, number>();

  /** The balance of an account or of the platform. */
  cashOf(owner: string, currency: string): number {
    return this.#cash.get(`${owner} ${currency}`) ?? 0;
  }

  /** Owners and currencies of all balances so far. */
  holdings(): (readonly [owner: string, currency: string])[] {
    return [...this.#cash.keys()].map((key) => key.split(" ") as unknown as [string, string]);
  }

  chargeOf(orderId: string): Charge | undefined {
    return [...this.charges.values()].find((charge) => charge.orderId === orderId);
  }

  disputesOf(chargeId: string): readonly StripeDispute[] {
    return [...this.disputes.values()].filter((dispute) => dispute.chargeId === chargeId);
  }

  refundsOf(chargeId: string): readonly StripeRefund[] {
    return [...this.refunds.values()].filter((refund) => refund.chargeId === chargeId);
  }

  transfersOf(orderId: string): readonly StripeTransfer[] {
    return [...this.transfers.values()].filter((transfer) => transfer.orderId === orderId);
  }

  /** The total reversed for a debt, over all attempts. */
  reversedFor(debtId: string): number {
    return this.reversals
      .filter(({ causeId }) => causeId?.slice(0, causeId.lastIndexOf(":")) === debtId)
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  /**
   * The total of a charge that is gone for good: refunds, including returned ones, and lost
   * disputes.
   */
  goneOf({ id, amount }: Charge): number {
    const refunded = this.refundsOf(id).reduce((sum, refund) => sum + refund.amount, 0);
    const lost = this.disputesOf(id).filter(isOver).reduce(sumWithdrawn, 0);
    return Math.min(amount, refunded + lost);
  }

  /** Whether a bank has charged a charge back, also if the money was later returned: Stripe refuses to refund it. */
  isChargedBack({ id }: Charge): boolean {
    return this.disputesOf(id).some(({ status }) => status === "lost" || status === "prevented");
  }

  /** The amount of a charge that undecided disputes hold. */
  contestedOf({ id }: Charge): number {
    return this.disputesOf(id)
      .filter((dispute) => !isOver(dispute))
      .reduce(sumWithdrawn, 0);
  }

  take({ type, account, data }: StripeEvent): StripeFact {
    const object = data.object as Json;
    const before = (data.previous_attributes ?? {}) as Json;
    if (type === "charge.succeeded") this.#charge(object);
    else if (type === "charge.updated") this.#book(object);
    else if (type.startsWith("checkout.session.")) this.#session(type, object);
    else if (type === "refund.created") return this.#refund(object);
    else if (type === "refund.updated") this.#refundMoved(object);
    else if (type.startsWith("charge.dispute.")) this.#dispute(type, object);
    else if (type === "transfer.created") return this.#transfer(object);
    else if (type === "transfer.reversed") return this.#reversal(object, before);
    else if (type === "payout.paid" && account) {
      this.#add(account, text(object["currency"]), -Number(object["amount"]));
    }
    return { kind: "other" };
  }

  #charge(object: Json): void {
    const id = text(object["id"]);
    this.charges.set(id, {
      id,
      intentId: text(object["payment_intent"]),
      orderId: metadata(object, "order_id"),
      amount: Number(object["amount"]),
      currency: text(object["currency"]),
      isBooked: object["balance_transaction"] !== null,
      refundedSoFar: [0],
    });
    this.#add(PLATFORM, text(object["currency"]), Number(object["amount"]));
  }

  #book(object: Json): void {
    const charge = this.charges.get(text(object["id"]));
    if (charge && object["balance_transaction"] !== null) charge.isBooked = true;
  }

  #session(type: string, object: Json): void {
    const id = text(object["id"]);
    const isPaid = object["payment_status"] === "paid";
    const isAtBank = type.endsWith(".completed");
    if (isAtBank) this.charged.set(id, amountsOf(object));
    const now = isPaid ? "paid" : isAtBank ? "processing" : "over";
    this.sessions.set(id, new Set([...(this.sessions.get(id) ?? []), now] as const));
  }

  #refund(object: Json): StripeFact {
    const chargeId = text(object["charge"]);
    const charge = this.charges.get(chargeId);
    const refund: StripeRefund = {
      id: text(object["id"]),
      ours: metadata(object, "refund_id"),
      chargeId,
      orderId: charge?.orderId,
      amount: Number(object["amount"]),
      currency: text(object["currency"]),
      hasLeft: false,
      hasComeBack: false,
    };
    this.refunds.set(refund.id, refund);
    charge?.refundedSoFar.push((charge.refundedSoFar.at(-1) ?? 0) + refund.amount);
    this.#refundMoved(object);
    return { kind: "refund made", refund };
  }

  #refundMoved(object: Json): void {
    const refund = this.refunds.get(text(object["id"]));
    if (!refund) return;
    const { currency, amount } = refund;
    if (object["balance_transaction"] !== null && !refund.hasLeft) {
      refund.hasLeft = true;
      this.#add(PLATFORM, currency, -amount);
    }
    if (object["failure_balance_transaction"] && !refund.hasComeBack) {
      refund.hasComeBack = true;
      this.#add(PLATFORM, currency, amount);
    }
  }

  #dispute(type: string, object: Json): void {
    const id = text(object["id"]);
    const entries = object["balance_transactions"] as readonly { amount: number; net: number }[];
    const status = text(object["status"]);
    const withdrawn = 0 - entries.reduce((sum, { amount }) => sum + amount, 0);
    const known = this.disputes.get(id);
    const dispute: StripeDispute = known ?? {
      id,
      chargeId: text(object["charge"]),
      withdrawn,
      status,
      isOverturned: false,
      amounts: new Set(),
      statuses: new Set(),
    };
    const isTurned = OVER.includes(dispute.status) && dispute.status !== status;
    const isLostAndBack = status === "lost" && type.endsWith("funds_reinstated");
    dispute.isOverturned ||= isTurned || isLostAndBack;
    Object.assign(dispute, { withdrawn, status });
    dispute.amounts.add(withdrawn);
    dispute.statuses.add(status);
    this.disputes.set(id, dispute);
    if (!type.includes(".funds_")) return;
    const { amount = 0, net = 0 } = entries.at(-1) ?? {};
    const currency = text(object["currency"]);
    this.#add(PLATFORM, currency, net);
    this.disputeFees.set(currency, (this.disputeFees.get(currency) ?? 0) + amount - net);
  }

  #transfer(object: Json): StripeFact {
    const transfer: StripeTransfer = {
      id: text(object["id"]),
      orderId: metadata(object, "order_id"),
      payoutId: metadata(object, "payout_id"),
      attempt: metadata(object, "attempt"),
      amount: Number(object["amount"]),
      currency: text(object["currency"]),
      destination: text(object["destination"]),
    };
    this.transfers.set(transfer.id, transfer);
    this.#add(PLATFORM, transfer.currency, -transfer.amount);
    this.#add(transfer.destination, transfer.currency, transfer.amount);
    return { kind: "transfer made", transfer };
  }

  #reversal(object: Json, before: Json): StripeFact {
    const amount = Number(object["amount_reversed"]) - Number(before["amount_reversed"] ?? 0);
    const { data } = object["reversals"] as { data: readonly Json[] };
    const reversal: StripeReversal = {
      transferId: text(object["id"]),
      causeId: metadata(data[0] ?? {}, "cause_id"),
      amount,
    };
    this.reversals.push(reversal);
    this.#add(text(object["destination"]), text(object["currency"]), -amount);
    this.#add(PLATFORM, text(object["currency"]), amount);
    return { kind: "reversal made", reversal };
  }

  #add(owner: string, currency: string, amount: number): void {
    this.#cash.set(`${owner} ${currency}`, this.cashOf(owner, currency) + amount);
  }
}

function amountsOf(session: Json): SessionAmounts {
  const { amount_tax: tax = 0 } = (session["total_details"] ?? {}) as { amount_tax?: number };
  const cost = (session["shipping_cost"] ?? {}) as Readonly<Record<string, number | undefined>>;
  return {
    total: Number(session["amount_total"]),
    tax,
    shipping: cost["amount_subtotal"] ?? 0,
    shippingTax: cost["amount_tax"] ?? 0,
  };
}

function isOver({ status }: StripeDispute): boolean {
  return OVER.includes(status);
}

function sumWithdrawn(sum: number, { withdrawn }: StripeDispute): number {
  return sum + withdrawn;
}

function metadata(object: Json, name: string): string | undefined {
  return (object["metadata"] as Readonly<Record<string, string>> | undefined)?.[name];
}

function text(value: unknown): string {
  return String(value);
}
