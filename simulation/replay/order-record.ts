import type {
  CaseState,
  Changed,
  DebtState,
  DeliveryState,
  DisputeState,
  GivenState,
  OrderCommit,
  OrderState,
  ParcelState,
  RefundState,
  TermsState,
} from "../models/order/state.ts";
import type { Fields, StoredChange } from "./record.ts";

/** The drop id of orders from before the simulation. */
const OF_BEFORE = "of-before";

/** A commit's changes to orders, refunds, debts and sent messages. */
export function toOrderCommit(atMs: number, changes: readonly StoredChange[]): OrderCommit {
  const of = <State>(
    path: RegExp,
    read: (fields: Fields, ids: readonly string[]) => State,
  ): Changed<State>[] =>
    changes.flatMap(({ path: place, before, after }) => {
      const [match, ...ids] = path.exec(place) ?? [];
      if (match === undefined || !after || after["drop_id"] === OF_BEFORE) return [];
      return [{ before: before && read(before, ids), now: read(after, ids) }];
    });
  return {
    atMs,
    orders: of(/^orders\/([^/]+)$/, toOrder),
    refunds: of(/^orders\/([^/]+)\/refunds\/([^/]+)$/, toRefund),
    debts: of(/^builders\/([^/]+)\/debts\/([^/]+)$/, toDebt),
    parcels: of(/^parcels\/([^/]+)$/, toParcel),
    cases: of(/^cases\/([^/]+)$/, toCase),
    terms: [
      ...of(/^shipping_terms\/([^/]+)$/, toOwnTerms),
      ...of(/^(?:inventory|auctions)\/([^/]+)$/, toTerms),
    ],
    sentKeys: of(/^processed\/([^/]+)$/, (_, [key = ""]) => key).map(({ now }) => now),
  };
}

function toOrder(fields: Fields, [id = ""]: readonly string[]): OrderState {
  const disputes = (fields["disputes"] ?? []) as readonly Fields[];
  return {
    id,
    buyer: text(fields, "buyer_id"),
    builder: text(fields, "builder_id"),
    status: text(fields, "fulfillment_status"),
    plan: text(fields, "plan"),
    quantity: 1 + ((fields["more_units"] ?? []) as readonly unknown[]).length,
    amount: number(fields, "amount"),
    fee: number(fields, "fee"),
    shipping: number(fields, "shipping_amount"),
    shippingTax: number(fields, "shipping_tax"),
    tax: number(fields, "tax"),
    requestedShipping: number(fields, "refund_requested_shipping"),
    parcelId: maybe(fields, "parcel_id"),
    parcelState: maybe(fields, "parcel_state"),
    cancellation: maybe(fields, "cancel_state"),
    askedAtMs: maybe(fields, "cancel_asked_at"),
    soldAs: maybe(fields, "drop_id") ?? maybe(fields, "auction_id"),
    delivery: toDelivery(fields["delivery"] as Fields | null | undefined),
    currency: text(fields, "currency"),
    sessionId: maybe(fields, "checkout_session_id"),
    intentId: maybe(fields, "payment_intent_id"),
    chargeId: maybe(fields, "charge_id"),
    paidAtMs: maybe(fields, "paid_at"),
    heldUntilMs: maybe(fields, "held_until"),
    hold: maybe(fields, "hold"),
    proof: maybe(fields, "proof_go_live_id"),
    requested: number(fields, "refund_requested"),
    refunded: number(fields, "refunded"),
    openRefunds: (fields["open_refunds"] ?? []) as readonly string[],
    attempt: maybe(fields, "release_attempt") ?? 1,
    disputes: disputes.map(toDispute),
    given: toGiven((fields["transfer"] ?? {}) as Fields),
  };
}

function toDelivery(fields: Fields | null | undefined): DeliveryState | undefined {
  if (!fields) return undefined;
  return {
    options: (fields["options"] as readonly Fields[]).map((option) => ({
      id: text(option, "id"),
      amount: number(option, "amount"),
      countries: option["countries"] as readonly string[],
    })),
    joins: maybe(fields, "joins"),
    dispatchDays: number(fields, "dispatch_days"),
    bundleHours: number(fields, "bundle_hours"),
  };
}

function toOwnTerms(fields: Fields, [builder = ""]: readonly string[]): TermsState {
  return { id: builder, builder, state: undefined, terms: termsIn(fields) };
}

function toTerms(fields: Fields, [id = ""]: readonly string[]): TermsState {
  const builder = text(fields, "builder_id");
  return { id, builder, state: maybe(fields, "state"), terms: termsIn(fields) };
}

function termsIn(fields: Fields): TermsState["terms"] {
  const terms = fields["shipping"] as Fields | null | undefined;
  if (!terms) return undefined;
  return {
    from: text(terms, "from"),
    zones: (terms["zones"] as readonly Fields[]).map((zone) => ({
      kind: text(zone, "kind"),
      countries: zone["countries"] as readonly string[],
      price: number(zone, "price"),
      further: number(zone, "further"),
    })),
    freeFrom: maybe(terms, "free_from"),
    dispatchDays: number(terms, "dispatch_days"),
    needsPhone: terms["needs_phone"] === true,
    isPickup: terms["is_pickup"] === true,
    bundleHours: number(terms, "bundle_hours"),
  };
}

function toDispute(fields: Fields): DisputeState {
  return {
    id: text(fields, "id"),
    outcome: text(fields, "outcome"),
    withdrawn: number(fields, "withdrawn"),
    isInquiry: fields["is_inquiry"] === true,
    isBooked: fields["is_booked"] === true,
  };
}

function toGiven(fields: Fields): GivenState {
  const sending = fields["sending"] as Fields | null | undefined;
  return {
    ids: (fields["ids"] ?? []) as readonly string[],
    gross: number(fields, "gross"),
    netted: number(fields, "netted"),
    takenBack: number(fields, "taken_back"),
    sending: sending
      ? {
          account: text(sending, "account_id"),
          gross: number(sending, "gross"),
          netted: number(sending, "netted"),
          parts: (sending["netted_debts"] ?? []) as { id: string; part: number }[],
        }
      : undefined,
  };
}

function toRefund(fields: Fields, [orderId = "", id = ""]: readonly string[]): RefundState {
  return {
    orderId,
    id,
    kind: text(fields, "kind"),
    state: text(fields, "state"),
    amount: number(fields, "amount"),
    shipping: number(fields, "shipping_amount"),
  };
}

function toParcel(fields: Fields, [id = ""]: readonly string[]): ParcelState {
  const lines = (fields["lines"] ?? []) as readonly Fields[];
  return {
    id,
    buyer: text(fields, "buyer_id"),
    builder: text(fields, "builder_id"),
    state: text(fields, "state"),
    orderIds: lines.map((line) => text(line, "order_id")),
    quantities: lines.map((line) => number(line, "quantity")),
    isPriceWrong: fields["is_price_wrong"] === true,
    tracking: maybe(fields, "tracking"),
    arrivedBy: maybe(fields, "arrived_by"),
    dispatchByMs: number(fields, "dispatch_by"),
    sentAtMs: maybe(fields, "sent_at"),
  };
}

function toCase(fields: Fields, [orderId = ""]: readonly string[]): CaseState {
  return {
    orderId,
    parcelId: text(fields, "parcel_id"),
    buyer: text(fields, "buyer_id"),
    builder: text(fields, "builder_id"),
    state: text(fields, "state"),
    outcome: maybe(fields, "outcome"),
    pictures: ((fields["pictures"] ?? []) as readonly unknown[]).length,
    movedBy: text(fields, "moved_by"),
    version: number(fields, "version"),
    updatedAtMs: number(fields, "updated_at"),
  };
}

function toDebt(fields: Fields, [builder = "", id = ""]: readonly string[]): DebtState {
  return {
    id,
    builder,
    orderId: maybe(fields, "order_id"),
    amount: number(fields, "amount"),
    settled: number(fields, "settled"),
    reversed: number(fields, "reversed"),
    reversals: number(fields, "reversals"),
    reversing: maybe(fields, "reversing"),
  };
}

function text(fields: Fields, name: string): string {
  return String(fields[name]);
}

function number(fields: Fields, name: string): number {
  return Number(fields[name] ?? 0);
}

function maybe<Value extends string | number>(fields: Fields, name: string): Value | undefined {
  return (fields[name] ?? undefined) as Value | undefined;
}
